/* SPDX-License-Identifier: Apache-2.0 */
/* trace/api.md "Span", common/README.md "Attribute". */
#include "../support/sdk_fixture.h"

#include <pthread.h>
#include <stdio.h>
#include <time.h>

static struct sdk_fixture fixture;

static int start(void **state)
{
    sdk_fixture_start(&fixture, NULL);
    return 0;
}

static int stop(void **state)
{
    assert_identities(fixture.provider);
    sdk_fixture_stop(&fixture);
    return 0;
}

static void a_new_span_is_not_current(void **state)
{
    cotel_span span = cotel_span_start(fixture.tracer, "span", NULL);
    cotel_span current = cotel_span_current();
    assert_false(cotel_span_id_is_valid(&current.span_id));
    cotel_token token = cotel_span_activate(&span);
    current = cotel_span_current();
    assert_memory_equal(&current.span_id, &span.span_id, sizeof span.span_id);
    cotel_context_detach(token);
    current = cotel_span_current();
    assert_false(cotel_span_id_is_valid(&current.span_id));
    cotel_span_end(&span);
}

static void a_span_records_until_its_end_and_not_after(void **state)
{
    cotel_span span = cotel_span_start(fixture.tracer, "span", NULL);
    assert_true(cotel_span_is_recording(&span));
    cotel_span_end(&span);
    assert_false(cotel_span_is_recording(&span));
    cotel_span_set_int(&span, "late", 1);
    cotel_span_view view = sdk_fixture_span(&fixture, "span");
    assert_int_equal(attribute_count(&view), 0);
}

static void the_end_of_a_span_ends_no_child_and_leaves_it_current(void **state)
{
    cotel_span parent = cotel_span_start(fixture.tracer, "parent", NULL);
    cotel_token token = cotel_span_activate(&parent);
    cotel_span child = cotel_span_start(fixture.tracer, "child", NULL);
    cotel_span_end(&parent);
    assert_true(cotel_span_is_recording(&child));
    cotel_span current = cotel_span_current();
    assert_memory_equal(&current.span_id, &parent.span_id, sizeof current.span_id);
    cotel_context_detach(token);
    cotel_span_end(&child);
    assert_int_equal(sdk_fixture_count(&fixture), 2);
}

static void a_second_end_changes_nothing(void **state)
{
    cotel_span span = cotel_span_start(fixture.tracer, "span", NULL);
    cotel_span_end_at(&span, 5000);
    cotel_span_end_at(&span, 9000);
    assert_int_equal(sdk_fixture_span(&fixture, "span").end_unix_ns, 5000);
}

static void times_are_those_of_the_wall_clock_to_the_nanosecond(void **state)
{
    struct timespec before, after;
    assert_int_equal(clock_gettime(CLOCK_REALTIME, &before), 0);
    cotel_span span = cotel_span_start(fixture.tracer, "span", NULL);
    cotel_span_end(&span);
    assert_int_equal(clock_gettime(CLOCK_REALTIME, &after), 0);
    cotel_span_view view = sdk_fixture_span(&fixture, "span");
    /* The clock that is read is a faster one, which is tied to this one now and then. */
    const uint64_t slack_ns = 50000000;
    uint64_t least = (uint64_t)before.tv_sec * 1000000000u + (uint64_t)before.tv_nsec;
    uint64_t most = (uint64_t)after.tv_sec * 1000000000u + (uint64_t)after.tv_nsec;
    assert_in_range(view.start_unix_ns, least - slack_ns, most + slack_ns);
    assert_in_range(view.end_unix_ns, view.start_unix_ns, most + slack_ns);
}

/* ---- attributes ---- */

static cotel_iterator items_of(const cotel_span_view *span, const char *key,
                               cotel_value_view *first)
{
    cotel_value_view array;
    assert_true(cotel_span_view_get(span, cotel_str_of(key), &array));
    assert_int_equal(array.type, COTEL_VALUE_ARRAY);
    cotel_iterator items = cotel_value_view_items(&array);
    assert_true(cotel_iterator_next_value(&items, first));
    return items;
}

static void single_values_of_each_kind_arrive(void **state)
{
    char text[128];
    cotel_value_view value;
    cotel_span span = cotel_span_start(fixture.tracer, "span", NULL);
    cotel_span_set_string(&span, "string", "text");
    cotel_span_set_bool(&span, "false", false);
    cotel_span_set_double(&span, "double", -0.25);
    cotel_span_set_int(&span, "least", INT64_MIN);
    cotel_span_set_int(&span, "most", INT64_MAX);
    cotel_span_end(&span);
    cotel_span_view view = sdk_fixture_span(&fixture, "span");
    assert_string_equal(string_attribute(&view, "string", text), "text");
    assert_true(cotel_span_view_get(&view, cotel_str_of("false"), &value));
    assert_int_equal(value.type, COTEL_VALUE_BOOL);
    assert_false(value.boolean);
    assert_true(cotel_span_view_get(&view, cotel_str_of("double"), &value));
    assert_int_equal(value.type, COTEL_VALUE_DOUBLE);
    assert_true(value.floating == -0.25);
    assert_true(int_attribute(&view, "least") == INT64_MIN);
    assert_true(int_attribute(&view, "most") == INT64_MAX);
}

static void arrays_of_one_kind_arrive(void **state)
{
    static const int64_t integers[] = {-1, INT64_MAX};
    static const bool booleans[] = {true};
    static const double floatings[] = {0.5};
    const cotel_str strings[] = {cotel_str_of(""), cotel_str_of("second")};
    const cotel_attribute attributes[] = {
        cotel_attribute_of("integers", cotel_value_int_array(integers, COUNT_OF(integers))),
        cotel_attribute_of("booleans", cotel_value_bool_array(booleans, COUNT_OF(booleans))),
        cotel_attribute_of("floatings", cotel_value_double_array(floatings, COUNT_OF(floatings))),
        cotel_attribute_of("strings", cotel_value_string_array(strings, COUNT_OF(strings)))};
    cotel_value_view item;
    cotel_span span = cotel_span_start(fixture.tracer, "span", NULL);
    cotel_span_set_attributes(&span, attributes, COUNT_OF(attributes));
    cotel_span_end(&span);
    cotel_span_view view = sdk_fixture_span(&fixture, "span");
    cotel_iterator items = items_of(&view, "integers", &item);
    assert_true(item.integer == -1);
    assert_true(cotel_iterator_next_value(&items, &item));
    assert_true(item.integer == INT64_MAX);
    assert_false(cotel_iterator_next_value(&items, &item));
    (void)items_of(&view, "booleans", &item);
    assert_true(item.boolean);
    (void)items_of(&view, "floatings", &item);
    assert_true(item.floating == 0.5);
    items = items_of(&view, "strings", &item);
    assert_text(item.text, "");
    assert_true(cotel_iterator_next_value(&items, &item));
    assert_text(item.text, "second");
}

static void keys_names_and_strings_take_any_unicode(void **state)
{
    char text[128];
    cotel_span span = cotel_span_start(fixture.tracer, "\xd0\xb8\xd0\xbc\xd1\x8f", NULL);
    cotel_span_set_string(&span, "schl\xc3\xbcssel", "\xe6\x97\xa5\xe6\x9c\xac \xf0\x9f\x90\xa6");
    cotel_span_end(&span);
    cotel_span_view view = sdk_fixture_span(&fixture, "\xd0\xb8\xd0\xbc\xd1\x8f");
    assert_string_equal(string_attribute(&view, "schl\xc3\xbcssel", text),
                        "\xe6\x97\xa5\xe6\x9c\xac \xf0\x9f\x90\xa6");
}

/* ---- one span, many threads ---- */

#define THREADS 4
#define KEYS_EACH 30 /* all threads together stay within the default limit of 128 */

static cotel_span shared;

static void *set_own_keys(void *thread)
{
    for (int i = 0; i < KEYS_EACH; i++) {
        char key[32];
        (void)snprintf(key, sizeof key, "%d.%d", (int)(intptr_t)thread, i);
        cotel_span_set_int(&shared, key, i);
    }
    return NULL;
}

static void nothing_is_lost_when_many_threads_set_attributes_of_one_span(void **state)
{
    pthread_t threads[THREADS];
    shared = cotel_span_start(fixture.tracer, "span", NULL);
    for (intptr_t i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, set_own_keys, (void *)i), 0);
    for (size_t i = 0; i < THREADS; i++)
        assert_int_equal(pthread_join(threads[i], NULL), 0);
    cotel_span_end(&shared);
    cotel_span_view view = sdk_fixture_span(&fixture, "span");
    assert_int_equal(attribute_count(&view), THREADS * KEYS_EACH);
    assert_int_equal(int_attribute(&view, "3.29"), 29);
    assert_int_equal(view.dropped_attributes, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, start, stop)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_new_span_is_not_current),
        TEST(a_span_records_until_its_end_and_not_after),
        TEST(the_end_of_a_span_ends_no_child_and_leaves_it_current),
        TEST(a_second_end_changes_nothing),
        TEST(times_are_those_of_the_wall_clock_to_the_nanosecond),
        TEST(single_values_of_each_kind_arrive),
        TEST(arrays_of_one_kind_arrive),
        TEST(keys_names_and_strings_take_any_unicode),
        TEST(nothing_is_lost_when_many_threads_set_attributes_of_one_span),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
