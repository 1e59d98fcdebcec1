/* SPDX-License-Identifier: Apache-2.0 */
#include "suite.h"

#include "fake_sdk.h"

static struct fake_provider provider = FAKE_PROVIDER_INIT;
static cotel_tracer *tracer;

static int start_afresh(void **state)
{
    fake_reset();
    cotel_tracer_provider_set_global(&provider.base);
    tracer = cotel_tracer_get("test", NULL);
    return 0;
}

/* All spans that started have ended, each once, and none is current. */
static int nothing_is_left(void **state)
{
    bool left = fake_calls.started != fake_calls.ended || fake_calls.stale_ends > 0 ||
                cotel_context_current() != cotel_context_empty();
    return left ? -1 : 0;
}

static void a_scope_makes_its_span_current(void **state)
{
    COTEL_SPAN_SCOPE(scope, tracer, "work", NULL);
    cotel_span current = cotel_span_current();
    assert_true(same_span_id(&current, &scope.span));
    assert_true(cotel_span_is_recording(&scope.span));
}

static void scopes_nest(void **state)
{
    COTEL_SPAN_SCOPE(outer, tracer, "outer", NULL);
    {
        COTEL_SPAN_SCOPE(inner, tracer, "inner", NULL);
        cotel_span current = cotel_span_current();
        assert_true(same_span_id(&current, &inner.span));
    }
    cotel_span current = cotel_span_current();
    assert_true(same_span_id(&current, &outer.span));
}

static void break_and_continue_end_the_scope(void **state)
{
    for (int i = 0; i < 4; i++) {
        COTEL_SPAN_SCOPE(scope, tracer, "turn", NULL);
        if (i == 1)
            continue;
        if (i == 2)
            break;
    }
    assert_int_equal(fake_calls.started, 3);
    assert_int_equal(fake_calls.ended, 3);
}

static int returns_early(bool early)
{
    COTEL_SPAN_SCOPE(scope, tracer, "work", NULL);
    if (early)
        return 1;
    cotel_span_set_int(&scope.span, "late", 1);
    return 2;
}

static void return_ends_the_scope(void **state)
{
    assert_int_equal(returns_early(true), 1);
    assert_int_equal(returns_early(false), 2);
    assert_int_equal(fake_calls.ended, 2);
}

static void goto_ends_the_scope(void **state)
{
    int turns = 0;
again:
    if (turns < 3) {
        COTEL_SPAN_SCOPE(scope, tracer, "turn", NULL);
        turns++;
        goto again;
    }
    assert_int_equal(fake_calls.ended, 3);
}

static void a_second_end_is_harmless(void **state)
{
    cotel_span_scope scope = cotel_span_scope_start(tracer, "work", NULL);
    cotel_span_scope_end(&scope);
    cotel_span_scope_end(&scope);
    cotel_span_scope_end(NULL);
    assert_int_equal(fake_calls.ended, 1);
    cotel_context_counts counts = {.size = sizeof counts};
    cotel_context_stats(&counts);
    assert_int_equal(counts.already_detached, 0);
}

#define SCOPE_TEST(name) cmocka_unit_test_setup_teardown(name, start_afresh, nothing_is_left)

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCOPE_TEST(a_scope_makes_its_span_current),
        SCOPE_TEST(scopes_nest),
        SCOPE_TEST(break_and_continue_end_the_scope),
        SCOPE_TEST(return_ends_the_scope),
        SCOPE_TEST(goto_ends_the_scope),
        SCOPE_TEST(a_second_end_is_harmless),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
