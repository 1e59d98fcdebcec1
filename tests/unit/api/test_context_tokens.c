/* SPDX-License-Identifier: Apache-2.0 */
#include "suite.h"

#include <pthread.h>

static cotel_context_counts before;

static cotel_context_counts counts_now(void)
{
    cotel_context_counts counts = {.size = sizeof counts};
    cotel_context_stats(&counts);
    return counts;
}

static int remember_counts(void **state)
{
    before = counts_now();
    return 0;
}

/* What was counted since the test began. */
static void assert_counted(uint64_t out_of_order, uint64_t wrong_thread, uint64_t already_detached,
                           uint64_t not_attached)
{
    cotel_context_counts now = counts_now();
    assert_int_equal(now.out_of_order - before.out_of_order, out_of_order);
    assert_int_equal(now.wrong_thread - before.wrong_thread, wrong_thread);
    assert_int_equal(now.already_detached - before.already_detached, already_detached);
    assert_int_equal(now.not_attached - before.not_attached, not_attached);
}

static void assert_current(uint8_t number)
{
    cotel_span expected = sample_span(number), current = cotel_span_current();
    assert_true(same_span_id(&current, &expected));
}

static cotel_token activate(uint8_t number)
{
    cotel_span span = sample_span(number);
    return cotel_span_activate(&span);
}

static void detaching_puts_back_what_was_before(void **state)
{
    cotel_token a = activate(1);
    cotel_token b = activate(2);
    assert_current(2);
    cotel_context_detach(b);
    assert_current(1);
    cotel_context_detach(a);
    assert_ptr_equal(cotel_context_current(), cotel_context_empty());
    assert_counted(0, 0, 0, 0);
}

static void attach_makes_a_context_current(void **state)
{
    cotel_span span = sample_span(3);
    cotel_context *context = cotel_context_with_span(NULL, &span);
    cotel_token token = cotel_context_attach(context);
    cotel_context_unref(context);
    assert_current(3);
    cotel_context_detach(token);
}

static void attaching_null_attaches_the_current_one_again(void **state)
{
    cotel_token a = activate(1);
    cotel_token again = cotel_context_attach(NULL);
    assert_current(1);
    cotel_context_detach(again);
    assert_current(1);
    cotel_context_detach(a);
}

static void attaching_the_empty_context_hides_the_span(void **state)
{
    cotel_token a = activate(1);
    cotel_token nothing = cotel_context_attach(cotel_context_empty());
    cotel_span current = cotel_span_current();
    assert_false(cotel_span_id_is_valid(&current.span_id));
    cotel_context_detach(nothing);
    assert_current(1);
    cotel_context_detach(a);
}

static void activating_null_makes_no_span_current(void **state)
{
    cotel_token a = activate(1);
    cotel_token nothing = cotel_span_activate(NULL);
    cotel_span current = cotel_span_current();
    assert_false(cotel_span_id_is_valid(&current.span_id));
    cotel_context_detach(nothing);
    cotel_context_detach(a);
}

static void in_the_wrong_order_the_later_one_stays_current(void **state)
{
    cotel_token a = activate(1);
    cotel_token b = activate(2);
    cotel_token c = activate(3);
    cotel_context_detach(b);
    assert_current(3);
    cotel_context_detach(a);
    assert_current(3);
    cotel_context_detach(c);
    assert_ptr_equal(cotel_context_current(), cotel_context_empty());
    assert_counted(2, 0, 0, 0);
}

static void a_skipped_one_does_not_take_away_what_is_below(void **state)
{
    cotel_token a = activate(1);
    cotel_token b = activate(2);
    cotel_token c = activate(3);
    cotel_context_detach(b);
    cotel_context_detach(c);
    assert_current(1);
    cotel_context_detach(a);
    assert_counted(1, 0, 0, 0);
}

static void a_second_detach_changes_nothing(void **state)
{
    cotel_token a = activate(1);
    cotel_token b = activate(2);
    cotel_context_detach(b);
    cotel_context_detach(b);
    assert_current(1);
    cotel_token c = activate(3); /* takes b's place */
    cotel_context_detach(b);
    assert_current(3);
    cotel_context_detach(c);
    cotel_context_detach(a);
    cotel_context_detach(a);
    assert_counted(0, 0, 3, 0);
}

static void a_second_detach_out_of_order_changes_nothing(void **state)
{
    cotel_token a = activate(1);
    cotel_token b = activate(2);
    cotel_context_detach(a);
    cotel_context_detach(a);
    assert_current(2);
    cotel_context_detach(b);
    assert_counted(1, 0, 1, 0);
}

static void a_token_of_zeros_is_harmless_and_not_counted(void **state)
{
    cotel_token token;
    memset(&token, 0, sizeof token);
    cotel_context_detach(token);
    assert_counted(0, 0, 0, 0);
}

static void *detach_elsewhere(void *token)
{
    cotel_context_detach(*(cotel_token *)token); /* a thread without a stack */
    cotel_token own = activate(7);
    cotel_context_detach(*(cotel_token *)token);
    assert_current(7);
    cotel_context_detach(own);
    return NULL;
}

static void run_thread(void *(*body)(void *), void *argument)
{
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, body, argument), 0);
    assert_int_equal(pthread_join(thread, NULL), 0);
}

static void on_another_thread_it_is_counted_and_changes_nothing(void **state)
{
    cotel_token token = activate(1);
    run_thread(detach_elsewhere, &token);
    assert_current(1);
    assert_counted(0, 2, 0, 0);
    cotel_context_detach(token);
    assert_counted(0, 2, 0, 0);
}

static void *leave_token(void *out)
{
    *(cotel_token *)out = activate(5); /* never detached: the thread's end frees it */
    return NULL;
}

static void a_token_of_a_thread_that_ended_is_harmless(void **state)
{
    cotel_token stale;
    run_thread(leave_token, &stale);
    cotel_context_detach(stale);
    cotel_context_counts now = counts_now();
    assert_int_equal(now.wrong_thread + now.already_detached,
                     before.wrong_thread + before.already_detached + 1);
}

static bool was_empty_at_exit;

/* Runs after cotel's own bookkeeping of that thread is gone. */
static void use_context_at_exit(void *unused)
{
    was_empty_at_exit = cotel_context_current() == cotel_context_empty();
    cotel_token token = activate(8);
    assert_current(8);
    cotel_context_detach(token);
}

static void *leave_work_for_exit(void *key)
{
    (void)activate(5);
    assert_int_equal(pthread_setspecific(*(pthread_key_t *)key, key), 0);
    return NULL;
}

static void a_destructor_of_the_program_finds_nothing_current_and_can_attach(void **state)
{
    pthread_key_t key;
    cotel_context_detach(activate(1)); /* cotel's key is older, so its destructor runs first */
    assert_int_equal(pthread_key_create(&key, use_context_at_exit), 0);
    run_thread(leave_work_for_exit, &key);
    assert_true(was_empty_at_exit);
    assert_int_equal(pthread_key_delete(key), 0);
}

/* Tries a token that may name the very address of this thread's new stack. */
static void *reuse_stack(void *stale)
{
    cotel_token own = activate(6);
    cotel_context_detach(*(cotel_token *)stale);
    assert_current(6);
    cotel_context_detach(own);
    return NULL;
}

static void a_stale_token_does_not_fit_a_new_stack_at_the_same_address(void **state)
{
    cotel_token stale;
    for (int i = 0; i < 20; i++) {
        run_thread(leave_token, &stale);
        run_thread(reuse_stack, &stale);
    }
}

static void the_depth_has_a_limit_beyond_which_nothing_is_attached(void **state)
{
    static cotel_token tokens[COTEL_CONTEXT_MAX_DEPTH];
    for (size_t i = 0; i < COTEL_CONTEXT_MAX_DEPTH; i++)
        tokens[i] = activate((uint8_t)(i % 200));
    assert_counted(0, 0, 0, 0);
    const uint8_t last = (COTEL_CONTEXT_MAX_DEPTH - 1) % 200;
    assert_current(last);

    cotel_token refused = activate(250);
    assert_null(refused.state);
    assert_current(last);
    assert_counted(0, 0, 0, 1);
    cotel_context_detach(refused);
    assert_current(last);

    for (size_t i = COTEL_CONTEXT_MAX_DEPTH; i > 0; i--)
        cotel_context_detach(tokens[i - 1]);
    assert_ptr_equal(cotel_context_current(), cotel_context_empty());
    assert_counted(0, 0, 0, 1);
}

static void a_borrowed_span_can_be_activated_while_the_stack_grows(void **state)
{
    cotel_token tokens[40];
    tokens[0] = activate(42);
    for (size_t i = 1; i < COUNT_OF(tokens); i++) {
        tokens[i] = i % 2 ? cotel_span_activate(cotel_context_span_pointer(NULL))
                          : cotel_context_attach(cotel_context_current());
        assert_current(42);
    }
    for (size_t i = COUNT_OF(tokens); i > 0; i--)
        cotel_context_detach(tokens[i - 1]);
}

static void an_attached_tracestate_is_released_with_its_context(void **state)
{
    cotel_span_context remote = sample_context();
    cotel_tracestate *tracestate = tracestate_of("foo=1");
    remote.tracestate = tracestate;
    cotel_context *context = cotel_context_with_span_context(NULL, &remote);
    cotel_tracestate_unref(tracestate);
    cotel_token token = cotel_context_attach(context);
    cotel_context_unref(context);

    cotel_tracestate *current = cotel_context_tracestate(NULL);
    assert_str_is(cotel_tracestate_header(current), "foo=1");
    cotel_tracestate_unref(current);
    cotel_context_detach(token); /* the leak check tells */
}

static void older_callers_get_the_counts_they_know(void **state)
{
    cotel_context_counts counts;
    memset(&counts, 0xee, sizeof counts);
    counts.size = offsetof(cotel_context_counts, wrong_thread);
    cotel_context_stats(&counts);
    assert_int_equal(counts.out_of_order, before.out_of_order);
    assert_int_equal(counts.wrong_thread, UINT64_C(0xeeeeeeeeeeeeeeee));
    cotel_context_stats(NULL);
}

#define TOKEN_TEST(name) cmocka_unit_test_setup(name, remember_counts)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TOKEN_TEST(detaching_puts_back_what_was_before),
        TOKEN_TEST(attach_makes_a_context_current),
        TOKEN_TEST(attaching_null_attaches_the_current_one_again),
        TOKEN_TEST(attaching_the_empty_context_hides_the_span),
        TOKEN_TEST(activating_null_makes_no_span_current),
        TOKEN_TEST(in_the_wrong_order_the_later_one_stays_current),
        TOKEN_TEST(a_skipped_one_does_not_take_away_what_is_below),
        TOKEN_TEST(a_second_detach_changes_nothing),
        TOKEN_TEST(a_second_detach_out_of_order_changes_nothing),
        TOKEN_TEST(a_token_of_zeros_is_harmless_and_not_counted),
        TOKEN_TEST(on_another_thread_it_is_counted_and_changes_nothing),
        TOKEN_TEST(a_token_of_a_thread_that_ended_is_harmless),
        TOKEN_TEST(a_stale_token_does_not_fit_a_new_stack_at_the_same_address),
        TOKEN_TEST(a_destructor_of_the_program_finds_nothing_current_and_can_attach),
        TOKEN_TEST(the_depth_has_a_limit_beyond_which_nothing_is_attached),
        TOKEN_TEST(a_borrowed_span_can_be_activated_while_the_stack_grows),
        TOKEN_TEST(an_attached_tracestate_is_released_with_its_context),
        TOKEN_TEST(older_callers_get_the_counts_they_know),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
