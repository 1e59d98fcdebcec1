/* SPDX-License-Identifier: Apache-2.0 */
/* B3 in several headers. X-B3-ParentSpanId is neither read nor written. */
#include "api/propagation/b3.h"
#include "api/propagation/id_fields.h"

static const cotel_str trace_id_key = {"x-b3-traceid", 12};
static const cotel_str span_id_key = {"x-b3-spanid", 11};
static const cotel_str sampled_key = {"x-b3-sampled", 12};
static const cotel_str flags_key = {"x-b3-flags", 10};

static const cotel_str yes = {"1", 1};
static const cotel_str no = {"0", 1};

static cotel_str get(const cotel_getter *getter, void *carrier, cotel_str key)
{
    cotel_str value = getter->get(carrier, key, 0);
    return ct_str_trim(ct_str(value.data, value.size));
}

/* Older tracers wrote words. */
static bool read_sampled(struct ct_b3 *b3, cotel_str sampled)
{
    if (sampled.size == 0)
        b3->mark = CT_TRACE_DEFERRED;
    else if (ct_str_equal(sampled, yes) || ct_str_equal_ascii(sampled, cotel_str_of("true")))
        b3->span.trace_flags = COTEL_TRACE_FLAG_SAMPLED;
    else
        return ct_str_equal(sampled, no) || ct_str_equal_ascii(sampled, cotel_str_of("false"));
    return true;
}

/* Debug says it all, whatever x-b3-sampled may say beside it. */
static bool read_decision(struct ct_b3 *b3, const cotel_getter *getter, void *carrier)
{
    if (!ct_str_equal(get(getter, carrier, flags_key), yes))
        return read_sampled(b3, get(getter, carrier, sampled_key));
    b3->span.trace_flags = COTEL_TRACE_FLAG_SAMPLED;
    b3->mark = CT_TRACE_DEBUG;
    return true;
}

enum ct_b3_found ct_b3_read_multi(struct ct_b3 *b3, const cotel_getter *getter, void *carrier)
{
    cotel_str trace_id = get(getter, carrier, trace_id_key);
    cotel_str span_id = get(getter, carrier, span_id_key);
    if (trace_id.size == 0 && span_id.size == 0)
        return CT_B3_NOTHING;

    *b3 = (struct ct_b3){.mark = CT_TRACE_UNMARKED};
    if (!ct_b3_read_ids(b3, trace_id, span_id) || !read_decision(b3, getter, carrier))
        return CT_B3_MALFORMED;
    return CT_B3_SPAN;
}

void ct_b3_write_multi(const struct ct_b3 *b3, const cotel_setter *setter, void *carrier)
{
    const cotel_span *span = &b3->span;
    char trace_id[2 * sizeof span->trace_id], span_id[2 * sizeof span->span_id];
    ct_hex_encode(trace_id, span->trace_id.bytes, sizeof span->trace_id);
    ct_hex_encode(span_id, span->span_id.bytes, sizeof span->span_id);
    setter->set(carrier, trace_id_key, cotel_str_n(trace_id, sizeof trace_id));
    setter->set(carrier, span_id_key, cotel_str_n(span_id, sizeof span_id));
    if (b3->mark == CT_TRACE_DEBUG)
        setter->set(carrier, flags_key, yes);
    else if (b3->mark != CT_TRACE_DEFERRED)
        setter->set(carrier, sampled_key, span->trace_flags & COTEL_TRACE_FLAG_SAMPLED ? yes : no);
}

const char *ct_b3_field_multi(const cotel_propagator *self, size_t index)
{
    (void)self;
    const char *const fields[] = {trace_id_key.data, span_id_key.data, sampled_key.data,
                                  flags_key.data};
    return index < sizeof fields / sizeof fields[0] ? fields[index] : NULL;
}
