/* SPDX-License-Identifier: Apache-2.0 */
/** @file sampler.h
 *  Which spans are recorded and sent.
 *
 *  Ownership: a sampler belongs to whom it is given (a provider, or another sampler) and is
 *  destroyed with it.
 *
 *  Implements: trace/sdk.md "Sampler" and "Built-in samplers".
 */
#ifndef COTEL_SDK_SAMPLER_H
#define COTEL_SDK_SAMPLER_H

#include <cotel/context.h>
#include <cotel/span_context.h>
#include <cotel/status.h>
#include <cotel/trace.h>
#include <cotel/visibility.h>

COTEL_BEGIN_DECLS

typedef enum cotel_sampling_decision {
    COTEL_SAMPLING_DROP = 0,             /**< not recorded, not sent; still propagates */
    COTEL_SAMPLING_RECORD_ONLY = 1,      /**< processors see it, exporters do not */
    COTEL_SAMPLING_RECORD_AND_SAMPLE = 2 /**< recorded and sent */
} cotel_sampling_decision;

/** What a sampler may look at; everything is borrowed for the call. */
typedef struct cotel_sampling_parameters {
    size_t size;
    const cotel_context *parent_context; /**< never NULL */
    const cotel_span *parent;            /**< its span; not valid for a root span. Never NULL */
    bool parent_is_remote;
    bool random; /**< the trace id's low 56 bits are random */
    cotel_trace_id trace_id;
    cotel_span_kind kind;
    cotel_str name;
    const cotel_attribute *attributes;
    size_t attribute_count;
    const cotel_link *links;
    size_t link_count;
    const cotel_tracestate *tracestate; /**< the parent's; NULL: none */
} cotel_sampling_parameters;

/** How many attributes of its own making a sampler may add to a span. */
#define COTEL_SAMPLING_ROOM 32

/** What a sampler answers. It comes filled with DROP and nothing else. */
typedef struct cotel_sampling_result {
    size_t size;
    cotel_sampling_decision decision;
    /** Added to the span after its start attributes. Borrowed until the span has started: they lie
     *  in the sampler, or in `room`. */
    const cotel_attribute *attributes;
    size_t attribute_count;
    /** When true, `tracestate` replaces the parent's: a reference that passes to cotel; NULL clears
     *  it. When false the parent's is kept. */
    bool sets_tracestate;
    cotel_tracestate *tracestate;
    /** Where a sampler may put attributes that it makes up for this span: COTEL_SAMPLING_ROOM of
     *  them, or NULL. It comes uninitialised; what the attributes point to must outlive the call.
     */
    cotel_attribute *room;
} cotel_sampling_result;

/** What a span's parent is to a sampler. */
typedef enum cotel_parent_state {
    COTEL_PARENT_NONE = 0, /**< a root span */
    COTEL_PARENT_REMOTE_SAMPLED = 1,
    COTEL_PARENT_REMOTE_NOT_SAMPLED = 2,
    COTEL_PARENT_LOCAL_SAMPLED = 3,
    COTEL_PARENT_LOCAL_NOT_SAMPLED = 4
} cotel_parent_state;

/** How many of them there are. */
#define COTEL_PARENT_STATES 5

/** Implementers put this struct first into their own. */
typedef struct cotel_sampler {
    const struct cotel_sampler_ops *ops;
} cotel_sampler;

/** What a sampler does. All functions but destroy: any thread, several at a time, must not block.
 */
typedef struct cotel_sampler_ops {
    size_t size; /**< sizeof of this struct */
    void (*should_sample)(cotel_sampler *self, const cotel_sampling_parameters *parameters,
                          cotel_sampling_result *result);
    /** Its name with its settings, such as "AlwaysOnSampler"; as long-lived as the sampler. */
    const char *(*description)(const cotel_sampler *self);
    /** Frees it; NULL: nothing to free. Called once, by its owner. */
    void (*destroy)(cotel_sampler *self);
    /** Whether, with such a parent that brings no tracestate, the decision is always the same, and
     *  comes without attributes and tracestate; if so, fills *decision. A provider asks once, when
     *  it takes the sampler, and then need not call should_sample() for such spans. NULL: never. */
    bool (*is_fixed)(const cotel_sampler *self, cotel_parent_state parent,
                     cotel_sampling_decision *decision);
} cotel_sampler_ops;

/** Every span. "AlwaysOnSampler". Static: destroying it does nothing. Since 0.1. */
COTEL_API cotel_sampler *cotel_sampler_always_on(void);

/** No span. "AlwaysOffSampler". Static: destroying it does nothing. Since 0.1. */
COTEL_API cotel_sampler *cotel_sampler_always_off(void);

/** The share `ratio` (0 to 1) of traces, by trace id, whatever the parent says.
 *  "TraceIdRatioBased{0.000100}".
 *  @return OK, INVALID_ARGUMENT (ratio below 0, above 1 or not a number; out is NULL),
 *          OUT_OF_MEMORY. Since 0.1. */
COTEL_API cotel_status cotel_sampler_trace_id_ratio_create(double ratio,
                                                           cotel_sampler **out) COTEL_MUST_CHECK;

/** The share `ratio` (2^-56 to 1) of traces, whatever the parent says, so that all services and
 *  languages that do it this way agree about a trace: it is taken if its randomness, the low 56
 *  bits of the trace id or `rv` of the tracestate's `ot` entry, reaches a threshold. Sampled spans
 *  tell the threshold, to four significant digits, as `th` in that entry; dropped ones have none.
 *  Warns once when it presumes the trace id of a parent to be random that does not say so.
 *  "ProbabilitySampler{0.01}".
 *  @return OK, INVALID_ARGUMENT (another ratio, out is NULL), OUT_OF_MEMORY. Since 0.1.
 *  Development: trace/sdk.md "ProbabilitySampler", trace/tracestate-probability-sampling.md. */
COTEL_API cotel_status cotel_sampler_probability_create(double ratio,
                                                        cotel_sampler **out) COTEL_MUST_CHECK;

/** Decides as `root` does, but what that one drops is recorded only: processors see every span,
 *  exporters those that they would see anyway. "AlwaysRecordSampler{...}". Takes the root over, on
 *  success only.
 *  @return OK, INVALID_ARGUMENT (root is NULL or without should_sample, out is NULL),
 *          OUT_OF_MEMORY. Since 0.1. trace/sdk.md "AlwaysRecord". */
COTEL_API cotel_status cotel_sampler_always_record_create(cotel_sampler *root,
                                                          cotel_sampler **out) COTEL_MUST_CHECK;

/** Which sampler decides, by the parent. NULL takes the default named. */
typedef struct cotel_parent_based_options {
    size_t size;                       /**< sizeof of this struct */
    cotel_sampler *root;               /**< no parent; required */
    cotel_sampler *remote_sampled;     /**< default always on */
    cotel_sampler *remote_not_sampled; /**< default always off */
    cotel_sampler *local_sampled;      /**< default always on */
    cotel_sampler *local_not_sampled;  /**< default always off */
} cotel_parent_based_options;

/** Follows the parent. When a sampled span has a threshold from its parent (`th` in the
 *  tracestate's `ot` entry) under which it could not have been sampled, that is erased.
 *  "ParentBased{root:...,remoteParentSampled:...,...}". Takes the samplers over, on success only;
 *  each one must be given once.
 *  @return OK, INVALID_ARGUMENT (no root, out is NULL, one without should_sample, one given twice),
 *          OUT_OF_MEMORY. Since 0.1. */
COTEL_API cotel_status cotel_sampler_parent_based_create(const cotel_parent_based_options *options,
                                                         cotel_sampler **out) COTEL_MUST_CHECK;

/** Destroys a sampler that was given to nobody. Takes NULL. Since 0.1. */
COTEL_API void cotel_sampler_destroy(cotel_sampler *sampler);

COTEL_END_DECLS

#endif
