/* SPDX-License-Identifier: Apache-2.0 */
/* Handling samplers of any origin. */
#ifndef COTEL_SRC_SDK_SAMPLER_SAMPLER_H
#define COTEL_SRC_SDK_SAMPLER_SAMPLER_H

#include <cotel/sdk/sampler.h>

#include <stdatomic.h>

#include "base/sized.h"
#include "wire/ids.h"

/* Whether it can be asked: should_sample is there. NULL cannot. */
bool ct_sampler_is_usable(const cotel_sampler *sampler);

/* Which of the five cases a parent is. */
static inline cotel_parent_state ct_sampler_parent_state(bool has_parent, bool is_remote,
                                                         uint8_t trace_flags)
{
    bool sampled = (trace_flags & COTEL_TRACE_FLAG_SAMPLED) != 0;
    if (!has_parent)
        return COTEL_PARENT_NONE;
    if (is_remote)
        return sampled ? COTEL_PARENT_REMOTE_SAMPLED : COTEL_PARENT_REMOTE_NOT_SAMPLED;
    return sampled ? COTEL_PARENT_LOCAL_SAMPLED : COTEL_PARENT_LOCAL_NOT_SAMPLED;
}

/* What is_fixed says, for samplers of any origin and age. */
bool ct_sampler_is_fixed(const cotel_sampler *sampler, cotel_parent_state parent,
                         cotel_sampling_decision *decision);

/* Its description; of one that has none, "Unnamed". */
const char *ct_sampler_description(const cotel_sampler *sampler);

/* Whether destroying it frees something: then it can have one owner only. */
bool ct_sampler_is_owned(const cotel_sampler *sampler);

/* Says something the first time that it is asked to with this flag. */
void ct_sampler_warn_once(atomic_bool *has_warned, const char *component, const char *message);

/* The parent's tracestate; NULL: none, or from a caller that is too old to tell. */
static inline const cotel_tracestate *ct_sampler_tracestate(
    const cotel_sampling_parameters *parameters)
{
    return CT_REACHES(parameters, tracestate) ? parameters->tracestate : NULL;
}

/* Whether the new span has a parent. Inline: asked for each span. */
static inline bool ct_sampler_has_parent(const cotel_sampling_parameters *parameters)
{
    return ct_trace_id_is_valid(&parameters->parent->trace_id) &&
           ct_span_id_is_valid(&parameters->parent->span_id);
}

#endif
