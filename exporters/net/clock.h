/* SPDX-License-Identifier: Apache-2.0 */
/* The clock that deadlines are told in. */
#ifndef COTEL_EXPORTERS_NET_CLOCK_H
#define COTEL_EXPORTERS_NET_CLOCK_H

#include <stdint.h>
#include <time.h>

#define CT_NET_NS_PER_MS UINT64_C(1000000)
#define CT_NET_NS_PER_S UINT64_C(1000000000)

/* CLOCK_MONOTONIC in ns. */
static inline uint64_t ct_net_now_ns(void)
{
    struct timespec now = {0};
    (void)clock_gettime(CLOCK_MONOTONIC, &now); /* cannot fail: the clock exists, `now` is ours */
    return (uint64_t)now.tv_sec * CT_NET_NS_PER_S + (uint64_t)now.tv_nsec;
}

/* a + b; an end beyond time is the end of time. */
static inline uint64_t ct_net_after_ns(uint64_t a, uint64_t b)
{
    return b > UINT64_MAX - a ? UINT64_MAX : a + b;
}

/* Milliseconds as ns, likewise. */
static inline uint64_t ct_net_ms(uint64_t ms)
{
    return ms > UINT64_MAX / CT_NET_NS_PER_MS ? UINT64_MAX : ms * CT_NET_NS_PER_MS;
}

#endif
