/* SPDX-License-Identifier: Apache-2.0 */
/* trace/sdk.md "Span Limits": what the log says of them, at most once a span, and for all spans
 * together seldom. So each case has a process of its own. */
#include "../support/sdk_fixture.h"

#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

static struct sdk_fixture fixture;

struct told {
    int count;
    char message[512];
};

static void hear(void *user, cotel_log_level level, const char *component, const char *message)
{
    struct told *told = user;
    if (strcmp(component, "span") != 0)
        return;
    told->count++;
    (void)snprintf(told->message, sizeof told->message, "%s", message);
}

static void run_case(void (*use)(const cotel_span *span), struct told *told)
{
    cotel_span_limits limits = COTEL_SPAN_LIMITS_INIT;
    cotel_tracer_provider_options options = COTEL_TRACER_PROVIDER_OPTIONS_INIT;
    limits.attributes = limits.events = limits.links = 1;
    limits.attributes_per_event = limits.attributes_per_link = 1;
    limits.value_length = 4;
    limits.value_depth = 1;
    options.limits = limits;
    sdk_fixture_start(&fixture, &options);
    cotel_diagnostics_set(hear, told, COTEL_LOG_WARNING);
    cotel_span span = cotel_span_start(fixture.tracer, "limited", NULL);
    use(&span);
    cotel_span_end(&span);
    sdk_fixture_stop(&fixture);
}

static struct told told_of(void (*use)(const cotel_span *span))
{
    struct told told = {.count = 0};
    int ends[2], status;
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        run_case(use, &told);
        _exit(write(ends[1], &told, sizeof told) == (ssize_t)sizeof told ? 0 : 1);
    }
    assert_int_equal(read(ends[0], &told, sizeof told), sizeof told);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    (void)close(ends[0]);
    (void)close(ends[1]);
    return told;
}

static void use_within_limits(const cotel_span *span)
{
    cotel_span_set_string(span, "key", "text");
    cotel_span_set_string(span, "key", "\xc3\xa4\xc3\xb6\xc3\xbc\xc3\x9f");
    cotel_span_add_event(span, "event", NULL, 0);
}

static void a_span_within_its_limits_is_not_told_of(void **state)
{
    assert_int_equal(told_of(use_within_limits).count, 0);
}

static void use_beyond_all_limits(const cotel_span *span)
{
    const cotel_attribute attributes[] = {cotel_attribute_string("a", "too long"),
                                          cotel_attribute_int("b", 2)};
    const cotel_link link = {cotel_span_get_context(span), attributes, COUNT_OF(attributes)};
    for (int i = 0; i < 3; i++) {
        cotel_span_set_attributes(span, attributes, COUNT_OF(attributes));
        cotel_span_add_event(span, "event", attributes, COUNT_OF(attributes));
        cotel_span_add_link(span, &link);
    }
}

static void a_span_beyond_its_limits_is_told_of_once_with_all_its_numbers(void **state)
{
    struct told told = told_of(use_beyond_all_limits);
    assert_int_equal(told.count, 1);
    assert_string_equal(told.message,
                        "\"limited\" is not whole: dropped 3 attributes, 2 events, 2 links, and 2 "
                        "attributes of events and links; values were cut; out of memory 0 times");
}

static void use_a_long_text(const cotel_span *span)
{
    cotel_span_set_string(span, "key", "12345");
}

static void use_long_bytes(const cotel_span *span)
{
    const cotel_attribute attribute = cotel_attribute_of("key", cotel_value_bytes("12345", 5));
    cotel_span_set_attribute(span, &attribute);
}

static void use_a_deep_value_in_an_event(const cotel_span *span)
{
    const cotel_value inner = cotel_value_array(NULL, 0);
    const cotel_attribute attribute = cotel_attribute_of("key", cotel_value_array(&inner, 1));
    cotel_span_add_event(span, "event", &attribute, 1);
}

static void use_many_attributes_in_a_link(const cotel_span *span)
{
    const cotel_attribute attributes[] = {cotel_attribute_int("a", 1), cotel_attribute_int("b", 2)};
    const cotel_link link = {cotel_span_get_context(span), attributes, COUNT_OF(attributes)};
    cotel_span_add_link(span, &link);
}

static void each_limit_alone_is_told_of(void **state)
{
    static void (*const uses[])(const cotel_span *) = {use_a_long_text, use_long_bytes,
                                                       use_a_deep_value_in_an_event,
                                                       use_many_attributes_in_a_link};
    for (size_t i = 0; i < COUNT_OF(uses); i++)
        assert_int_equal(told_of(uses[i]).count, 1);
}

static void use_many_spans(const cotel_span *span)
{
    for (int i = 0; i < 100; i++) {
        cotel_span another = cotel_span_start(fixture.tracer, "another", NULL);
        use_beyond_all_limits(&another);
        cotel_span_end(&another);
    }
}

static void many_spans_beyond_their_limits_do_not_flood_the_log(void **state)
{
    assert_int_equal(told_of(use_many_spans).count, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_span_within_its_limits_is_not_told_of),
        cmocka_unit_test(a_span_beyond_its_limits_is_told_of_once_with_all_its_numbers),
        cmocka_unit_test(each_limit_alone_is_told_of),
        cmocka_unit_test(many_spans_beyond_their_limits_do_not_flood_the_log),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
