/* SPDX-License-Identifier: Apache-2.0 */
#include "suite.h"

static void the_empty_context_has_no_span(void **state)
{
    cotel_span span = cotel_context_span(cotel_context_empty());
    assert_false(cotel_trace_id_is_valid(&span.trace_id));
    assert_null(cotel_context_tracestate(cotel_context_empty()));
}

static void the_empty_context_is_immortal(void **state)
{
    for (int i = 0; i < 5; i++)
        cotel_context_unref(cotel_context_empty());
    assert_ptr_equal(cotel_context_ref(cotel_context_empty()), cotel_context_empty());
}

static void a_fresh_thread_has_the_empty_context(void **state)
{
    assert_ptr_equal(cotel_context_current(), cotel_context_empty());
    cotel_span span = cotel_span_current();
    assert_false(cotel_span_id_is_valid(&span.span_id));
}

static void a_context_with_a_span_gives_it_back(void **state)
{
    cotel_span span = sample_span(1);
    cotel_context *context = cotel_context_with_span(NULL, &span);
    assert_true(same_span_id(cotel_context_span_pointer(context), &span));
    cotel_span copy = cotel_context_span(context);
    assert_true(same_span_id(&copy, &span));
    cotel_context_unref(context);
}

static void a_context_without_a_span_given_has_none(void **state)
{
    cotel_context *context = cotel_context_with_span(NULL, NULL);
    assert_false(cotel_span_id_is_valid(&cotel_context_span_pointer(context)->span_id));
    cotel_context_unref(context);
    context = cotel_context_with_span_context(NULL, NULL);
    assert_false(cotel_span_id_is_valid(&cotel_context_span_pointer(context)->span_id));
    cotel_context_unref(context);
}

static void a_span_context_brings_flags_remoteness_and_tracestate(void **state)
{
    cotel_span_context remote = sample_context();
    cotel_tracestate *tracestate = tracestate_of("foo=1");
    remote.tracestate = tracestate;
    cotel_context *context = cotel_context_with_span_context(cotel_context_empty(), &remote);
    cotel_tracestate_unref(tracestate);

    cotel_span_context got = cotel_span_get_context(cotel_context_span_pointer(context));
    assert_true(got.is_remote);
    assert_int_equal(got.trace_flags, COTEL_TRACE_FLAG_SAMPLED);
    cotel_tracestate *kept = cotel_context_tracestate(context);
    assert_str_is(cotel_tracestate_header(kept), "foo=1");
    cotel_tracestate_unref(kept);
    cotel_context_unref(context);
}

static void a_wrapped_span_keeps_the_tracestate_of_a_context_with_its_ids(void **state)
{
    cotel_span_context remote = sample_context();
    cotel_tracestate *tracestate = tracestate_of("foo=1");
    remote.tracestate = tracestate;
    cotel_context *base = cotel_context_with_span_context(NULL, &remote);
    cotel_span same = cotel_span_wrap(&remote);
    cotel_span other = sample_span(9);

    cotel_context *kept = cotel_context_with_span(base, &same);
    cotel_context *lost = cotel_context_with_span(base, &other);
    cotel_tracestate *found = cotel_context_tracestate(kept);
    assert_ptr_equal(found, tracestate);
    assert_null(cotel_context_tracestate(lost));

    cotel_tracestate_unref(found);
    cotel_tracestate_unref(tracestate);
    cotel_context_unref(kept);
    cotel_context_unref(lost);
    cotel_context_unref(base);
}

static void references_are_counted(void **state)
{
    cotel_span span = sample_span(1);
    cotel_context *context = cotel_context_with_span(NULL, &span);
    assert_ptr_equal(cotel_context_ref(context), context);
    cotel_context_unref(context);
    assert_true(same_span_id(cotel_context_span_pointer(context), &span));
    cotel_context_unref(context);
    cotel_context_unref(NULL);
}

static void a_reference_to_a_borrowed_context_is_a_copy_that_stays(void **state)
{
    cotel_span span = sample_span(1);
    cotel_token token = cotel_span_activate(&span);
    const cotel_context *borrowed = cotel_context_current();
    cotel_context *copy = cotel_context_ref(borrowed);
    cotel_context *captured = cotel_context_capture();
    assert_ptr_not_equal(copy, borrowed);
    cotel_context_detach(token);

    assert_true(same_span_id(cotel_context_span_pointer(copy), &span));
    assert_true(same_span_id(cotel_context_span_pointer(captured), &span));
    cotel_context_unref(copy);
    cotel_context_unref(captured);
}

static void unref_of_a_borrowed_context_does_nothing(void **state)
{
    cotel_span span = sample_span(1);
    cotel_token token = cotel_span_activate(&span);
    cotel_context_unref((cotel_context *)(uintptr_t)cotel_context_current());
    assert_true(same_span_id(cotel_context_span_pointer(NULL), &span));
    cotel_context_detach(token);
}

static void capture_with_nothing_current_is_the_empty_context(void **state)
{
    cotel_context *captured = cotel_context_capture();
    assert_ptr_equal(captured, cotel_context_empty());
    cotel_context_unref(captured);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_empty_context_has_no_span),
        cmocka_unit_test(the_empty_context_is_immortal),
        cmocka_unit_test(a_fresh_thread_has_the_empty_context),
        cmocka_unit_test(a_context_with_a_span_gives_it_back),
        cmocka_unit_test(a_context_without_a_span_given_has_none),
        cmocka_unit_test(a_span_context_brings_flags_remoteness_and_tracestate),
        cmocka_unit_test(a_wrapped_span_keeps_the_tracestate_of_a_context_with_its_ids),
        cmocka_unit_test(references_are_counted),
        cmocka_unit_test(a_reference_to_a_borrowed_context_is_a_copy_that_stays),
        cmocka_unit_test(unref_of_a_borrowed_context_does_nothing),
        cmocka_unit_test(capture_with_nothing_current_is_the_empty_context),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
