/* SPDX-License-Identifier: Apache-2.0 */
/* Consistent decisions: what a trace's randomness and thresholds are, and how a span's threshold
 * gets into its tracestate. Shared by all samplers that decide by thresholds, and by the parent
 * based one, which checks them.
 *
 * Implements: trace/tracestate-probability-sampling.md. */
#ifndef COTEL_SRC_SDK_SAMPLER_CONSISTENCY_H
#define COTEL_SRC_SDK_SAMPLER_CONSISTENCY_H

#include "sdk/sampler/threshold.h"

/* What is known of the trace before its next span; borrows from the parameters. */
struct ct_consistency {
    const cotel_tracestate *tracestate; /* the parent's */
    cotel_str ot;                       /* its entry; data is NULL when there is none */
    uint64_t randomness;
    bool randomness_is_explicit; /* from the entry, not from the trace id */
    bool has_threshold;          /* the entry has one, be it good or not */
    uint64_t parent_threshold;   /* COTEL_THRESHOLD_NONE when it has no good one */
};

void ct_consistency_read(const cotel_sampling_parameters *parameters, struct ct_consistency *out);

/* Whether a span that was sampled could not have been so under its parent's threshold. */
static inline bool ct_consistency_is_broken(const struct ct_consistency *consistency)
{
    return consistency->parent_threshold != COTEL_THRESHOLD_NONE &&
           consistency->randomness < consistency->parent_threshold;
}

/* The tracestate of the span: `state`, which stems from the parent's or is it, with the parent's
 * entry and this threshold in it (COTEL_THRESHOLD_NONE: with none). An entry that has no room for
 * the threshold gets none. False when `state` is right already; else *out is a new reference,
 * without memory to the same as before. */
bool ct_consistency_write(const struct ct_consistency *consistency, const cotel_tracestate *state,
                          uint64_t threshold, cotel_tracestate **out);

/* The same for the parent's tracestate, into what the sampler answers. */
void ct_consistency_answer(const struct ct_consistency *consistency, uint64_t threshold,
                           cotel_sampling_result *result);

#endif
