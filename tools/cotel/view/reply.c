/* SPDX-License-Identifier: Apache-2.0 */
#include "view/reply.h"

#include "proto/status.pb-c.h"
#include "proto/trace_service.pb-c.h"

#include <stdlib.h>
#include <string.h>

typedef Opentelemetry__Proto__Collector__Trace__V1__ExportTraceServiceResponse pb_response;
typedef Opentelemetry__Proto__Collector__Trace__V1__ExportTracePartialSuccess pb_partial;

/* What gRPC calls the failures that HTTP has these numbers for. */
static const struct {
    unsigned http_status;
    int grpc_code;
} grpc_codes[] = {
    {400, 3},  /* INVALID_ARGUMENT */
    {404, 5},  /* NOT_FOUND */
    {405, 12}, /* UNIMPLEMENTED */
    {413, 8},  /* RESOURCE_EXHAUSTED */
    {415, 3},  /* INVALID_ARGUMENT */
    {503, 14}, /* UNAVAILABLE */
};

enum { GRPC_UNKNOWN = 2 };

static int grpc_code(unsigned http_status)
{
    for (size_t i = 0; i < sizeof(grpc_codes) / sizeof(grpc_codes[0]); i++)
        if (grpc_codes[i].http_status == http_status)
            return grpc_codes[i].grpc_code;
    return GRPC_UNKNOWN;
}

static ProtobufCBinaryData text(const char *literal)
{
    return (ProtobufCBinaryData){strlen(literal), (uint8_t *)(uintptr_t)literal};
}

static struct ct_reply pack(unsigned http_status, const ProtobufCMessage *message)
{
    struct ct_reply reply = {.http_status = http_status};
    size_t size = protobuf_c_message_get_packed_size(message);

    if (size > 0)
        reply.body = malloc(size);
    if (reply.body)
        reply.size_bytes = protobuf_c_message_pack(message, reply.body);
    return reply;
}

struct ct_reply ct_reply_success(size_t rejected_spans, const char *reason)
{
    pb_response response =
        OPENTELEMETRY__PROTO__COLLECTOR__TRACE__V1__EXPORT_TRACE_SERVICE_RESPONSE__INIT;
    pb_partial partial =
        OPENTELEMETRY__PROTO__COLLECTOR__TRACE__V1__EXPORT_TRACE_PARTIAL_SUCCESS__INIT;

    if (rejected_spans > 0) {
        partial.rejected_spans = (int64_t)rejected_spans;
        partial.error_message = text(reason);
        response.partial_success = &partial;
    }
    return pack(200, &response.base);
}

struct ct_reply ct_reply_failure(unsigned http_status, const char *reason)
{
    Google__Rpc__Status status = GOOGLE__RPC__STATUS__INIT;

    status.code = grpc_code(http_status);
    status.message = text(reason);
    return pack(http_status, &status.base);
}
