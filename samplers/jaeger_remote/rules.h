/* SPDX-License-Identifier: Apache-2.0 */
/* A strategy made ready to decide: by any number of threads at a time, without a lock.
 *
 * What a strategy says never changes in them. What changes is the limiters' credit, and, by
 * operation, which names are known: a name that the strategy has not got a limiter of its own when
 * it is first seen, so that each operation gets its lower bound. They are learned up to a bound;
 * names beyond it get the default share alone. */
#ifndef COTEL_SAMPLERS_JAEGER_REMOTE_RULES_H
#define COTEL_SAMPLERS_JAEGER_REMOTE_RULES_H

#include "samplers/jaeger_remote/strategy.h"

#include <cotel/sdk/sampler.h>

#include <stdint.h>

/* A longer span name is not learned. */
#define CT_JAEGER_LEARNED_NAME_BYTES 256

struct ct_jaeger_rules;

/* Rules that ask a sampler, which must outlive them. NULL: memory is out. */
struct ct_jaeger_rules *ct_jaeger_rules_of_sampler(cotel_sampler *sampler);

/* Rules of a strategy, which is not needed any longer. They take over from `before`, which may be
 * in use, what was spent of each credit (traces that others sample meanwhile are not seen), and the
 * operations that were learned and have credit missing. At most `max_operations` names are known at
 * a time. NULL: memory is out. */
struct ct_jaeger_rules *ct_jaeger_rules_of_strategy(const struct ct_jaeger_strategy *strategy,
                                                    size_t max_operations, bool adds_attributes,
                                                    const struct ct_jaeger_rules *before,
                                                    uint64_t now_ns);

/* Nobody uses them any more. Takes NULL. */
void ct_jaeger_rules_destroy(struct ct_jaeger_rules *rules);

/* Whether they look at the time. */
bool ct_jaeger_rules_have_limits(const struct ct_jaeger_rules *rules);

/* Whether no more names are learned. */
bool ct_jaeger_rules_are_crowded(const struct ct_jaeger_rules *rules);

/* Decides; the result's attributes are the rules' own. */
void ct_jaeger_rules_decide(struct ct_jaeger_rules *rules,
                            const cotel_sampling_parameters *parameters,
                            cotel_sampling_result *result, uint64_t now_ns);

#endif
