/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as an export request from outside: what the check lets through, protobuf-c unpacks. */
#include "fuzz.h"

#include "proto/check.h"
#include "proto/trace_service.pb-c.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const ProtobufCMessageDescriptor *type =
        &ct_opentelemetry__proto__collector__trace__v1__export_trace_service_request__descriptor;
    struct ct_proto_fault fault = {0};
    if (ct_proto_check(type, data, size, &fault) != CT_PROTO_OK) {
        MUST(fault.offset <= size);
        MUST(memchr(fault.reason, '\0', sizeof(fault.reason)));
        return 0;
    }
    ProtobufCMessage *message = protobuf_c_message_unpack(type, NULL, size, data);
    MUST(message);
    protobuf_c_message_free_unpacked(message, NULL);
    return 0;
}
