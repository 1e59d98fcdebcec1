/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/ids.h"

#include "base/hex.h"

bool cotel_trace_id_is_valid(const cotel_trace_id *id)
{
    return id && ct_trace_id_is_valid(id);
}

bool cotel_span_id_is_valid(const cotel_span_id *id)
{
    return id && ct_span_id_is_valid(id);
}

bool cotel_span_context_is_valid(const cotel_span_context *context)
{
    return context && ct_trace_id_is_valid(&context->trace_id) &&
           ct_span_id_is_valid(&context->span_id);
}

void cotel_trace_id_to_hex(const cotel_trace_id *id, char out[COTEL_TRACE_ID_HEX_SIZE])
{
    static const cotel_trace_id zeros;
    if (!out)
        return;
    ct_hex_encode(out, id ? id->bytes : zeros.bytes, sizeof id->bytes);
    out[COTEL_TRACE_ID_HEX_SIZE - 1] = '\0';
}

void cotel_span_id_to_hex(const cotel_span_id *id, char out[COTEL_SPAN_ID_HEX_SIZE])
{
    static const cotel_span_id zeros;
    if (!out)
        return;
    ct_hex_encode(out, id ? id->bytes : zeros.bytes, sizeof id->bytes);
    out[COTEL_SPAN_ID_HEX_SIZE - 1] = '\0';
}

bool cotel_trace_id_from_hex(const char *hex, size_t size, cotel_trace_id *out)
{
    cotel_trace_id id;
    if (!hex || !out || size != 2 * sizeof id.bytes ||
        !ct_hex_decode(id.bytes, hex, sizeof id.bytes))
        return false;
    *out = id;
    return true;
}

bool cotel_span_id_from_hex(const char *hex, size_t size, cotel_span_id *out)
{
    cotel_span_id id;
    if (!hex || !out || size != 2 * sizeof id.bytes ||
        !ct_hex_decode(id.bytes, hex, sizeof id.bytes))
        return false;
    *out = id;
    return true;
}
