/* SPDX-License-Identifier: Apache-2.0 */
/* trace/api.md "SpanContext". */
#include "../support/sdk_fixture.h"

static struct sdk_fixture fixture;

static int start(void **state)
{
    sdk_fixture_start(&fixture, NULL);
    return 0;
}

static int stop(void **state)
{
    sdk_fixture_stop(&fixture);
    return 0;
}

static void what_came_in_is_remote_and_its_child_is_not(void **state)
{
    cotel_context *remote =
        remote_parent("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-03", NULL);
    cotel_span parent = cotel_context_span(remote);
    cotel_span_options options = COTEL_SPAN_OPTIONS_INIT;
    options.parent = remote;
    cotel_span child = cotel_span_start(fixture.tracer, "child", &options);
    assert_true(cotel_span_get_context(&parent).is_remote);
    assert_false(cotel_span_get_context(&child).is_remote);
    cotel_span_end(&child);
    cotel_context_unref(remote);
}

static void a_started_span_is_valid_and_none_is_not(void **state)
{
    cotel_span span = cotel_span_start(fixture.tracer, "span", NULL);
    cotel_span none = cotel_span_none();
    cotel_span_context of_span = cotel_span_get_context(&span);
    cotel_span_context of_none = cotel_span_get_context(&none);
    assert_true(cotel_span_context_is_valid(&of_span));
    assert_false(cotel_span_context_is_valid(&of_none));
    cotel_span_end(&span);
}

static void the_context_stays_the_same_after_the_end(void **state)
{
    cotel_span span = cotel_span_start(fixture.tracer, "span", NULL);
    cotel_span_context before = cotel_span_get_context(&span);
    cotel_span_end(&span);
    cotel_span_context after = cotel_span_get_context(&span);
    assert_memory_equal(&after.trace_id, &before.trace_id, sizeof before.trace_id);
    assert_memory_equal(&after.span_id, &before.span_id, sizeof before.span_id);
    assert_int_equal(after.trace_flags, before.trace_flags);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, start, stop)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_came_in_is_remote_and_its_child_is_not),
        TEST(a_started_span_is_valid_and_none_is_not),
        TEST(the_context_stays_the_same_after_the_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
