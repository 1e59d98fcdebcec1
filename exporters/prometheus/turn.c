/* SPDX-License-Identifier: Apache-2.0 */
#include "exporters/prometheus/turn.h"

#include "exporters/net/clock.h"

static const pthread_mutex_t fresh_mutex = PTHREAD_MUTEX_INITIALIZER;
static const pthread_cond_t fresh_cond = PTHREAD_COND_INITIALIZER;

void ct_prom_turn_init(struct ct_prom_turn *turn)
{
    *turn = (struct ct_prom_turn){.mutex = fresh_mutex, .given = fresh_cond};
}

void ct_prom_turn_fini(struct ct_prom_turn *turn)
{
    (void)pthread_cond_destroy(&turn->given);
    (void)pthread_mutex_destroy(&turn->mutex);
}

/* The mutex is held. */
static cotel_status await(struct ct_prom_turn *turn, uint64_t deadline_ns)
{
    const struct timespec until = {.tv_sec = (time_t)(deadline_ns / CT_NET_NS_PER_S),
                                   .tv_nsec = (long)(deadline_ns % CT_NET_NS_PER_S)};
    int error = 0;
    if (turn->taken && pthread_equal(turn->owner, pthread_self()))
        return COTEL_STATUS_WOULD_DEADLOCK;
    while (turn->taken && error == 0)
        error = pthread_cond_clockwait(&turn->given, &turn->mutex, CLOCK_MONOTONIC, &until);
    return turn->taken ? COTEL_STATUS_TIMEOUT : COTEL_STATUS_OK;
}

cotel_status ct_prom_turn_take(struct ct_prom_turn *turn, uint64_t deadline_ns)
{
    (void)pthread_mutex_lock(&turn->mutex);
    cotel_status status = await(turn, deadline_ns);
    if (status == COTEL_STATUS_OK) {
        turn->taken = true;
        turn->owner = pthread_self();
    }
    (void)pthread_mutex_unlock(&turn->mutex);
    return status;
}

void ct_prom_turn_give(struct ct_prom_turn *turn)
{
    (void)pthread_mutex_lock(&turn->mutex);
    turn->taken = false;
    (void)pthread_cond_signal(&turn->given);
    (void)pthread_mutex_unlock(&turn->mutex);
}
