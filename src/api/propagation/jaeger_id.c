/* SPDX-License-Identifier: Apache-2.0 */
/* uber-trace-id: TRACE:SPAN:PARENT:FLAGS. Ids come without leading zeros from some clients, and the
 * whole of it percent-encoded from others. The parent is a relic that nobody needs. */
#include "api/propagation/baggage_text.h"
#include "api/propagation/id_fields.h"
#include "api/propagation/jaeger.h"

/* trace id ":" span id ":0:" flags */
enum { SPAN_ID_AT = 33, PARENT_AT = 50, FLAGS_AT = 52 };

enum { FIELDS = 4 };

#define FLAG_SAMPLED 0x01u
#define FLAG_DEBUG 0x02u

/* The longest that is read: 32 + 16 + 16 + 2 digits and three colons, each percent-encoded. */
#define MAX_SIZE (3 * 69)

/* Debug is only meant beside sampled. Alone it stands where Python's SDK writes the random flag of
 * W3C's to, of all traces that it does not sample. */
static void read_flags(uint8_t flags, cotel_span *span, enum ct_trace_mark *mark)
{
    bool is_sampled = flags & FLAG_SAMPLED;
    *mark = is_sampled && flags & FLAG_DEBUG ? CT_TRACE_DEBUG : CT_TRACE_UNMARKED;
    if (is_sampled)
        span->trace_flags = COTEL_TRACE_FLAG_SAMPLED;
}

bool ct_jaeger_id_parse(cotel_str header, cotel_span *span, enum ct_trace_mark *mark)
{
    char decoded[MAX_SIZE];
    header = ct_str_trim(header);
    if (header.size == 0 || header.size > sizeof decoded)
        return false;
    if (!memchr(header.data, ':', header.size))
        header = ct_percent_read(decoded, header);

    cotel_str fields[FIELDS];
    uint8_t flags;
    *span = cotel_span_none();
    if (ct_split(header, ':', fields, FIELDS) != FIELDS ||
        !ct_trace_id_read(&span->trace_id, fields[0]) ||
        !ct_span_id_read(&span->span_id, fields[1]) || !ct_hex_decode_padded(&flags, fields[3], 1))
        return false;
    read_flags(flags, span, mark);
    return true;
}

static unsigned flags_of(const cotel_span *span, enum ct_trace_mark mark)
{
    if (mark == CT_TRACE_DEBUG)
        return FLAG_SAMPLED | FLAG_DEBUG;
    return span->trace_flags & COTEL_TRACE_FLAG_SAMPLED ? FLAG_SAMPLED : 0;
}

void ct_jaeger_id_format(const cotel_span *span, enum ct_trace_mark mark,
                         char out[CT_JAEGER_ID_SIZE])
{
    ct_hex_encode(out, span->trace_id.bytes, sizeof span->trace_id);
    out[SPAN_ID_AT - 1] = ':';
    ct_hex_encode(out + SPAN_ID_AT, span->span_id.bytes, sizeof span->span_id);
    out[PARENT_AT - 1] = ':';
    out[PARENT_AT] = '0';
    out[FLAGS_AT - 1] = ':';
    out[FLAGS_AT] = (char)('0' + flags_of(span, mark));
}
