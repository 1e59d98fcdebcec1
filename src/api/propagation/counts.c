/* SPDX-License-Identifier: Apache-2.0 */
#include "api/propagation/counts.h"

#include <stdatomic.h>

#include <cotel/propagation.h>

#include "base/sized.h"

static _Atomic uint64_t mishaps[CT_PROPAGATION_MISHAPS];

/* Relaxed, both: these are statistics, and order nothing. */
void ct_propagation_count(enum ct_propagation_mishap mishap, size_t times)
{
    if (times > 0)
        atomic_fetch_add_explicit(&mishaps[mishap], times, memory_order_relaxed);
}

static uint64_t count_of(enum ct_propagation_mishap mishap)
{
    return atomic_load_explicit(&mishaps[mishap], memory_order_relaxed);
}

void cotel_propagation_stats(cotel_propagation_counts *counts)
{
    if (CT_HAS(counts, malformed))
        counts->malformed = count_of(CT_PROPAGATION_MALFORMED);
    if (CT_HAS(counts, over_limit))
        counts->over_limit = count_of(CT_PROPAGATION_OVER_LIMIT);
}
