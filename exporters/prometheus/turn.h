/* SPDX-License-Identifier: Apache-2.0 */
/* A lock for what may take long: whoever waits for it does so until a deadline, and whoever has it
 * and asks again, from a callback, is told. */
#ifndef COTEL_EXPORTERS_PROMETHEUS_TURN_H
#define COTEL_EXPORTERS_PROMETHEUS_TURN_H

#include <cotel/status.h>

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

struct ct_prom_turn {
    pthread_mutex_t mutex; /* held for a moment; guards what follows */
    pthread_cond_t given;
    bool taken;
    pthread_t owner;
};

/* Also in a forked child, where nobody has it. */
void ct_prom_turn_init(struct ct_prom_turn *turn);
void ct_prom_turn_fini(struct ct_prom_turn *turn);

/* OK; TIMEOUT; WOULD_DEADLOCK. The deadline is in ns of CLOCK_MONOTONIC. */
cotel_status ct_prom_turn_take(struct ct_prom_turn *turn, uint64_t deadline_ns);
void ct_prom_turn_give(struct ct_prom_turn *turn);

#endif
