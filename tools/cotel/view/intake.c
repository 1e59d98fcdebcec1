/* SPDX-License-Identifier: Apache-2.0 */
#include "view/intake.h"

#include "proto/from_json.h"
#include "view/decode.h"

static bool keep(struct ct_intake *intake, struct ct_span *span, int64_t now_ms)
{
    bool kept = true;

    while (span) {
        struct ct_span *next = span->next;
        intake->last_ms = now_ms;
        kept &= ct_store_add(intake->store, span, now_ms);
        span = next;
    }
    return kept;
}

static size_t count(const struct ct_span *span)
{
    size_t spans = 0;

    for (; span; span = span->next)
        spans++;
    return spans;
}

static unsigned http_status_of(enum ct_decode_result result)
{
    switch (result) {
    case CT_DECODE_OK:
        return 200;
    case CT_DECODE_MALFORMED:
        return 400;
    case CT_DECODE_TOO_LARGE:
        return 413;
    case CT_DECODE_OUT_OF_MEMORY:
        break;
    }
    return 503;
}

static struct ct_outcome take_traces(struct ct_intake *intake, const uint8_t *body,
                                     size_t size_bytes, int64_t now_ms)
{
    struct ct_outcome outcome = {0};
    struct ct_decoded decoded;

    unsigned status = http_status_of(ct_decode_protobuf(body, size_bytes, &decoded));
    size_t spans = count(decoded.spans) + decoded.rejected;
    if (status == 200 && !keep(intake, decoded.spans, now_ms))
        ct_outcome_refuse(&outcome, 503, "memory is out");
    ct_outcome_refuse(&outcome, status, "%s", decoded.reason);
    outcome.rejected_spans = decoded.rejected;
    if (outcome.http_status == 200 && intake->forwarder && spans > 0)
        ct_forwarder_add(intake->forwarder, body, size_bytes, spans);
    return outcome;
}

static struct ct_outcome take_protobuf(struct ct_intake *intake, enum ct_signal signal,
                                       const uint8_t *body, size_t size_bytes, int64_t now_ms)
{
    if (signal == CT_SIGNAL_TRACES)
        return take_traces(intake, body, size_bytes, now_ms);
    if (intake->are_metrics_shown)
        intake->last_ms = now_ms;
    return ct_metrics_take(intake->metrics, body, size_bytes);
}

static struct ct_outcome take_json(struct ct_intake *intake, enum ct_signal signal,
                                   const uint8_t *body, size_t size_bytes, int64_t now_ms)
{
    struct ct_outcome outcome = {0};
    struct ct_proto_buffer bytes = {0};
    struct ct_proto_fault fault;

    const char *text = body ? (const char *)body : "";
    switch (ct_proto_from_json(ct_signal_request_type(signal), text, size_bytes, &bytes, &fault)) {
    case CT_FROM_JSON_OK:
        outcome = take_protobuf(intake, signal, bytes.data, bytes.size, now_ms);
        break;
    case CT_FROM_JSON_MALFORMED:
        ct_outcome_refuse(&outcome, 400, "at byte %zu: %s", fault.offset, fault.reason);
        break;
    case CT_FROM_JSON_OUT_OF_MEMORY:
        ct_outcome_refuse(&outcome, 503, "memory is out");
        break;
    }
    ct_proto_buffer_fini(&bytes);
    return outcome;
}

struct ct_outcome ct_intake_take(struct ct_intake *intake, enum ct_signal signal,
                                 enum ct_format format, const uint8_t *body, size_t size_bytes,
                                 int64_t now_ms)
{
    return format == CT_FORMAT_JSON ? take_json(intake, signal, body, size_bytes, now_ms)
                                    : take_protobuf(intake, signal, body, size_bytes, now_ms);
}
