/* SPDX-License-Identifier: Apache-2.0 */
#include "view/reply.h"

#include "proto/json.h"
#include "proto/status.pb-c.h"
#include "proto/trace_service.pb-c.h"

#include <stdlib.h>
#include <string.h>

typedef Opentelemetry__Proto__Collector__Trace__V1__ExportTraceServiceResponse pb_response;
typedef Opentelemetry__Proto__Collector__Trace__V1__ExportTracePartialSuccess pb_partial;

static ProtobufCBinaryData text(const char *literal)
{
    return (ProtobufCBinaryData){strlen(literal), (uint8_t *)(uintptr_t)literal};
}

static void make_json(struct ct_reply *reply, const ProtobufCMessageDescriptor *type)
{
    struct ct_json json = {0};

    bool is_made = ct_proto_json_append(&json, type, reply->body, reply->size_bytes);
    free(reply->body);
    reply->body = is_made ? (uint8_t *)json.data : NULL;
    reply->size_bytes = is_made ? json.size : 0;
    if (!is_made)
        free(json.data);
}

static struct ct_reply pack(unsigned http_status, const ProtobufCMessage *message,
                            enum ct_format format)
{
    struct ct_reply reply = {.http_status = http_status};
    size_t size = protobuf_c_message_get_packed_size(message);

    if (size > 0)
        reply.body = malloc(size);
    if (reply.body)
        reply.size_bytes = protobuf_c_message_pack(message, reply.body);
    if (format == CT_FORMAT_JSON)
        make_json(&reply, message->descriptor);
    return reply;
}

static struct ct_reply success(const struct ct_outcome *outcome, enum ct_format format)
{
    pb_response response =
        OPENTELEMETRY__PROTO__COLLECTOR__TRACE__V1__EXPORT_TRACE_SERVICE_RESPONSE__INIT;
    pb_partial partial =
        OPENTELEMETRY__PROTO__COLLECTOR__TRACE__V1__EXPORT_TRACE_PARTIAL_SUCCESS__INIT;

    if (outcome->rejected_spans > 0) {
        partial.rejected_spans = (int64_t)outcome->rejected_spans;
        partial.error_message = text(outcome->reason);
        response.partial_success = &partial;
    }
    return pack(200, &response.base, format);
}

static struct ct_reply failure(const struct ct_outcome *outcome, enum ct_format format)
{
    Google__Rpc__Status status = GOOGLE__RPC__STATUS__INIT;

    status.code = (int32_t)ct_outcome_grpc_code(outcome);
    status.message = text(outcome->reason);
    return pack(outcome->http_status, &status.base, format);
}

struct ct_reply ct_reply_make(const struct ct_outcome *outcome, enum ct_format format)
{
    return outcome->http_status == 200 ? success(outcome, format) : failure(outcome, format);
}
