/* SPDX-License-Identifier: Apache-2.0 */
/* Conditions of rules on one start attribute. */
#ifndef COTEL_SRC_SDK_SAMPLER_RULE_ATTRIBUTES_H
#define COTEL_SRC_SDK_SAMPLER_RULE_ATTRIBUTES_H

#include <cotel/sdk/composable_sampler.h>

/* Whether the condition holds; one without a key always does. */
bool ct_rule_values_match(const cotel_rule_attribute_values *condition,
                          const cotel_composable_parameters *parameters);
bool ct_rule_patterns_match(const cotel_rule_attribute_patterns *condition,
                            const cotel_composable_parameters *parameters);

#endif
