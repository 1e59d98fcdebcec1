/* SPDX-License-Identifier: Apache-2.0 */
#include "exporters/otlp/retry.h"

#include <assert.h>

static uint64_t at_least(uint64_t value, uint64_t least)
{
    return value > least ? value : least;
}

static uint64_t doubled(const struct ct_otlp_backoff *backoff, unsigned times)
{
    uint64_t wait = backoff->initial_ns;
    for (; times > 0 && wait < backoff->max_ns; times--)
        wait = wait > UINT64_MAX / 2 ? UINT64_MAX : wait * 2;
    return wait < backoff->max_ns ? wait : backoff->max_ns;
}

uint64_t ct_otlp_backoff_wait_ns(const struct ct_otlp_backoff *backoff, unsigned attempts,
                                 uint64_t retry_after_ns, uint64_t random)
{
    assert(attempts > 0);
    if (retry_after_ns != CT_OTLP_NOT_SAID)
        return at_least(retry_after_ns, CT_OTLP_RETRY_MIN_NS);
    uint64_t longest = doubled(backoff, attempts - 1);
    uint64_t half = longest / 2;
    return at_least(longest - random % (half + 1), CT_OTLP_RETRY_MIN_NS);
}
