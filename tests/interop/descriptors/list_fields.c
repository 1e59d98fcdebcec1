/* SPDX-License-Identifier: Apache-2.0 */
/* Prints what the generated code and proto/text.c together make of each field of characters: the
 * message, the field, and `text` or `bytes`. Every message that an export request, stored traces or
 * metrics or an answer holds is reached from these. */
#include "proto/metrics_service.pb-c.h"
#include "proto/text.h"
#include "proto/trace_service.pb-c.h"

#include <assert.h>
#include <stdio.h>

enum { MAX_TYPES = 64 };

static const ProtobufCMessageDescriptor *types[MAX_TYPES] = {
    &ct_opentelemetry__proto__collector__trace__v1__export_trace_service_request__descriptor,
    &ct_opentelemetry__proto__collector__trace__v1__export_trace_service_response__descriptor,
    &ct_opentelemetry__proto__trace__v1__traces_data__descriptor,
    &ct_opentelemetry__proto__collector__metrics__v1__export_metrics_service_request__descriptor,
    &ct_opentelemetry__proto__collector__metrics__v1__export_metrics_service_response__descriptor,
    &ct_opentelemetry__proto__metrics__v1__metrics_data__descriptor,
};
static unsigned type_count = 6;

static void remember(const ProtobufCMessageDescriptor *type)
{
    for (unsigned i = 0; i < type_count; i++)
        if (types[i] == type)
            return;
    assert(type_count < MAX_TYPES);
    types[type_count++] = type;
}

static void list(const ProtobufCMessageDescriptor *type)
{
    for (unsigned i = 0; i < type->n_fields; i++) {
        const ProtobufCFieldDescriptor *field = &type->fields[i];
        if (field->type == PROTOBUF_C_TYPE_MESSAGE)
            remember(field->descriptor);
        else if (field->type == PROTOBUF_C_TYPE_BYTES || field->type == PROTOBUF_C_TYPE_STRING)
            printf("%s.%s %s\n", type->name, field->name,
                   ct_proto_is_text(type, field) ? "text" : "bytes");
    }
}

int main(void)
{
    for (unsigned i = 0; i < type_count; i++)
        list(types[i]);
    return 0;
}
