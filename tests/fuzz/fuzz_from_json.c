/* SPDX-License-Identifier: Apache-2.0 */
/* Any text as OTLP/JSON: what comes out is a message of the type, and, written as JSON again and
 * read back, the same message. */
#include "fuzz.h"

#include "proto/from_json.h"
#include "proto/json.h"
#include "proto/trace_service.pb-c.h"

static const ProtobufCMessageDescriptor *const type =
    &ct_opentelemetry__proto__collector__trace__v1__export_trace_service_request__descriptor;

static void write_json(const struct ct_proto_buffer *bytes, struct ct_json *json)
{
    MUST(ct_proto_json_append(json, type, bytes->data, bytes->size));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ct_proto_buffer bytes = {0}, again = {0};
    struct ct_json json = {0}, same = {0};
    struct ct_proto_fault fault;

    if (ct_proto_from_json(type, (const char *)data, size, &bytes, &fault) == CT_FROM_JSON_OK) {
        enum ct_proto_verdict verdict = ct_proto_check(type, bytes.data, bytes.size, &fault);
        MUST(verdict == CT_PROTO_OK || verdict == CT_PROTO_TOO_DEEP);
        write_json(&bytes, &json);
        MUST(ct_proto_from_json(type, json.data, json.size, &again, &fault) == CT_FROM_JSON_OK);
        write_json(&again, &same);
        MUST(json.size == same.size && memcmp(json.data, same.data, json.size) == 0);
    } else {
        MUST(fault.offset <= size && fault.reason[0]);
    }
    ct_proto_buffer_fini(&bytes);
    ct_proto_buffer_fini(&again);
    free(json.data);
    free(same.data);
    return 0;
}
