/* SPDX-License-Identifier: Apache-2.0 */
/* b3: TRACE-SPAN[-STATE[-PARENT]], or a state alone. */
#include "api/propagation/b3.h"
#include "api/propagation/id_fields.h"

/* trace id "-" span id "-" state */
enum { SPAN_ID_AT = 33, STATE_AT = 50, HEADER_SIZE = 51 };

enum { MAX_FIELDS = 4 };

static const cotel_str b3_key = {"b3", 2};

static bool read_state(struct ct_b3 *b3, cotel_str state)
{
    if (state.size != 1)
        return false;
    switch (state.data[0]) {
    case '0':
        return true;
    case '1':
        b3->span.trace_flags = COTEL_TRACE_FLAG_SAMPLED;
        return true;
    case 'd':
        b3->span.trace_flags = COTEL_TRACE_FLAG_SAMPLED;
        b3->mark = CT_TRACE_DEBUG;
        return true;
    default:
        return false;
    }
}

/* Nobody needs it, yet where there is something else the header is no B3. All zeros will do. */
static bool is_parent(cotel_str field)
{
    cotel_span_id ignored;
    return field.size == 2 * sizeof ignored &&
           ct_hex_decode(ignored.bytes, field.data, sizeof ignored);
}

/* State and parent; either may be missing. */
static bool read_rest(struct ct_b3 *b3, const cotel_str *fields, size_t count)
{
    if (count > 0 && is_parent(fields[count - 1]))
        count--;
    if (count == 0) {
        b3->mark = CT_TRACE_DEFERRED;
        return true;
    }
    return count == 1 && read_state(b3, fields[0]);
}

enum ct_b3_found ct_b3_read_single(struct ct_b3 *b3, const cotel_getter *getter, void *carrier)
{
    cotel_str header = getter->get(carrier, b3_key, 0);
    header = ct_str_trim(ct_str(header.data, header.size));
    if (header.size == 0)
        return CT_B3_NOTHING;

    cotel_str fields[MAX_FIELDS];
    size_t count = ct_split(header, '-', fields, MAX_FIELDS);
    *b3 = (struct ct_b3){.mark = CT_TRACE_UNMARKED};
    if (count == 1)
        return read_state(b3, fields[0]) ? CT_B3_NOTHING : CT_B3_MALFORMED;
    if (count > MAX_FIELDS || !ct_b3_read_ids(b3, fields[0], fields[1]) ||
        !read_rest(b3, fields + 2, count - 2))
        return CT_B3_MALFORMED;
    return CT_B3_SPAN;
}

static char state_of(const struct ct_b3 *b3)
{
    if (b3->mark == CT_TRACE_DEBUG)
        return 'd';
    return b3->span.trace_flags & COTEL_TRACE_FLAG_SAMPLED ? '1' : '0';
}

void ct_b3_write_single(const struct ct_b3 *b3, const cotel_setter *setter, void *carrier)
{
    char header[HEADER_SIZE];
    ct_hex_encode(header, b3->span.trace_id.bytes, sizeof b3->span.trace_id);
    header[SPAN_ID_AT - 1] = '-';
    ct_hex_encode(header + SPAN_ID_AT, b3->span.span_id.bytes, sizeof b3->span.span_id);
    header[STATE_AT - 1] = '-';
    header[STATE_AT] = state_of(b3);
    size_t size = b3->mark == CT_TRACE_DEFERRED ? STATE_AT - 1 : HEADER_SIZE;
    setter->set(carrier, b3_key, cotel_str_n(header, size));
}

const char *ct_b3_field_single(const cotel_propagator *self, size_t index)
{
    (void)self;
    return index == 0 ? b3_key.data : NULL;
}
