/* SPDX-License-Identifier: Apache-2.0 */
/* A share of traces, by the trace id. */
#ifndef COTEL_SAMPLERS_JAEGER_REMOTE_SHARE_H
#define COTEL_SAMPLERS_JAEGER_REMOTE_SHARE_H

#include <cotel/span_context.h>

#include <endian.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

struct ct_jaeger_share {
    uint64_t threshold;
    bool all; /* ratio 1: 2^64 does not fit the threshold */
};

/* `ratio` is between 0 and 1. */
static inline struct ct_jaeger_share ct_jaeger_share_of(double ratio)
{
    bool all = ratio >= 1.0;
    return (struct ct_jaeger_share){all ? 0 : (uint64_t)(ratio * 0x1p64), all};
}

/* Decides as TraceIdRatioBased does (which would warn of each span with a parent, here the rule).
 */
static inline bool ct_jaeger_share_takes(const struct ct_jaeger_share *share,
                                         const cotel_trace_id *trace_id)
{
    uint64_t low;
    memcpy(&low, trace_id->bytes + 8, sizeof low);
    return share->all || be64toh(low) < share->threshold;
}

#endif
