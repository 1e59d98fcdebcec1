/* SPDX-License-Identifier: Apache-2.0 */
/* Callbacks of observable instruments. */
#ifndef COTEL_SRC_SDK_METRICS_CALLBACK_H
#define COTEL_SRC_SDK_METRICS_CALLBACK_H

#include "sdk/metrics/instrument.h"
#include "sdk/metrics/record.h"

/* What one collection of one reader observes. */
struct ct_observation {
    struct ct_meter_provider *provider;
    const cotel_metric_reader *reader;
    uint64_t number; /* of the reader's collection; from 1 */
    uint32_t epoch;  /* of the process that collects */
};

/* Whether a callback has forked, and this is the child: what is collected is the parent's, whose
 * other threads may have been in the middle of anything. */
static inline bool ct_observation_is_the_parents(const struct ct_observation *observation)
{
    return CT_UNLIKELY(observation->epoch != ct_fork_epoch());
}

/* The functions of ct_meter_ops. */
struct ct_callback_impl *ct_sdk_callback_add(struct ct_meter_impl *meter,
                                             struct ct_instrument_impl *const *instruments,
                                             size_t count, cotel_observable_callback function,
                                             void *user);
void ct_sdk_callback_remove(struct ct_meter_impl *meter, struct ct_callback_impl *callback);
void ct_sdk_callback_release(struct ct_meter_impl *meter, struct ct_callback_impl *callback);

/* Runs all callbacks of a provider, each once; waits for another reader that is at it.
 * @return OK; TIMEOUT: some were not run, as in a child that one of them forked. */
cotel_status ct_callbacks_run(const struct ct_observation *observation, uint64_t deadline_ns);

/* In a forked child: nobody runs them. */
void ct_callbacks_forked(struct ct_meter_provider *provider);

/* Puts an observed value into the streams that the reader has of an instrument. */
void ct_instrument_observe(struct ct_sdk_instrument *instrument,
                           const struct ct_observation *observation, union ct_number number,
                           struct ct_attribute_set set);

#endif
