/* SPDX-License-Identifier: Apache-2.0 */
/* The few fields that are bytes in the schema are listed, so that a forgotten one shows at once
 * (ids are hardly ever UTF-8), where a forgotten string would go unchecked. */
#include "proto/text.h"

#include "proto/common.pb-c.h"
#include "proto/error_details.pb-c.h"
#include "proto/metrics.pb-c.h"
#include "proto/trace.pb-c.h"

#include <stddef.h>

static const struct {
    const ProtobufCMessageDescriptor *type;
    unsigned number;
} raw_fields[] = {
    {&ct_opentelemetry__proto__trace__v1__span__descriptor, 1},       /* trace_id */
    {&ct_opentelemetry__proto__trace__v1__span__descriptor, 2},       /* span_id */
    {&ct_opentelemetry__proto__trace__v1__span__descriptor, 4},       /* parent_span_id */
    {&ct_opentelemetry__proto__trace__v1__span__link__descriptor, 1}, /* trace_id */
    {&ct_opentelemetry__proto__trace__v1__span__link__descriptor, 2}, /* span_id */
    {&ct_opentelemetry__proto__metrics__v1__exemplar__descriptor, 4}, /* span_id */
    {&ct_opentelemetry__proto__metrics__v1__exemplar__descriptor, 5}, /* trace_id */
    {&ct_opentelemetry__proto__common__v1__any_value__descriptor, 7}, /* bytes_value */
    {&ct_google__rpc__any__descriptor, 2},                            /* value */
};

bool ct_proto_is_text(const ProtobufCMessageDescriptor *type, const ProtobufCFieldDescriptor *field)
{
    if (field->type != PROTOBUF_C_TYPE_BYTES)
        return field->type == PROTOBUF_C_TYPE_STRING;

    for (size_t i = 0; i < sizeof(raw_fields) / sizeof(raw_fields[0]); i++)
        if (raw_fields[i].type == type && raw_fields[i].number == field->id)
            return false;
    return true;
}
