/* SPDX-License-Identifier: Apache-2.0 */
/* Making a provider of its options. */
#include <cotel/sdk/diagnostics.h>

#include "base/sized.h"
#include "sdk/fork.h"
#include "sdk/pipeline/runtime.h"
#include "sdk/provider/processors.h"
#include "sdk/provider/table.h"
#include "sdk/sampler/sampler.h"
#include "sdk/trace/tracer.h"
#include "wire/value.h"

static const cotel_tracer_provider_options defaults = COTEL_TRACER_PROVIDER_OPTIONS_INIT;

void cotel_tracer_provider_options_init(cotel_tracer_provider_options *options)
{
    if (options != NULL)
        *options = defaults;
}

static struct ct_tracer_impl *get_tracer(cotel_tracer_provider *base, const struct ct_scope *scope)
{
    struct ct_sdk_tracer *tracer = ct_sdk_tracer_create(ct_provider_of(base), scope);
    return tracer != NULL ? &tracer->impl : NULL;
}

static void nameless(cotel_tracer_provider *base)
{
    static cotel_diagnostics_limit limit;
    cotel_diagnostics_limited(&limit, COTEL_LOG_WARNING, "tracer_provider",
                              "a tracer was asked for without a name");
}

static const struct ct_provider_ops provider_ops = {
    .size = sizeof provider_ops, .get_tracer = get_tracer, .nameless = nameless};

static bool is_usable(const cotel_id_generator *generator)
{
    if (!CT_HAS_OP(generator->ops, trace_id))
        return false;
    return CT_HAS_OP(generator->ops, span_id);
}

/* Each of them has a table, and none is there twice: it is attached, and destroyed, once. */
static bool are_usable(cotel_span_processor *const *processors, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (processors[i] == NULL || processors[i]->ops == NULL)
            return false;
        for (size_t j = 0; j < i; j++) {
            if (processors[i] == processors[j])
                return false;
        }
    }
    return true;
}

static bool is_valid(const cotel_tracer_provider_options *options)
{
    return options->limits.size == sizeof(cotel_span_limits) &&
           options->limits.value_depth <= CT_VALUE_MAX_DEPTH &&
           options->processor_count <= COTEL_PROVIDER_MAX_PROCESSORS &&
           (options->processor_count == 0 || options->processors != NULL) &&
           are_usable(options->processors, options->processor_count) &&
           (options->sampler == NULL || ct_sampler_is_usable(options->sampler)) &&
           (options->id_generator == NULL || is_usable(options->id_generator)) &&
           (options->worker == COTEL_WORKER_THREAD || options->worker == COTEL_WORKER_CALLER);
}

static cotel_status take_resource(struct ct_provider *provider, cotel_resource *resource)
{
    if (resource == NULL)
        return cotel_resource_detect(COTEL_DETECT_ALL, &provider->resource);
    provider->resource = cotel_resource_ref(resource);
    return COTEL_STATUS_OK;
}

static cotel_status take_sampler(struct ct_provider *provider, cotel_sampler *sampler)
{
    if (sampler != NULL) {
        provider->sampler = sampler;
        return COTEL_STATUS_OK;
    }
    cotel_parent_based_options options = {.size = sizeof options,
                                          .root = cotel_sampler_always_on()};
    return cotel_sampler_parent_based_create(&options, &provider->sampler);
}

/* Most samplers decide by the parent alone, and need not be asked for each span. */
static void learn_fixed_decisions(struct ct_provider *provider)
{
    for (int parent = 0; parent < COTEL_PARENT_STATES; parent++) {
        cotel_sampling_decision decision;
        bool fixed = ct_sampler_is_fixed(provider->sampler, (cotel_parent_state)parent, &decision);
        provider->fixed_decision[parent] = fixed ? (int8_t)decision : CT_ASK_SAMPLER;
    }
}

static void set_memory(struct ct_provider *provider, size_t most)
{
    atomic_store_explicit(&provider->memory.most, most, memory_order_relaxed);
    atomic_store_explicit(&provider->memory.used, 0, memory_order_relaxed);
    atomic_store_explicit(&provider->memory.serial,
                          atomic_load_explicit(&provider->serial, memory_order_relaxed),
                          memory_order_relaxed);
}

static cotel_status fill_in(struct ct_provider *provider,
                            const cotel_tracer_provider_options *options)
{
    provider->base.ops = &provider_ops;
    provider->worker = options->worker;
    provider->limits = options->limits;
    provider->id_generator = options->id_generator;
    provider->resource = NULL;
    provider->sampler = NULL;
    provider->no_context = cotel_context_empty();
    provider->no_parent = cotel_context_span_pointer(provider->no_context);
    atomic_store_explicit(&provider->has_on_start, false, memory_order_relaxed);
    atomic_store_explicit(&provider->has_on_ending, false, memory_order_relaxed);
    atomic_store_explicit(&provider->processor_count, 0, memory_order_relaxed);
    set_memory(provider, options->max_live_bytes);
    ct_thread_reset_counters(provider->index);
    provider->runtime = ct_runtime_create(options->worker);
    if (provider->runtime == NULL)
        return COTEL_STATUS_OUT_OF_MEMORY;
    cotel_status status = take_resource(provider, options->resource);
    if (status == COTEL_STATUS_OK)
        status = take_sampler(provider, options->sampler);
    if (status != COTEL_STATUS_OK)
        return status;
    learn_fixed_decisions(provider);
    return ct_processors_attach_all(provider, options->processors, options->processor_count);
}

/* What was the caller's before stays the caller's. */
static void undo(struct ct_provider *provider, const cotel_tracer_provider_options *options)
{
    if (provider->sampler != options->sampler)
        cotel_sampler_destroy(provider->sampler);
    cotel_resource_unref(provider->resource);
    if (provider->runtime != NULL) {
        ct_runtime_stop(provider->runtime);
        ct_runtime_destroy(provider->runtime);
    }
    ct_provider_table_give(provider);
}

cotel_status cotel_tracer_provider_create(const cotel_tracer_provider_options *given,
                                          cotel_tracer_provider **out)
{
    cotel_tracer_provider_options options = defaults;
    if (out == NULL || !ct_sized_read(&options, sizeof options, given) || !is_valid(&options))
        return COTEL_STATUS_INVALID_ARGUMENT;
    ct_sdk_forked();
    struct ct_provider *provider = ct_provider_table_take();
    if (provider == NULL)
        return COTEL_STATUS_LIMIT_REACHED;
    cotel_status status = fill_in(provider, &options);
    if (status != COTEL_STATUS_OK) {
        undo(provider, &options);
        return status;
    }
    atomic_store_explicit(&provider->shut_down, false, memory_order_release);
    *out = &provider->base;
    return COTEL_STATUS_OK;
}
