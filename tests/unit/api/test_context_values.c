/* SPDX-License-Identifier: Apache-2.0 */
#include <pthread.h>

#include "suite.h"

static int destroyed;

static void count_destroy(void *value)
{
    (void)value;
    destroyed++;
}

static int reset(void **state)
{
    (void)state;
    destroyed = 0;
    return 0;
}

static uint64_t not_stored(void)
{
    cotel_context_counts counts = {.size = sizeof counts};
    cotel_context_stats(&counts);
    return counts.not_stored;
}

static void two_keys_of_one_name_are_two_keys(void **state)
{
    const cotel_context_key *a = cotel_context_key_create("same");
    const cotel_context_key *b = cotel_context_key_create("same");
    assert_ptr_not_equal(a, b);
    assert_string_equal(cotel_context_key_name(a), "same");
    int value;
    cotel_context *context = cotel_context_with_value(NULL, a, &value, NULL);
    assert_ptr_equal(cotel_context_value(context, a), &value);
    assert_null(cotel_context_value(context, b));
    cotel_context_unref(context);
}

static void a_key_without_a_name_works(void **state)
{
    const cotel_context_key *key = cotel_context_key_create(NULL);
    assert_non_null(key);
    assert_string_equal(cotel_context_key_name(key), "");
    assert_string_equal(cotel_context_key_name(NULL), "");
}

static void setting_a_value_leaves_the_context_it_came_from(void **state)
{
    const cotel_context_key *key = cotel_context_key_create("k");
    int old, new;
    cotel_context *first = cotel_context_with_value(NULL, key, &old, NULL);
    cotel_context *second = cotel_context_with_value(first, key, &new, NULL);
    assert_ptr_equal(cotel_context_value(first, key), &old);
    assert_ptr_equal(cotel_context_value(second, key), &new);
    cotel_context_unref(first);
    assert_ptr_equal(cotel_context_value(second, key), &new);
    cotel_context_unref(second);
}

static void a_value_is_destroyed_once_with_the_last_context_that_has_it(void **state)
{
    const cotel_context_key *a = cotel_context_key_create("a");
    const cotel_context_key *b = cotel_context_key_create("b");
    int value;
    cotel_context *first = cotel_context_with_value(NULL, a, &value, count_destroy);
    cotel_context *second = cotel_context_with_value(first, b, &value, NULL);
    cotel_context_unref(first);
    assert_int_equal(destroyed, 0);
    cotel_context_unref(second);
    assert_int_equal(destroyed, 1);
}

static void a_null_value_takes_the_key_out(void **state)
{
    const cotel_context_key *a = cotel_context_key_create("a");
    const cotel_context_key *b = cotel_context_key_create("b");
    int value;
    cotel_context *one = cotel_context_with_value(NULL, a, &value, NULL);
    cotel_context *two = cotel_context_with_value(one, b, &value, NULL);
    cotel_context *left = cotel_context_with_value(two, a, NULL, NULL);
    assert_null(cotel_context_value(left, a));
    assert_ptr_equal(cotel_context_value(left, b), &value);
    cotel_context *none = cotel_context_with_value(left, b, NULL, NULL);
    assert_null(cotel_context_value(none, b));
    cotel_context_unref(one);
    cotel_context_unref(two);
    cotel_context_unref(left);
    cotel_context_unref(none);
}

static void spans_and_values_do_not_touch_each_other(void **state)
{
    const cotel_context_key *key = cotel_context_key_create("k");
    int value;
    cotel_span span = sample_span(1), other = sample_span(2);
    cotel_context *context = cotel_context_with_span(NULL, &span);
    cotel_context *both = cotel_context_with_value(context, key, &value, NULL);
    assert_true(same_span_id(cotel_context_span_pointer(both), &span));
    cotel_context *changed = cotel_context_with_span(both, &other);
    assert_ptr_equal(cotel_context_value(changed, key), &value);
    cotel_span_context remote = sample_context();
    cotel_context *extracted = cotel_context_with_span_context(both, &remote);
    assert_ptr_equal(cotel_context_value(extracted, key), &value);
    cotel_context_unref(context);
    cotel_context_unref(both);
    cotel_context_unref(changed);
    cotel_context_unref(extracted);
}

static void a_value_is_current_while_its_context_is_attached(void **state)
{
    const cotel_context_key *key = cotel_context_key_create("k");
    int value;
    cotel_span span = sample_span(1);
    cotel_context *context = cotel_context_with_value(NULL, key, &value, count_destroy);
    cotel_token outer = cotel_context_attach(context);
    cotel_context_unref(context);
    cotel_token inner = cotel_span_activate(&span);
    assert_ptr_equal(cotel_context_value(NULL, key), &value);
    cotel_context *captured = cotel_context_capture();
    cotel_context_detach(inner);
    cotel_context_detach(outer);
    assert_null(cotel_context_value(NULL, key));
    assert_int_equal(destroyed, 0);
    assert_ptr_equal(cotel_context_value(captured, key), &value);
    cotel_context_unref(captured);
    assert_int_equal(destroyed, 1);
}

static void extraction_keeps_the_values(void **state)
{
    const cotel_context_key *key = cotel_context_key_create("k");
    int value;
    cotel_headers headers = {0};
    cotel_headers_set(&headers, cotel_str_of("traceparent"), cotel_str_of(TRACEPARENT));
    cotel_context *base = cotel_context_with_value(cotel_context_empty(), key, &value, NULL);
    cotel_context *context = cotel_extract(base, &cotel_headers_getter, &headers);
    assert_ptr_equal(cotel_context_value(context, key), &value);
    assert_true(cotel_span_id_is_valid(&cotel_context_span_pointer(context)->span_id));
    cotel_context_unref(base);
    cotel_context_unref(context);
}

static void one_value_beyond_the_limit_is_not_stored_and_counted(void **state)
{
    int value;
    cotel_context *context = cotel_context_empty();
    const cotel_context_key *last = NULL;
    for (int i = 0; i < COTEL_CONTEXT_MAX_VALUES; i++) {
        last = cotel_context_key_create("k");
        cotel_context *next = cotel_context_with_value(context, last, &value, NULL);
        cotel_context_unref(context);
        context = next;
    }
    assert_ptr_equal(cotel_context_value(context, last), &value);

    uint64_t before = not_stored();
    const cotel_context_key *beyond = cotel_context_key_create("beyond");
    cotel_context *same = cotel_context_with_value(context, beyond, &value, count_destroy);
    assert_null(cotel_context_value(same, beyond));
    assert_int_equal(destroyed, 1);
    assert_int_equal(not_stored() - before, 1);
    cotel_context *replaced = cotel_context_with_value(same, last, &before, NULL);
    assert_ptr_equal(cotel_context_value(replaced, last), &before);
    cotel_context_unref(context);
    cotel_context_unref(same);
    cotel_context_unref(replaced);
}

static void a_value_without_a_key_is_destroyed_at_once(void **state)
{
    int value;
    uint64_t before = not_stored();
    cotel_context *context = cotel_context_with_value(NULL, NULL, &value, count_destroy);
    assert_int_equal(destroyed, 1);
    assert_null(cotel_context_value(context, NULL));
    assert_int_equal(not_stored() - before, 1);
    cotel_context_unref(context);
}

static void *use_and_drop(void *context)
{
    for (int i = 0; i < 10000; i++) {
        cotel_token token = cotel_context_attach(context);
        cotel_context *captured = cotel_context_capture();
        cotel_context_detach(token);
        cotel_context_unref(captured);
    }
    cotel_context_unref(context);
    return NULL;
}

static void a_value_shared_by_threads_is_destroyed_once(void **state)
{
    const cotel_context_key *key = cotel_context_key_create("k");
    int value;
    pthread_t threads[4];
    cotel_context *context = cotel_context_with_value(NULL, key, &value, count_destroy);
    for (size_t i = 0; i < COUNT_OF(threads); i++)
        assert_int_equal(
            pthread_create(&threads[i], NULL, use_and_drop, cotel_context_ref(context)), 0);
    cotel_context_unref(context);
    for (size_t i = 0; i < COUNT_OF(threads); i++)
        assert_int_equal(pthread_join(threads[i], NULL), 0);
    assert_int_equal(destroyed, 1);
}

/* The last one: it uses the keys up. */
static void there_are_so_many_keys_and_no_more(void **state)
{
    const cotel_context_key *key;
    size_t made = 0;
    while ((key = cotel_context_key_create("k")) && made <= COTEL_CONTEXT_MAX_KEYS)
        made++;
    assert_null(key);
    assert_in_range(made, COTEL_CONTEXT_MAX_KEYS / 2, COTEL_CONTEXT_MAX_KEYS);
    assert_null(cotel_context_key_create("one more"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(two_keys_of_one_name_are_two_keys, reset),
        cmocka_unit_test_setup(a_key_without_a_name_works, reset),
        cmocka_unit_test_setup(setting_a_value_leaves_the_context_it_came_from, reset),
        cmocka_unit_test_setup(a_value_is_destroyed_once_with_the_last_context_that_has_it, reset),
        cmocka_unit_test_setup(a_null_value_takes_the_key_out, reset),
        cmocka_unit_test_setup(spans_and_values_do_not_touch_each_other, reset),
        cmocka_unit_test_setup(a_value_is_current_while_its_context_is_attached, reset),
        cmocka_unit_test_setup(extraction_keeps_the_values, reset),
        cmocka_unit_test_setup(one_value_beyond_the_limit_is_not_stored_and_counted, reset),
        cmocka_unit_test_setup(a_value_without_a_key_is_destroyed_at_once, reset),
        cmocka_unit_test_setup(a_value_shared_by_threads_is_destroyed_once, reset),
        cmocka_unit_test_setup(there_are_so_many_keys_and_no_more, reset),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
