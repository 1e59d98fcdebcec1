/* SPDX-License-Identifier: Apache-2.0 */
#include "api/tracer.h"

#include "api/provider_slot.h"
#include "api/scope.h"
#include "base/sized.h"

static void *ask(void *provider, const struct ct_scope *scope)
{
    cotel_tracer_provider *self = provider;
    return CT_REACHES(self->ops, get_tracer) ? self->ops->get_tracer(self, scope) : NULL;
}

static const struct ct_registry_kind kind = {.size = sizeof(cotel_tracer), .ask = ask};

static cotel_tracer shared_tracer;
static struct ct_registry tracers = {
    .kind = &kind, .shared = &shared_tracer.registered, .lock = CT_FORK_LOCK_INIT};

void cotel_tracer_options_init(cotel_tracer_options *options)
{
    const cotel_tracer_options defaults = COTEL_TRACER_OPTIONS_INIT;
    if (options)
        *options = defaults;
}

cotel_tracer_provider *cotel_tracer_provider_global(void)
{
    return ct_provider_slot_global(&tracers);
}

void cotel_tracer_provider_set_global(cotel_tracer_provider *provider)
{
    ct_provider_slot_set_global(&tracers, provider);
}

void cotel_tracer_provider_forget(cotel_tracer_provider *provider)
{
    ct_provider_slot_forget(&tracers, provider);
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
    struct ct_scope scope = CT_SCOPE_OF(name, options);
    if (scope.name.size == 0)
        tell_nameless(provider);
    return (cotel_tracer *)ct_registry_get(&tracers, provider, &scope);
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
