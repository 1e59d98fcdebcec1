/* SPDX-License-Identifier: Apache-2.0 */
#include "api/propagation/tracecontext.h"

#include "base/hex.h"
#include "wire/ids.h"
#include "wire/str.h"

/* version "-" trace id "-" span id "-" flags */
enum { TRACE_ID_AT = 3, SPAN_ID_AT = 36, FLAGS_AT = 53 };

#define KNOWN_FLAGS (COTEL_TRACE_FLAG_SAMPLED | COTEL_TRACE_FLAG_RANDOM)
#define FORBIDDEN_VERSION 0xff

/* Version 00 ends here; a later one may go on behind another dash. */
static bool may_end_like_that(cotel_str header, uint8_t version)
{
    if (header.size == CT_TRACEPARENT_SIZE)
        return true;
    return version != 0 && header.data[CT_TRACEPARENT_SIZE] == '-';
}

bool ct_traceparent_parse(cotel_str header, cotel_span *span)
{
    header = ct_str_trim(header);
    const char *text = header.data;
    if (header.size < CT_TRACEPARENT_SIZE || text[TRACE_ID_AT - 1] != '-' ||
        text[SPAN_ID_AT - 1] != '-' || text[FLAGS_AT - 1] != '-')
        return false;

    uint8_t version;
    if (!ct_hex_decode_lower(&version, text, 1) || version == FORBIDDEN_VERSION ||
        !may_end_like_that(header, version))
        return false;

    *span = cotel_span_none();
    span->state = COTEL_SPAN_STATE_REMOTE;
    return ct_hex_decode_lower(span->trace_id.bytes, text + TRACE_ID_AT, sizeof span->trace_id) &&
           ct_hex_decode_lower(span->span_id.bytes, text + SPAN_ID_AT, sizeof span->span_id) &&
           ct_hex_decode_lower(&span->trace_flags, text + FLAGS_AT, 1) &&
           ct_ids_are_valid(&span->trace_id, &span->span_id);
}

void ct_traceparent_format(const cotel_span *span, char out[CT_TRACEPARENT_SIZE])
{
    uint8_t flags = span->trace_flags & KNOWN_FLAGS;
    memcpy(out, "00-", TRACE_ID_AT);
    ct_hex_encode(out + TRACE_ID_AT, span->trace_id.bytes, sizeof span->trace_id);
    out[SPAN_ID_AT - 1] = '-';
    ct_hex_encode(out + SPAN_ID_AT, span->span_id.bytes, sizeof span->span_id);
    out[FLAGS_AT - 1] = '-';
    ct_hex_encode(out + FLAGS_AT, &flags, 1);
}
