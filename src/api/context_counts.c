/* SPDX-License-Identifier: Apache-2.0 */
#include "api/context_counts.h"

#include <stdatomic.h>

#include <cotel/context.h>

#include "base/sized.h"

static _Atomic uint64_t mishaps[CT_CONTEXT_MISHAPS];

/* Relaxed, both: these are statistics, and order nothing. */
void ct_context_count(enum ct_context_mishap mishap)
{
    atomic_fetch_add_explicit(&mishaps[mishap], 1, memory_order_relaxed);
}

static uint64_t count_of(enum ct_context_mishap mishap)
{
    return atomic_load_explicit(&mishaps[mishap], memory_order_relaxed);
}

void cotel_context_stats(cotel_context_counts *counts)
{
    if (CT_HAS(counts, out_of_order))
        counts->out_of_order = count_of(CT_CONTEXT_OUT_OF_ORDER);
    if (CT_HAS(counts, wrong_thread))
        counts->wrong_thread = count_of(CT_CONTEXT_WRONG_THREAD);
    if (CT_HAS(counts, already_detached))
        counts->already_detached = count_of(CT_CONTEXT_ALREADY_DETACHED);
    if (CT_HAS(counts, not_attached))
        counts->not_attached = count_of(CT_CONTEXT_NOT_ATTACHED);
    if (CT_HAS(counts, not_stored))
        counts->not_stored = count_of(CT_CONTEXT_NOT_STORED);
}
