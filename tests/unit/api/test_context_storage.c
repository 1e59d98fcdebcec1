/* SPDX-License-Identifier: Apache-2.0 */
#include "suite.h"

/* Two coroutines on one thread, as an event loop sees them. */
static void *states[2];
static unsigned running;

static void *get_state(void *user)
{
    return ((void **)user)[running];
}

static void set_state(void *user, void *stack)
{
    ((void **)user)[running] = stack;
}

static int use_own_storage(void **state)
{
    cotel_context_storage storage = {
        .size = sizeof storage, .get = get_state, .set = set_state, .user = states};
    return cotel_context_set_storage(&storage) ? 0 : -1;
}

static int back_to_threads(void **state)
{
    for (size_t i = 0; i < COUNT_OF(states); i++) {
        cotel_context_state_destroy(states[i]);
        states[i] = NULL;
    }
    return cotel_context_set_storage(NULL) ? 0 : -1;
}

static void assert_current(uint8_t number)
{
    cotel_span expected = sample_span(number), current = cotel_span_current();
    assert_true(same_span_id(&current, &expected));
}

static void each_piece_of_work_has_its_own_context(void **state)
{
    cotel_span one = sample_span(1), two = sample_span(2);
    running = 0;
    cotel_token first = cotel_span_activate(&one);
    running = 1;
    assert_ptr_equal(cotel_context_current(), cotel_context_empty());
    cotel_token second = cotel_span_activate(&two);
    running = 0;
    assert_current(1);
    running = 1;
    assert_current(2);
    cotel_context_detach(second);
    running = 0;
    assert_current(1);
    cotel_context_detach(first);
}

static void a_token_of_another_piece_of_work_is_counted(void **state)
{
    cotel_context_counts counts = {.size = sizeof counts};
    cotel_context_stats(&counts);
    const uint64_t before = counts.wrong_thread;
    cotel_span one = sample_span(1);
    running = 0;
    cotel_token token = cotel_span_activate(&one);
    running = 1;
    cotel_context_detach(token);
    running = 0;
    assert_current(1);
    cotel_context_detach(token);
    cotel_context_stats(&counts);
    assert_int_equal(counts.wrong_thread, before + 1);
}

static void destroying_a_state_frees_what_is_still_attached(void **state)
{
    cotel_span_context remote = sample_context();
    cotel_tracestate *tracestate = tracestate_of("foo=1");
    remote.tracestate = tracestate;
    cotel_context *context = cotel_context_with_span_context(NULL, &remote);
    running = 1;
    for (int i = 0; i < 40; i++)
        (void)cotel_context_attach(context);
    cotel_tracestate_unref(tracestate);
    cotel_context_unref(context);
    cotel_context_state_destroy(states[1]); /* the leak check tells */
    states[1] = NULL;
    assert_ptr_equal(cotel_context_current(), cotel_context_empty());
    cotel_context_state_destroy(NULL);
}

static void without_its_functions_it_is_refused(void **state)
{
    cotel_context_storage storage = {.size = sizeof storage, .get = get_state};
    assert_false(cotel_context_set_storage(&storage));
    storage = (cotel_context_storage){.size = sizeof storage, .set = set_state};
    assert_false(cotel_context_set_storage(&storage));
    storage = (cotel_context_storage){.size = 8, .get = get_state, .set = set_state};
    assert_false(cotel_context_set_storage(&storage));
    running = 0;
    cotel_span one = sample_span(1);
    cotel_token token = cotel_span_activate(&one);
    assert_non_null(states[0]); /* the old storage is in place */
    cotel_context_detach(token);
}

static void without_one_the_thread_keeps_it(void **state)
{
    cotel_span one = sample_span(1);
    cotel_token token = cotel_span_activate(&one);
    assert_null(states[0]);
    assert_null(states[1]);
    assert_current(1);
    cotel_context_detach(token);
}

#define STORAGE_TEST(name) cmocka_unit_test_setup_teardown(name, use_own_storage, back_to_threads)

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORAGE_TEST(each_piece_of_work_has_its_own_context),
        STORAGE_TEST(a_token_of_another_piece_of_work_is_counted),
        STORAGE_TEST(destroying_a_state_frees_what_is_still_attached),
        STORAGE_TEST(without_its_functions_it_is_refused),
        cmocka_unit_test(without_one_the_thread_keeps_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
