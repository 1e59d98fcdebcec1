/* SPDX-License-Identifier: Apache-2.0 */
#include "samplers/jaeger_remote/limiter.h"

#define NS_PER_S 1e9
/* A credit in 146 years; sums of three of them and a time of day do not wrap. */
#define MAX_CREDIT_NS (UINT64_C(1) << 62)

static uint64_t within(double value, uint64_t least, uint64_t most)
{
    if (value >= (double)most)
        return most;
    return value > (double)least ? (uint64_t)value : least;
}

void ct_jaeger_limiter_init(struct ct_jaeger_limiter *limiter, double per_second)
{
    atomic_init(&limiter->full_at_ns, 0);
    limiter->credit_ns = 0;
    limiter->slack_ns = 0;
    if (!(per_second > 0))
        return;
    double credit_ns = NS_PER_S / per_second;
    limiter->credit_ns = within(credit_ns, 1, MAX_CREDIT_NS);
    if (per_second > 1)
        limiter->slack_ns = (uint64_t)(NS_PER_S - credit_ns); /* (per_second - 1) credits */
}

/* Relaxed, here and below: the word is all that there is, nothing is published with it. */
bool ct_jaeger_limiter_take(struct ct_jaeger_limiter *limiter, uint64_t now_ns)
{
    if (limiter->credit_ns == 0)
        return false;
    uint64_t full_at_ns = atomic_load_explicit(&limiter->full_at_ns, memory_order_relaxed);
    uint64_t next_ns;
    do {
        uint64_t from_ns = full_at_ns > now_ns ? full_at_ns : now_ns;
        if (from_ns - now_ns > limiter->slack_ns)
            return false;
        next_ns = from_ns + limiter->credit_ns;
    } while (!atomic_compare_exchange_weak_explicit(&limiter->full_at_ns, &full_at_ns, next_ns,
                                                    memory_order_relaxed, memory_order_relaxed));
    return true;
}

static uint64_t missing_ns(const struct ct_jaeger_limiter *limiter, uint64_t now_ns)
{
    uint64_t full_at_ns = atomic_load_explicit(&limiter->full_at_ns, memory_order_relaxed);
    return full_at_ns > now_ns ? full_at_ns - now_ns : 0;
}

bool ct_jaeger_limiter_is_full(const struct ct_jaeger_limiter *limiter, uint64_t now_ns)
{
    return missing_ns(limiter, now_ns) == 0;
}

void ct_jaeger_limiter_inherit(struct ct_jaeger_limiter *limiter,
                               const struct ct_jaeger_limiter *before, uint64_t now_ns)
{
    uint64_t missing = missing_ns(before, now_ns);
    if (missing == 0 || before->credit_ns == 0 || limiter->credit_ns == 0)
        return;
    double credits = (double)missing / (double)before->credit_ns;
    uint64_t empty_ns = limiter->slack_ns + limiter->credit_ns;
    uint64_t here_ns = within(credits * (double)limiter->credit_ns, 0, empty_ns);
    atomic_store_explicit(&limiter->full_at_ns, now_ns + here_ns, memory_order_relaxed);
}
