/* SPDX-License-Identifier: Apache-2.0 */
#include "sdk/trace/limit_message.h"

#include <cotel/sdk/diagnostics.h>

#include "sdk/trace/body_index.h"
#include "sdk/trace/slot.h"

#include <inttypes.h>

/* Bytes of the span's name that are told. */
#define NAME_MOST 128

/* Read where it stands: nobody may listen, and a full span is long to decode. */
static cotel_str name_of(const struct ct_body *body)
{
    if (body->name_offset == 0) /* there was no memory for it */
        return cotel_str_of("");
    const uint8_t *at = body->data + body->name_offset + 1;
    size_t size = ct_body_read_length(&at);
    return cotel_str_n((const char *)at, size);
}

void ct_limit_message(const struct ct_span_slot *slot)
{
    static cotel_diagnostics_limit limit;
    const struct ct_body *body = &slot->body;
    cotel_str name = name_of(body);
    cotel_diagnostics_limited(
        &limit, COTEL_LOG_WARNING, "span",
        "\"%.*s\" is not whole: dropped %" PRIu32 " attributes, %" PRIu32 " events, %" PRIu32
        " links, and %" PRIu32 " attributes of events and links; values were %s; out of memory "
        "%" PRIu32 " times",
        (int)(name.size < NAME_MOST ? name.size : NAME_MOST), name.data, body->dropped_attributes,
        body->dropped_events, body->dropped_links, body->dropped_nested,
        body->values_cut ? "cut" : "not cut", body->out_of_memory);
}
