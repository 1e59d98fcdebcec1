/* SPDX-License-Identifier: Apache-2.0 */
#include "exporters/otlp/encode/response.h"

#include "exporters/otlp/encode/text.h"
#include "proto/check.h"
#include "proto/status.pb-c.h"
#include "proto/trace_service.pb-c.h"

typedef Opentelemetry__Proto__Collector__Trace__V1__ExportTraceServiceResponse response_message;
typedef Opentelemetry__Proto__Collector__Trace__V1__ExportTracePartialSuccess partial_message;
typedef Google__Rpc__Status status_message;

/* Unpacks a message that protobuf-c can be trusted with; NULL: it can't, or memory is out. */
static ProtobufCMessage *unpack(const ProtobufCMessageDescriptor *type, const void *bytes,
                                size_t size)
{
    struct ct_proto_fault fault;
    if (ct_proto_check(type, bytes, size, &fault) != CT_PROTO_OK)
        return NULL;
    return protobuf_c_message_unpack(type, NULL, size, bytes);
}

static void read_partial_success(const partial_message *partial, struct ct_otlp_response *out)
{
    out->rejected = partial->rejected_spans > 0 ? (uint64_t)partial->rejected_spans : 0;
    ct_otlp_printable(out->text, sizeof out->text, partial->error_message.data,
                      partial->error_message.len);
}

bool ct_otlp_response_read(const void *bytes, size_t size, struct ct_otlp_response *out)
{
    *out = (struct ct_otlp_response){0};
    ProtobufCMessage *message = unpack(
        &ct_opentelemetry__proto__collector__trace__v1__export_trace_service_response__descriptor,
        bytes, size);
    if (message == NULL)
        return false;
    const response_message *response = (const response_message *)message;
    if (response->partial_success != NULL)
        read_partial_success(response->partial_success, out);
    protobuf_c_message_free_unpacked(message, NULL);
    return true;
}

bool ct_otlp_status_read(const void *bytes, size_t size, char *text, size_t capacity)
{
    ProtobufCMessage *message = unpack(&ct_google__rpc__status__descriptor, bytes, size);
    if (message == NULL)
        return false;
    const status_message *status = (const status_message *)message;
    bool has_text = status->message.len > 0;
    if (has_text)
        ct_otlp_printable(text, capacity, status->message.data, status->message.len);
    protobuf_c_message_free_unpacked(message, NULL);
    return has_text;
}
