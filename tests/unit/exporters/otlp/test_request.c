/* SPDX-License-Identifier: Apache-2.0 */
#include "exporters/otlp/encode/request.h"
#include "proto/check.h"
#include "proto/metrics_service.pb-c.h"
#include "proto/trace_service.pb-c.h"
#include "tests/support/export_host.h"

#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

typedef Opentelemetry__Proto__Collector__Trace__V1__ExportTraceServiceRequest request_message;
typedef Opentelemetry__Proto__Trace__V1__ScopeSpans scope_spans_message;
typedef Opentelemetry__Proto__Collector__Metrics__V1__ExportMetricsServiceRequest metrics_message;
typedef Opentelemetry__Proto__Metrics__V1__ScopeMetrics scope_metrics_message;

static const char *source_root;
static const struct ct_otlp_format plain;

/* The body as one block, read `step` bytes at a time. */
static char *read_all(struct ct_otlp_request *request, size_t step)
{
    char *body = malloc(request->size + step);
    size_t size = 0;
    size_t read;
    while ((read = ct_otlp_request_read(request, body + size, step)) > 0)
        size += read;
    assert_int_equal(size, request->size);
    return body;
}

static void the_body_decodes_to_the_batch(void **state)
{
    cotel_batch *batch = host_batch(3, 5, 200);
    struct ct_otlp_request request = {0};
    assert_true(ct_otlp_request_build(&request, batch, &plain));
    char *body = read_all(&request, 100);
    struct ct_proto_fault fault;
    assert_int_equal(
        ct_proto_check(
            &ct_opentelemetry__proto__collector__trace__v1__export_trace_service_request__descriptor,
            body, request.size, &fault),
        CT_PROTO_OK);
    request_message *message =
        ct_opentelemetry__proto__collector__trace__v1__export_trace_service_request__unpack(
            NULL, request.size, (const uint8_t *)body);
    assert_non_null(message);
    assert_int_equal(message->n_resource_spans, 1);
    assert_memory_equal(message->resource_spans[0]->schema_url.data, "https://example.com/resource",
                        message->resource_spans[0]->schema_url.len);
    assert_int_equal(message->resource_spans[0]->resource->n_attributes, 1);
    assert_int_equal(message->resource_spans[0]->n_scope_spans, 3);
    for (size_t i = 0; i < 3; i++) {
        const scope_spans_message *group = message->resource_spans[0]->scope_spans[i];
        assert_int_equal(group->n_spans, 5);
        assert_int_equal(group->scope->name.data[0], 'a' + i);
        assert_int_equal(group->schema_url.len, i == 1 ? strlen("https://example.com/scope") : 0);
        assert_int_equal(group->spans[4]->name.len, 204);
    }
    ct_opentelemetry__proto__collector__trace__v1__export_trace_service_request__free_unpacked(
        message, NULL);
    free(body);
    ct_otlp_request_fini(&request);
    cotel_batch_unref(batch);
}

static metrics_message *unpack_metrics(const char *body, size_t size)
{
    struct ct_proto_fault fault;
    const ProtobufCMessageDescriptor *type =
        &ct_opentelemetry__proto__collector__metrics__v1__export_metrics_service_request__descriptor;
    assert_int_equal(ct_proto_check(type, body, size, &fault), CT_PROTO_OK);
    return (metrics_message *)protobuf_c_message_unpack(type, NULL, size, (const uint8_t *)body);
}

static void the_body_of_metrics_decodes_to_the_batch(void **state)
{
    cotel_batch *batch = host_metrics(3, 5, 2);
    struct ct_otlp_request request = {0};
    assert_true(ct_otlp_request_build(&request, batch, &plain));
    char *body = read_all(&request, 100);
    metrics_message *message = unpack_metrics(body, request.size);
    assert_int_equal(message->n_resource_metrics, 1);
    assert_memory_equal(message->resource_metrics[0]->schema_url.data,
                        "https://example.com/resource", 28);
    assert_int_equal(message->resource_metrics[0]->resource->n_attributes, 1);
    assert_int_equal(message->resource_metrics[0]->n_scope_metrics, 3);
    for (size_t i = 0; i < 3; i++) {
        const scope_metrics_message *group = message->resource_metrics[0]->scope_metrics[i];
        assert_int_equal(group->n_metrics, 5);
        assert_int_equal(group->scope->name.data[0], 'a' + i);
        assert_int_equal(group->schema_url.len, i == 1 ? strlen("https://example.com/scope") : 0);
        assert_int_equal(group->metrics[4]->gauge->n_data_points, 2);
        assert_int_equal(group->metrics[4]->gauge->data_points[1]->as_int, 7);
    }
    protobuf_c_message_free_unpacked(&message->base, NULL);
    free(body);
    ct_otlp_request_fini(&request);
    cotel_batch_unref(batch);
}

static void the_body_of_metrics_in_json_has_the_same_in_it(void **state)
{
    static const struct ct_otlp_format format = {.encoding = COTEL_OTLP_ENCODING_JSON};
    cotel_batch *batch = host_metrics(2, 2, 2);
    struct ct_otlp_request request = {0};
    assert_true(ct_otlp_request_build(&request, batch, &format));
    char *body = read_all(&request, 100);
    json_t *json = json_loadb(body, request.size, JSON_REJECT_DUPLICATES, NULL);
    json_t *resource = json_array_get(json_object_get(json, "resourceMetrics"), 0);
    json_t *scope = json_array_get(json_object_get(resource, "scopeMetrics"), 1);
    assert_string_equal(json_string_value(json_object_get(scope, "schemaUrl")),
                        "https://example.com/scope");
    json_t *metric = json_array_get(json_object_get(scope, "metrics"), 1);
    assert_string_equal(json_string_value(json_object_get(metric, "name")), "00000003");
    json_t *points = json_object_get(json_object_get(metric, "gauge"), "dataPoints");
    assert_int_equal(json_array_size(points), 2);
    assert_string_equal(json_string_value(json_object_get(json_array_get(points, 1), "asInt")),
                        "7");
    json_decref(json);
    free(body);
    ct_otlp_request_fini(&request);
    cotel_batch_unref(batch);
}

static void the_body_in_json_has_the_same_in_it(void **state)
{
    static const struct ct_otlp_format format = {.encoding = COTEL_OTLP_ENCODING_JSON};
    cotel_batch *batch = host_batch(3, 5, 200);
    struct ct_otlp_request request = {0};
    for (int round = 0; round < 2; round++) { /* memory is kept in between */
        assert_true(ct_otlp_request_build(&request, batch, &format));
        char *body = read_all(&request, 100);
        json_t *json = json_loadb(body, request.size, JSON_REJECT_DUPLICATES, NULL);
        json_t *resource = json_array_get(json_object_get(json, "resourceSpans"), 0);
        json_t *scopes = json_object_get(resource, "scopeSpans");
        assert_string_equal(json_string_value(json_object_get(resource, "schemaUrl")),
                            "https://example.com/resource");
        assert_int_equal(json_array_size(scopes), 3);
        json_t *spans = json_object_get(json_array_get(scopes, 2), "spans");
        assert_int_equal(json_array_size(spans), 5);
        assert_int_equal(json_string_length(json_object_get(json_array_get(spans, 4), "name")),
                         204);
        json_decref(json);
        free(body);
    }
    ct_otlp_request_fini(&request);
    cotel_batch_unref(batch);
}

static void reading_can_start_again_anywhere(void **state)
{
    cotel_batch *batch = host_batch(2, 3, 10);
    struct ct_otlp_request request = {0};
    assert_true(ct_otlp_request_build(&request, batch, &plain));
    char *body = read_all(&request, 1);
    char *rest = malloc(request.size);
    for (size_t from = 0; from <= request.size; from++) {
        assert_true(ct_otlp_request_seek(&request, from));
        assert_int_equal(ct_otlp_request_read(&request, rest, request.size), request.size - from);
        assert_memory_equal(rest, body + from, request.size - from);
    }
    assert_false(ct_otlp_request_seek(&request, request.size + 1));
    free(rest);
    free(body);
    ct_otlp_request_fini(&request);
    cotel_batch_unref(batch);
}

static void the_memory_serves_the_next_batch(void **state)
{
    struct ct_otlp_request request = {0};
    for (size_t groups = 1; groups <= 8; groups++) {
        cotel_batch *batch = host_batch(groups, 1, groups * 100);
        assert_true(ct_otlp_request_build(&request, batch, &plain));
        free(read_all(&request, 4096));
        cotel_batch_unref(batch);
    }
    ct_otlp_request_fini(&request);
}

/* The spans of a large batch are where they were: nothing of them is in the request's own memory.
 */
static void spans_are_not_copied(void **state)
{
    cotel_batch *batch = host_batch(2, 500, 1000);
    struct ct_otlp_request request = {0};
    assert_true(ct_otlp_request_build(&request, batch, &plain));
    assert_true(request.size > 1000000);
    assert_true(request.heads_capacity < 200);
    size_t count;
    const cotel_batch_group *groups = cotel_batch_groups(batch, &count);
    assert_ptr_equal(request.pieces[1].data, groups[0].bytes.data);
    assert_ptr_equal(request.pieces[3].data, groups[1].bytes.data);
    ct_otlp_request_fini(&request);
    cotel_batch_unref(batch);
}

static void save(const char *path, const char *bytes, size_t size)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
}

/* A second opinion from an implementation that is not ours. */
static void protoc_decodes_it_too(void **state)
{
    if (source_root == NULL || system("command -v protoc >/dev/null 2>&1") != 0)
        skip();
    cotel_batch *batch = host_batch(2, 2, 3);
    struct ct_otlp_request request = {0};
    assert_true(ct_otlp_request_build(&request, batch, &plain));
    char *body = read_all(&request, 64);
    char path[] = "/tmp/cotel-request-XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    close(fd);
    save(path, body, request.size);

    char command[1024];
    snprintf(command, sizeof command,
             "protoc -I '%s/proto' --decode=opentelemetry.proto.collector.trace.v1."
             "ExportTraceServiceRequest opentelemetry/proto/collector/trace/v1/trace_service.proto "
             "< %s",
             source_root, path);
    FILE *decoded = popen(command, "r");
    assert_non_null(decoded);
    char text[4096];
    text[fread(text, 1, sizeof text - 1, decoded)] = '\0';
    assert_int_equal(pclose(decoded), 0);
    assert_non_null(strstr(text, "key: \"service.name\""));
    assert_non_null(strstr(text, "schema_url: \"https://example.com/scope\""));
    assert_non_null(strstr(text, "span_id: \"00000003\""));
    assert_non_null(strstr(text, "name: \"namexxx\""));
    unlink(path);
    free(body);
    ct_otlp_request_fini(&request);
    cotel_batch_unref(batch);
}

int main(int argc, char **argv)
{
    source_root = argc > 1 ? argv[1] : NULL;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_body_decodes_to_the_batch),
        cmocka_unit_test(the_body_of_metrics_decodes_to_the_batch),
        cmocka_unit_test(the_body_of_metrics_in_json_has_the_same_in_it),
        cmocka_unit_test(the_body_in_json_has_the_same_in_it),
        cmocka_unit_test(reading_can_start_again_anywhere),
        cmocka_unit_test(the_memory_serves_the_next_batch),
        cmocka_unit_test(spans_are_not_copied),
        cmocka_unit_test(protoc_decodes_it_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
