/* SPDX-License-Identifier: Apache-2.0 */
/* The SDK's public macros, and a scope object that records, as pedantic C++17. (Those of the API
 * alone are in tests/unit/api/test_macros_cpp.cpp.) */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

extern "C" {
#include <cmocka.h>
}

#include <cotel/cotel.h>
#include <cotel/exporters/console.h>
#include <cotel/exporters/otlp.h>
#include <cotel/samplers/jaeger_remote.h>
#include <cotel/sdk/auto.h>
#include <cotel/sdk/metric_reader.h>
#include <cotel/sdk/testing.h>

static void options_are_initialised_by_their_macros(void **)
{
    cotel_span_limits limits = COTEL_SPAN_LIMITS_INIT;
    cotel_batch_processor_options batch = COTEL_BATCH_PROCESSOR_OPTIONS_INIT;
    cotel_tracer_provider_options provider = COTEL_TRACER_PROVIDER_OPTIONS_INIT;
    cotel_sdk_options sdk = COTEL_SDK_OPTIONS_INIT;
    cotel_console_options console = COTEL_CONSOLE_OPTIONS_INIT;
    cotel_otlp_http_options otlp = COTEL_OTLP_HTTP_OPTIONS_INIT;
    cotel_jaeger_remote_sampler_options jaeger = COTEL_JAEGER_REMOTE_SAMPLER_OPTIONS_INIT;
    assert_int_equal(limits.size, sizeof limits);
    assert_true(limits.value_length == COTEL_UNLIMITED);
    assert_int_equal(batch.max_queue_size, 2048);
    assert_int_equal(provider.limits.size, sizeof limits);
    assert_int_equal(sdk.batch.size, sizeof batch);
    assert_int_equal(console.fd, 1);
    assert_int_equal(otlp.max_request_bytes, 64 << 20);
    assert_int_equal(jaeger.max_operations, 2000);
    cotel_periodic_reader_options reader = COTEL_PERIODIC_READER_OPTIONS_INIT;
    assert_int_equal(reader.reader.size, sizeof reader.reader);
}

static void lists_expand(void **)
{
#define COUNT(...) +1
    assert_int_equal(0 COTEL_DROP_MAP(COUNT), COTEL_DROP_REASONS);
    assert_int_equal(0 COTEL_STATUS_MAP(COUNT), COTEL_STATUS_NOT_FOUND + 1);
#undef COUNT
    assert_true((COTEL_DETECT_ALL & COTEL_DETECT_COMMAND) == 0);
    assert_true(COTEL_NEVER_NS == UINT64_MAX);
}

static void a_scope_object_records_a_span(void **)
{
    cotel_memory_exporter *memory = nullptr;
    cotel_sdk_options options = COTEL_SDK_OPTIONS_INIT;
    assert_int_equal(cotel_memory_exporter_create(&memory), COTEL_STATUS_OK);
    options.service_name = "writer";
    options.exporter = cotel_memory_exporter_as_exporter(memory);
    assert_int_equal(cotel_sdk_init(&options), COTEL_STATUS_OK);
    {
        cotel::Scope scope(cotel_tracer_get("macros", nullptr), "outer");
        COTEL_SPAN_SCOPE(inner, cotel_tracer_get("macros", nullptr), "inner", nullptr);
        cotel_span_set(scope.span(), "text", "value");
    }
    assert_int_equal(cotel_sdk_flush(10000), COTEL_STATUS_OK);
    cotel_span_view inner, outer;
    assert_true(cotel_memory_exporter_get(memory, 0, &inner, nullptr, nullptr));
    assert_true(cotel_memory_exporter_get(memory, 1, &outer, nullptr, nullptr));
    assert_memory_equal(&inner.parent_span_id, &outer.span_id, sizeof outer.span_id);
    assert_int_equal(cotel_sdk_shutdown(1000, nullptr), COTEL_STATUS_OK);
    cotel_memory_exporter_destroy(memory);
}

int main()
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(options_are_initialised_by_their_macros),
        cmocka_unit_test(lists_expand),
        cmocka_unit_test(a_scope_object_records_a_span),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
