/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COTEL_SRC_SDK_TRACE_SPAN_END_H
#define COTEL_SRC_SDK_TRACE_SPAN_END_H

#include <cotel/trace.h>

struct ct_span_slot;

/* `end_unix_ns` 0: now. The span has a slot. */
void ct_span_end(const cotel_span *span, uint64_t end_unix_ns);

/* Now, on the span's own clock: its wall clock at the start, and what has passed since. So a wall
 * clock that is set meanwhile makes no duration wrong. */
uint64_t ct_slot_now_unix_ns(const struct ct_span_slot *slot);

#endif
