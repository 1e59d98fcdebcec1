/* SPDX-License-Identifier: Apache-2.0 */
#include "sdk/trace/limit_message.h"

#include <cotel/sdk/diagnostics.h>
#include <cotel/sdk/processor.h>

#include "sdk/trace/slot.h"

#include <inttypes.h>

/* Bytes of the span's name that are told. */
#define NAME_MOST 128

void ct_limit_message(const struct ct_span_slot *slot)
{
    static cotel_diagnostics_limit limit;
    const struct ct_body *body = &slot->body;
    cotel_span_view span;
    cotel_span_data_view((const cotel_span_data *)slot, &span);
    cotel_diagnostics_limited(
        &limit, COTEL_LOG_WARNING, "span",
        "\"%.*s\" is not whole: dropped %" PRIu32 " attributes, %" PRIu32 " events, %" PRIu32
        " links, and %" PRIu32 " attributes of events and links; values were %s; out of memory "
        "%" PRIu32 " times",
        (int)(span.name.size < NAME_MOST ? span.name.size : NAME_MOST), span.name.data,
        body->dropped_attributes, body->dropped_events, body->dropped_links, body->dropped_nested,
        body->values_cut ? "cut" : "not cut", body->out_of_memory);
}
