/* SPDX-License-Identifier: Apache-2.0 */
/* Calling an SDK for a span. A handle that has a slot may always be followed: slots are never
 * unmapped, and the SDK tells by the generation whether the slot still is this span's. */
#ifndef COTEL_SRC_API_SPAN_CALL_H
#define COTEL_SRC_API_SPAN_CALL_H

#include "api/provider.h"
#include "base/sized.h"

static inline const struct ct_span_ops *ct_span_ops(const cotel_span *span)
{
    return ((const struct ct_slot_head *)span->slot)->ops;
}

/* Whether changes to the span can be of use. Recording implies a slot. */
static inline bool ct_span_is_live(const cotel_span *span)
{
    return span && (span->state & COTEL_SPAN_STATE_RECORDING);
}

/* Calls a member of the span's table, if the span is live and the table has it. */
#define CT_SPAN_CALL(span, member, ...)                                     \
    do {                                                                    \
        if (ct_span_is_live(span) && CT_REACHES(ct_span_ops(span), member)) \
            ct_span_ops(span)->member((span), __VA_ARGS__);                 \
    } while (0)

#endif
