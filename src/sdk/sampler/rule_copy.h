/* SPDX-License-Identifier: Apache-2.0 */
/* A rule of one's own: the conditions copied, so that the caller's need not live on. */
#ifndef COTEL_SRC_SDK_SAMPLER_RULE_COPY_H
#define COTEL_SRC_SDK_SAMPLER_RULE_COPY_H

#include <cotel/sdk/composable_sampler.h>

/* Whether all texts that it counts are there, and its sampler can be asked. */
bool ct_rule_is_valid(const cotel_sampling_rule *rule);

/* Copies a valid rule. False when memory is out; what there is must be released then, too. */
bool ct_rule_copy(cotel_sampling_rule *to, const cotel_sampling_rule *from);

/* Frees the copies; not the sampler and the user's data. */
void ct_rule_release(cotel_sampling_rule *rule);

#endif
