/* SPDX-License-Identifier: Apache-2.0 */
/* Ids as machine words, for comparisons on the hot path. */
#ifndef COTEL_SRC_WIRE_IDS_H
#define COTEL_SRC_WIRE_IDS_H

#include <cotel/span_context.h>

static inline bool ct_trace_id_is_valid(const cotel_trace_id *id)
{
    uint64_t words[2];
    memcpy(words, id->bytes, sizeof words);
    return (words[0] | words[1]) != 0;
}

static inline bool ct_span_id_is_valid(const cotel_span_id *id)
{
    uint64_t word;
    memcpy(&word, id->bytes, sizeof word);
    return word != 0;
}

static inline bool ct_ids_are_valid(const cotel_trace_id *trace_id, const cotel_span_id *span_id)
{
    return ct_trace_id_is_valid(trace_id) && ct_span_id_is_valid(span_id);
}

#endif
