/* SPDX-License-Identifier: Apache-2.0 */
#include "protobuf_c_span.h"

#include "measure.h"
#include "proto/trace.pb-c.h"

#include <string.h>

/* The generated names are long. */
#define INIT(name) OPENTELEMETRY__PROTO__##name##__INIT
#define CASE(kind) OPENTELEMETRY__PROTO__COMMON__V1__ANY_VALUE__VALUE_##kind##_VALUE
#define ATTRIBUTES 5
#define PACKED_AT_MOST 512

typedef Opentelemetry__Proto__Common__V1__KeyValue key_value;
typedef Opentelemetry__Proto__Common__V1__AnyValue any_value;
typedef Opentelemetry__Proto__Trace__V1__Span span_message;
typedef Opentelemetry__Proto__Trace__V1__Status status_message;

static ProtobufCBinaryData text(const char *content)
{
    return (ProtobufCBinaryData){.len = strlen(content), .data = (uint8_t *)(uintptr_t)content};
}

static void set(key_value *pair, any_value *value, const char *key)
{
    key_value fresh_pair = INIT(COMMON__V1__KEY_VALUE);
    any_value fresh_value = INIT(COMMON__V1__ANY_VALUE);
    *pair = fresh_pair;
    *value = fresh_value;
    pair->key = text(key);
    pair->value = value;
}

static void set_attributes(key_value *pairs, any_value *values)
{
    set(&pairs[0], &values[0], "gen_ai.request.model");
    values[0].value_case = CASE(STRING);
    values[0].string_value = text("gpt-4o");
    set(&pairs[1], &values[1], "gen_ai.agent.name");
    values[1].value_case = CASE(STRING);
    values[1].string_value = text("writer");
    set(&pairs[2], &values[2], "gen_ai.usage.input_tokens");
    values[2].value_case = CASE(INT);
    values[2].int_value = 1234;
    set(&pairs[3], &values[3], "agent.cost_usd");
    values[3].value_case = CASE(DOUBLE);
    values[3].double_value = 0.0123;
    set(&pairs[4], &values[4], "agent.cached");
    values[4].value_case = CASE(BOOL);
    values[4].bool_value = 0;
}

void protobuf_c_span(void)
{
    static uint8_t ids[24] = {1};
    uint8_t packed[PACKED_AT_MOST];
    key_value pairs[ATTRIBUTES];
    any_value values[ATTRIBUTES];
    key_value *attributes[ATTRIBUTES];
    status_message status = INIT(TRACE__V1__STATUS);
    span_message span = INIT(TRACE__V1__SPAN);

    span.trace_id = (ProtobufCBinaryData){.len = 16, .data = ids};
    span.span_id = (ProtobufCBinaryData){.len = 8, .data = ids + 16};
    span.flags = 0x101;
    span.name = text("llm_call");
    span.kind = OPENTELEMETRY__PROTO__TRACE__V1__SPAN__SPAN_KIND__SPAN_KIND_CLIENT;
    span.start_time_unix_nano = clock_ns(CLOCK_REALTIME);
    set_attributes(pairs, values);
    for (size_t i = 0; i < ATTRIBUTES; i++)
        attributes[i] = &pairs[i];
    span.n_attributes = ATTRIBUTES;
    span.attributes = attributes;
    status.code = OPENTELEMETRY__PROTO__TRACE__V1__STATUS__STATUS_CODE__STATUS_CODE_OK;
    span.status = &status;
    span.end_time_unix_nano = clock_ns(CLOCK_REALTIME);
    size_t size = ct_opentelemetry__proto__trace__v1__span__pack(&span, packed);
    __asm__ volatile("" ::"r"(packed), "r"(size) : "memory");
}
