/* SPDX-License-Identifier: Apache-2.0 */
/* configuration/sdk-environment-variables.md: what the variables come to in exported spans. */
#include "../support/sdk_fixture.h"

#include <cotel/sdk/auto.h>

#include <stdlib.h>

static struct sdk_fixture fixture;

static int start(void **state)
{
    fixture.provider = NULL;
    return clearenv();
}

static int stop(void **state)
{
    (void)cotel_sdk_shutdown(FLUSH_MS, NULL);
    cotel_memory_exporter_destroy(fixture.memory);
    fixture.memory = NULL;
    return 0;
}

static void set(const char *name, const char *value)
{
    assert_int_equal(setenv(name, value, 1), 0);
}

/* Sets the SDK up from the environment, to export into memory. */
static void init(void)
{
    cotel_span_processor *processor;
    set("OTEL_TRACES_EXPORTER", "none");
    assert_int_equal(cotel_sdk_init_from_env(), COTEL_STATUS_OK);
    fixture.provider = cotel_tracer_provider_global();
    fixture.tracer = cotel_tracer_get("environment", NULL);
    assert_non_null(fixture.provider);
    assert_int_equal(cotel_memory_exporter_create(&fixture.memory), COTEL_STATUS_OK);
    assert_int_equal(cotel_batch_processor_create(cotel_memory_exporter_as_exporter(fixture.memory),
                                                  NULL, &processor),
                     COTEL_STATUS_OK);
    assert_int_equal(cotel_tracer_provider_add_processor(fixture.provider, processor),
                     COTEL_STATUS_OK);
}

/* A span of three attributes, with two events and two links of three attributes each. */
static cotel_span_view export_full_span(void)
{
    const cotel_attribute attributes[] = {cotel_attribute_string("a", "abcdef"),
                                          cotel_attribute_int("b", 2), cotel_attribute_int("c", 3)};
    cotel_span span = cotel_span_start(fixture.tracer, "span", NULL);
    const cotel_link link = {cotel_span_get_context(&span), attributes, COUNT_OF(attributes)};
    cotel_span_set_attributes(&span, attributes, COUNT_OF(attributes));
    for (size_t i = 0; i < 2; i++) {
        cotel_span_add_event(&span, "event", attributes, COUNT_OF(attributes));
        cotel_span_add_link(&span, &link);
    }
    cotel_span_end(&span);
    return sdk_fixture_span(&fixture, "span");
}

/* What the first event and the first link have dropped. */
static void assert_nested_drops(const cotel_span_view *span, uint32_t event_drops,
                                uint32_t link_drops)
{
    cotel_iterator events = cotel_span_view_events(span), links = cotel_span_view_links(span);
    cotel_event_view event;
    cotel_link_view link;
    assert_true(cotel_iterator_next_event(&events, &event));
    assert_int_equal(event.dropped_attributes, event_drops);
    assert_true(cotel_iterator_next_link(&links, &link));
    assert_int_equal(link.dropped_attributes, link_drops);
}

static void the_general_attribute_limits_hold_everywhere(void **state)
{
    char text[128];
    set("OTEL_ATTRIBUTE_COUNT_LIMIT", "2");
    set("OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT", "4");
    init();
    cotel_span_view span = export_full_span();
    assert_string_equal(string_attribute(&span, "a", text), "abcd");
    assert_int_equal(span.dropped_attributes, 1);
    assert_nested_drops(&span, 1, 1);
}

static void the_limits_of_spans_events_and_links_go_before_the_general_ones(void **state)
{
    char text[128];
    set("OTEL_ATTRIBUTE_COUNT_LIMIT", "0");
    set("OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT", "1");
    set("OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT", "3");
    set("OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT", "5");
    set("OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT", "2");
    set("OTEL_LINK_ATTRIBUTE_COUNT_LIMIT", "1");
    init();
    cotel_span_view span = export_full_span();
    assert_string_equal(string_attribute(&span, "a", text), "abcde");
    assert_int_equal(span.dropped_attributes, 0);
    assert_nested_drops(&span, 1, 2);
}

static void events_and_links_are_limited_each_for_itself(void **state)
{
    set("OTEL_SPAN_EVENT_COUNT_LIMIT", "1");
    set("OTEL_SPAN_LINK_COUNT_LIMIT", "0");
    init();
    cotel_span_view span = export_full_span();
    assert_int_equal(span.dropped_events, 1);
    assert_int_equal(span.dropped_links, 2);
}

static void assert_resource(const char *key, const char *expected)
{
    cotel_resource *resource;
    cotel_span_view span;
    cotel_value value;
    assert_true(cotel_memory_exporter_get(fixture.memory, 0, &span, NULL, &resource));
    assert_true(cotel_resource_get(resource, cotel_str_of(key), &value));
    assert_int_equal(value.type, COTEL_VALUE_STRING);
    assert_text(value.as.string, expected);
}

static void the_resource_takes_attributes_and_the_name_of_the_service(void **state)
{
    set("OTEL_RESOURCE_ATTRIBUTES", "team=core%20team,service.name=loses");
    set("OTEL_SERVICE_NAME", "writer");
    init();
    (void)export_full_span();
    assert_resource("team", "core team");
    assert_resource("service.name", "writer");
}

static void the_sampler_takes_its_argument(void **state)
{
    set("OTEL_TRACES_SAMPLER", "traceidratio");
    set("OTEL_TRACES_SAMPLER_ARG", "0");
    init();
    cotel_span span = cotel_span_start(fixture.tracer, "span", NULL);
    assert_false(cotel_span_is_recording(&span));
    cotel_span_end(&span);
}

static void a_disabled_sdk_still_hands_traces_on(void **state)
{
    cotel_headers headers = {.count = 0};
    set("OTEL_SDK_DISABLED", "TRUE");
    assert_int_equal(cotel_sdk_init_from_env(), COTEL_STATUS_OK);
    assert_null(cotel_tracer_provider_global());
    cotel_context *remote =
        remote_parent("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", NULL);
    cotel_inject(remote, &cotel_headers_setter, &headers);
    assert_string_equal(cotel_headers_get(&headers, "traceparent"),
                        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
    cotel_context_unref(remote);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, start, stop)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_general_attribute_limits_hold_everywhere),
        TEST(the_limits_of_spans_events_and_links_go_before_the_general_ones),
        TEST(events_and_links_are_limited_each_for_itself),
        TEST(the_resource_takes_attributes_and_the_name_of_the_service),
        TEST(the_sampler_takes_its_argument),
        TEST(a_disabled_sdk_still_hands_traces_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
