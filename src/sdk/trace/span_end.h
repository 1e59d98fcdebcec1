/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COTEL_SRC_SDK_TRACE_SPAN_END_H
#define COTEL_SRC_SDK_TRACE_SPAN_END_H

#include "base/clock.h"
#include "base/compiler.h"
#include "sdk/trace/slot.h"

/* `end_unix_ns` 0: now. The span has a slot. */
void ct_span_end(const cotel_span *span, uint64_t end_unix_ns);

/* Now, on the span's own clock: its wall clock at the start, and what has passed since. So a wall
 * clock that is set meanwhile makes no duration wrong. */
CT_ALWAYS_INLINE uint64_t ct_slot_now_unix_ns(const struct ct_span_slot *slot)
{
    if (slot->start_fast_ns == 0)
        return ct_clock_unix_ns();
    return slot->start_unix_ns + (ct_clock_fast_ns() - slot->start_fast_ns);
}

#endif
