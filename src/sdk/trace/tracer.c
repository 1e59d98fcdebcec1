/* SPDX-License-Identifier: Apache-2.0 */
#include "sdk/trace/tracer.h"

#include "sdk/provider/provider.h"

#include <stdatomic.h>
#include <stdlib.h>

static bool is_enabled(const struct ct_tracer_impl *impl)
{
    const struct ct_sdk_tracer *tracer = (const struct ct_sdk_tracer *)impl;
    return ct_provider_is_up(tracer->provider, tracer->provider_serial) &&
           ct_provider_processor_count(tracer->provider) != 0;
}

static const struct ct_tracer_ops tracer_ops = {
    .size = sizeof tracer_ops, .enabled = is_enabled, .start = ct_span_start};

/* Tracers live for ever, also those that the API has let go of since their provider is gone: spans
 * and calls under way may still point to them. The chain keeps them reachable for leak checkers. */
static void keep_reachable(struct ct_sdk_tracer *tracer)
{
    static struct ct_sdk_tracer *_Atomic newest;
    /* Relaxed: nobody follows the chain. */
    struct ct_sdk_tracer *older = atomic_load_explicit(&newest, memory_order_relaxed);
    do
        tracer->older = older;
    while (!atomic_compare_exchange_weak_explicit(&newest, &older, tracer, memory_order_relaxed,
                                                  memory_order_relaxed));
}

struct ct_sdk_tracer *ct_sdk_tracer_create(struct ct_provider *provider,
                                           const struct ct_scope *scope)
{
    size_t size = ct_scope_encoded_size(scope);
    struct ct_sdk_tracer *tracer = malloc(sizeof *tracer + size);
    if (tracer == NULL)
        return NULL;
    uint8_t *encoded = (uint8_t *)(tracer + 1);
    (void)ct_scope_encode(encoded, scope);
    *tracer = (struct ct_sdk_tracer){
        .impl = {.ops = &tracer_ops},
        .provider = provider,
        .limits = provider->limits,
        .provider_serial = atomic_load_explicit(&provider->serial, memory_order_relaxed),
        .scope = {.name = scope->name,
                  .version = scope->version,
                  .schema_url = scope->schema_url,
                  .attributes = scope->attributes,
                  .attribute_count = scope->attribute_count,
                  .encoded = cotel_str_n((const char *)encoded, size)}};
    keep_reachable(tracer);
    return tracer;
}
