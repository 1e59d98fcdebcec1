/* SPDX-License-Identifier: Apache-2.0 */
/* configuration/sdk-environment-variables.md: what the variables come to in exported spans and in
 * headers. How their values are read is in configuration.c. */
#include "../support/sdk_fixture.h"

#include <cotel/baggage.h>
#include <cotel/sdk/auto.h>

#include <stdio.h>
#include <stdlib.h>

static struct sdk_fixture fixture;

static struct {
    int warnings, infos, debugs;
    char last_warning[512];
} heard;

static void hear(void *user, cotel_log_level level, const char *component, const char *message)
{
    if (strcmp(component, "environment") != 0)
        return;
    heard.debugs += level == COTEL_LOG_DEBUG;
    heard.infos += level == COTEL_LOG_INFO;
    if (level != COTEL_LOG_WARNING)
        return;
    heard.warnings++;
    (void)snprintf(heard.last_warning, sizeof heard.last_warning, "%s", message);
}

static int start(void **state)
{
    fixture.provider = NULL;
    memset(&heard, 0, sizeof heard);
    cotel_diagnostics_set(hear, NULL, COTEL_LOG_WARNING);
    return clearenv();
}

static int stop(void **state)
{
    (void)cotel_sdk_shutdown(FLUSH_MS, NULL);
    cotel_propagator_set_global(NULL);
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

static void a_limit_that_cannot_be_used_leaves_the_general_one_in_force(void **state)
{
    set("OTEL_ATTRIBUTE_COUNT_LIMIT", "2");
    set("OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT", "three");
    init();
    assert_int_equal(export_full_span().dropped_attributes, 1);
    assert_int_equal(heard.warnings, 1);
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

static void an_invalid_sampler_argument_is_told_and_as_none(void **state)
{
    set("OTEL_TRACES_SAMPLER", "traceidratio");
    set("OTEL_TRACES_SAMPLER_ARG", "1.5");
    init();
    cotel_span span = cotel_span_start(fixture.tracer, "span", NULL);
    assert_true(cotel_span_is_recording(&span));
    cotel_span_end(&span);
    assert_int_equal(heard.warnings, 1);
    assert_non_null(strstr(heard.last_warning, "OTEL_TRACES_SAMPLER_ARG=1.5 "));
}

static void a_sampler_argument_without_a_sampler_is_not_used(void **state)
{
    set("OTEL_TRACES_SAMPLER_ARG", "0");
    init();
    cotel_span span = cotel_span_start(fixture.tracer, "span", NULL);
    assert_true(cotel_span_is_recording(&span));
    cotel_span_end(&span);
    assert_int_equal(heard.warnings, 1);
}

static void the_log_level_is_that_of_diagnostics(void **state)
{
    set("OTEL_LOG_LEVEL", "info");
    init();
    assert_int_equal(heard.infos, 1);
    assert_int_equal(heard.debugs, 0);
}

static void the_log_level_none_silences_what_the_environment_has_wrong(void **state)
{
    set("OTEL_LOG_LEVEL", "none");
    set("OTEL_BSP_SCHEDULE_DELAY", "soon");
    init();
    assert_int_equal(heard.warnings, 0);
}

static void a_configuration_file_is_told_to_be_ignored(void **state)
{
    set("OTEL_CONFIG_FILE", "otel.yaml");
    set("OTEL_SDK_DISABLED", "true");
    assert_int_equal(cotel_sdk_init_from_env(), COTEL_STATUS_OK);
    assert_int_equal(heard.warnings, 1);
    assert_non_null(strstr(heard.last_warning, "OTEL_CONFIG_FILE=otel.yaml "));
}

/* What is sent to a peer, of a remote span with baggage, in an SDK that is set up now. */
static void send(cotel_headers *headers)
{
    cotel_propagator_set_global(NULL); /* to make the remote parent */
    cotel_context *remote =
        remote_parent("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", NULL);
    cotel_baggage *baggage = cotel_baggage_set(NULL, "session", "s-17");
    cotel_context *context = cotel_context_with_baggage(remote, baggage);
    set("OTEL_TRACES_EXPORTER", "none");
    assert_int_equal(cotel_sdk_init_from_env(), COTEL_STATUS_OK);
    cotel_inject(context, &cotel_headers_setter, headers);
    cotel_context_unref(context);
    cotel_baggage_unref(baggage);
    cotel_context_unref(remote);
}

/* The names of what is sent, in order, with a blank behind each. `propagators` NULL: not set. */
static void assert_sent(const char *propagators, const char *names)
{
    char sent[256] = "";
    cotel_headers headers = {.count = 0};
    if (propagators)
        set("OTEL_PROPAGATORS", propagators);
    send(&headers);
    for (size_t i = 0; i < headers.count; i++) {
        size_t used = strlen(sent);
        (void)snprintf(sent + used, sizeof sent - used, "%s ", headers.items[i].key);
    }
    assert_string_equal(sent, names);
    assert_int_equal(cotel_sdk_shutdown(FLUSH_MS, NULL), COTEL_STATUS_OK);
}

static void without_the_variable_trace_context_and_baggage_are_propagated(void **state)
{
    assert_sent(NULL, "traceparent baggage ");
}

static void each_known_propagator_can_be_named(void **state)
{
    assert_sent("tracecontext", "traceparent ");
    assert_sent("baggage", "baggage ");
    assert_sent("b3", "b3 ");
    assert_sent("b3multi", "x-b3-traceid x-b3-spanid x-b3-sampled ");
    assert_sent("jaeger", "uber-trace-id uberctx-session ");
    assert_int_equal(heard.warnings, 0);
}

static void propagators_work_in_the_order_given(void **state)
{
    assert_sent("b3,baggage,tracecontext", "b3 baggage traceparent ");
}

static void a_propagator_that_is_named_twice_is_registered_once(void **state)
{
    size_t fields = 0;
    set("OTEL_PROPAGATORS", "b3,baggage,B3,b3");
    init();
    const cotel_propagator *global = cotel_propagator_global();
    while (global->ops->field(global, fields))
        fields++;
    assert_int_equal(fields, 2);
}

static void none_is_no_propagator(void **state)
{
    assert_sent("none", "");
    assert_int_equal(heard.warnings, 0);
}

static void an_unknown_propagator_is_told_and_the_others_work(void **state)
{
    assert_sent("xray,b3", "b3 ");
    assert_int_equal(heard.warnings, 1);
    assert_non_null(strstr(heard.last_warning, "xray"));
}

static void a_propagator_that_the_program_has_set_stays_without_the_variable(void **state)
{
    cotel_propagator_set_global(cotel_propagator_b3());
    init();
    assert_ptr_equal(cotel_propagator_global(), cotel_propagator_b3());
}

static void the_same_propagators_are_the_same_object_after_another_start(void **state)
{
    set("OTEL_PROPAGATORS", "b3,baggage");
    init();
    const cotel_propagator *first = cotel_propagator_global();
    assert_int_equal(stop(state), 0);
    init();
    assert_ptr_equal(cotel_propagator_global(), first);
}

static void a_disabled_sdk_makes_no_spans_and_still_propagates(void **state)
{
    set("OTEL_SDK_DISABLED", "true");
    assert_sent("b3,baggage", "b3 baggage ");
    assert_int_equal(cotel_sdk_init_from_env(), COTEL_STATUS_OK);
    assert_null(cotel_tracer_provider_global());
    cotel_span span = cotel_span_start(cotel_tracer_get("environment", NULL), "span", NULL);
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
        TEST(a_limit_that_cannot_be_used_leaves_the_general_one_in_force),
        TEST(the_resource_takes_attributes_and_the_name_of_the_service),
        TEST(the_sampler_takes_its_argument),
        TEST(an_invalid_sampler_argument_is_told_and_as_none),
        TEST(a_sampler_argument_without_a_sampler_is_not_used),
        TEST(the_log_level_is_that_of_diagnostics),
        TEST(the_log_level_none_silences_what_the_environment_has_wrong),
        TEST(a_configuration_file_is_told_to_be_ignored),
        TEST(without_the_variable_trace_context_and_baggage_are_propagated),
        TEST(each_known_propagator_can_be_named),
        TEST(propagators_work_in_the_order_given),
        TEST(a_propagator_that_is_named_twice_is_registered_once),
        TEST(none_is_no_propagator),
        TEST(an_unknown_propagator_is_told_and_the_others_work),
        TEST(a_propagator_that_the_program_has_set_stays_without_the_variable),
        TEST(the_same_propagators_are_the_same_object_after_another_start),
        TEST(a_disabled_sdk_makes_no_spans_and_still_propagates),
        TEST(a_disabled_sdk_still_hands_traces_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
