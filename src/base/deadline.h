/* SPDX-License-Identifier: Apache-2.0 */
/* Absolute deadlines on CLOCK_MONOTONIC: made once where a timeout enters, then handed down, so
 * that no sequence of waits can add up to more than was asked for. */
#ifndef COTEL_SRC_BASE_DEADLINE_H
#define COTEL_SRC_BASE_DEADLINE_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#include "base/clock.h"

/* A deadline is nanoseconds of ct_clock_monotonic_ns(); this one never comes. */
#define CT_DEADLINE_NEVER UINT64_MAX

static inline uint64_t ct_deadline_after_ns(uint64_t timeout_ns)
{
    uint64_t now = ct_clock_monotonic_ns();
    return timeout_ns < CT_DEADLINE_NEVER - now ? now + timeout_ns : CT_DEADLINE_NEVER;
}

/* A timeout too long to count in nanoseconds (584 years) is CT_DEADLINE_NEVER. */
static inline uint64_t ct_deadline_after_ms(uint64_t timeout_ms)
{
    if (timeout_ms > CT_DEADLINE_NEVER / CT_NS_PER_MS)
        return CT_DEADLINE_NEVER;
    return ct_deadline_after_ns(timeout_ms * CT_NS_PER_MS);
}

/* 0 when passed, CT_DEADLINE_NEVER for CT_DEADLINE_NEVER. */
static inline uint64_t ct_deadline_remaining_ns(uint64_t deadline)
{
    if (deadline == CT_DEADLINE_NEVER)
        return CT_DEADLINE_NEVER;
    uint64_t now = ct_clock_monotonic_ns();
    return deadline > now ? deadline - now : 0;
}

/* The same in milliseconds, rounded up: whoever sleeps so long does not wake too early to find a
 * rest of less than one. 0 only when passed; UINT64_MAX for CT_DEADLINE_NEVER. */
static inline uint64_t ct_deadline_remaining_ms(uint64_t deadline)
{
    uint64_t ns = ct_deadline_remaining_ns(deadline);
    if (ns == CT_DEADLINE_NEVER)
        return UINT64_MAX;
    return ns / CT_NS_PER_MS + (ns % CT_NS_PER_MS != 0);
}

static inline bool ct_deadline_passed(uint64_t deadline)
{
    return ct_deadline_remaining_ns(deadline) == 0;
}

static inline uint64_t ct_deadline_earlier(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

/* The timeout argument of poll() and epoll_wait(): -1 waits for ever; a longer wait than an int
 * holds is cut short. */
static inline int ct_deadline_poll_timeout(uint64_t deadline)
{
    if (deadline == CT_DEADLINE_NEVER)
        return -1;
    uint64_t ms = ct_deadline_remaining_ms(deadline);
    return ms < INT_MAX ? (int)ms : INT_MAX;
}

/* For calls that take an absolute time of CLOCK_MONOTONIC (pthread_cond_clockwait). */
static inline struct timespec ct_deadline_timespec(uint64_t deadline)
{
    return (struct timespec){
        .tv_sec = (time_t)(deadline / CT_NS_PER_SECOND),
        .tv_nsec = (long)(deadline % CT_NS_PER_SECOND),
    };
}

#endif
