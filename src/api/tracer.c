/* SPDX-License-Identifier: Apache-2.0 */
#include "api/tracer.h"

#include "api/registry.h"
#include "base/sized.h"

void cotel_tracer_options_init(cotel_tracer_options *options)
{
    const cotel_tracer_options defaults = COTEL_TRACER_OPTIONS_INIT;
    if (options)
        *options = defaults;
}

static struct ct_scope scope_of(const char *name, const cotel_tracer_options *options)
{
    struct ct_scope scope = {
        .name = cotel_str_of(name),
        .version = cotel_str_of(CT_MEMBER(options, version, NULL)),
        .schema_url = cotel_str_of(CT_MEMBER(options, schema_url, NULL)),
        .attributes = NULL,
        .attribute_count = 0,
    };
    if (CT_HAS(options, attribute_count) && options->attributes) {
        scope.attributes = options->attributes;
        scope.attribute_count = options->attribute_count;
    }
    return scope;
}

/* The specification wants it said, and only an SDK has somebody to say it to. */
static void tell_nameless(cotel_tracer_provider *provider)
{
    if (!provider)
        provider = cotel_tracer_provider_global();
    if (provider && CT_HAS_OP(provider->ops, nameless))
        provider->ops->nameless(provider);
}

cotel_tracer *cotel_tracer_provider_get_tracer(cotel_tracer_provider *provider, const char *name,
                                               const cotel_tracer_options *options)
{
    struct ct_scope scope = scope_of(name, options);
    if (scope.name.size == 0)
        tell_nameless(provider);
    return ct_registry_get(provider, &scope);
}

cotel_tracer *cotel_tracer_get(const char *name, const cotel_tracer_options *options)
{
    return cotel_tracer_provider_get_tracer(NULL, name, options);
}

bool cotel_tracer_enabled(const cotel_tracer *tracer)
{
    const struct ct_tracer_impl *impl = ct_tracer_impl(tracer);
    return impl && CT_REACHES(impl->ops, enabled) && impl->ops->enabled(impl);
}
