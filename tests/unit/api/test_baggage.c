/* SPDX-License-Identifier: Apache-2.0 */
#include <pthread.h>

#include "suite.h"

static cotel_str str(const char *text)
{
    return cotel_str_of(text);
}

/* Gives the reference to the old one back: for chains of changes. */
static cotel_baggage *set(cotel_baggage *baggage, const char *name, const char *value)
{
    cotel_baggage *changed = cotel_baggage_set(baggage, name, value);
    cotel_baggage_unref(baggage);
    return changed;
}

static cotel_baggage *set_sized(const cotel_baggage *baggage, cotel_str name, cotel_str value,
                                cotel_str metadata)
{
    const cotel_baggage_entry entry = {name, value, metadata};
    return cotel_baggage_set_entry(baggage, &entry);
}

#define assert_value(baggage, name, expected)                          \
    do {                                                               \
        cotel_baggage_entry entry_;                                    \
        assert_true(cotel_baggage_get((baggage), str(name), &entry_)); \
        assert_str_is(entry_.value, expected);                         \
    } while (0)

static void the_empty_baggage_is_null(void **state)
{
    assert_int_equal(cotel_baggage_count(NULL), 0);
    assert_false(cotel_baggage_get(NULL, str("a"), NULL));
    assert_null(cotel_baggage_remove(NULL, str("a")));
    cotel_baggage *baggage = cotel_baggage_set(NULL, "a", "1");
    assert_null(cotel_baggage_remove(baggage, str("a")));
    cotel_baggage_unref(baggage);
}

static void what_is_set_is_found(void **state)
{
    cotel_baggage *baggage = set(set(NULL, "tenant", "acme"), "session.id", "s-17");
    cotel_baggage_entry entry;
    assert_true(cotel_baggage_get(baggage, str("tenant"), &entry));
    assert_str_is(entry.name, "tenant");
    assert_str_is(entry.value, "acme");
    assert_int_equal(entry.metadata.size, 0);
    assert_value(baggage, "session.id", "s-17");
    assert_false(cotel_baggage_get(baggage, str("tenan"), &entry));
    assert_false(cotel_baggage_get(baggage, str("tenants"), &entry));
    assert_false(cotel_baggage_get(baggage, str(""), &entry));
    cotel_baggage_unref(baggage);
}

static void a_change_leaves_the_one_it_came_from(void **state)
{
    cotel_baggage *first = cotel_baggage_set(NULL, "a", "1");
    cotel_baggage *second = cotel_baggage_set(first, "a", "2");
    cotel_baggage *third = cotel_baggage_remove(second, str("a"));
    assert_value(first, "a", "1");
    assert_value(second, "a", "2");
    assert_null(third);
    cotel_baggage_unref(first);
    assert_value(second, "a", "2");
    cotel_baggage_unref(second);
}

static void entries_keep_the_order_in_which_they_were_first_set(void **state)
{
    cotel_baggage *baggage = set(set(set(set(NULL, "a", "1"), "b", "2"), "c", "3"), "a", "4");
    const char *const names[] = {"a", "b", "c"}, *const values[] = {"4", "2", "3"};
    assert_int_equal(cotel_baggage_count(baggage), 3);
    cotel_baggage_entry entry;
    for (size_t i = 0; i < 3; i++) {
        assert_true(cotel_baggage_at(baggage, i, &entry));
        assert_str_is(entry.name, names[i]);
        assert_str_is(entry.value, values[i]);
    }
    assert_false(cotel_baggage_at(baggage, 3, &entry));
    assert_false(cotel_baggage_at(baggage, SIZE_MAX, &entry));
    cotel_baggage_unref(baggage);
}

static void any_entry_can_be_removed(void **state)
{
    static const char *const names[] = {"a", "b", "c"};
    cotel_baggage *baggage = set(set(set(NULL, "a", "a"), "b", "b"), "c", "c");
    for (size_t i = 0; i < 3; i++) {
        cotel_baggage *rest = cotel_baggage_remove(baggage, str(names[i]));
        assert_int_equal(cotel_baggage_count(rest), 2);
        for (size_t j = 0; j < 3; j++) {
            if (j == i)
                assert_false(cotel_baggage_get(rest, str(names[j]), NULL));
            else
                assert_value(rest, names[j], names[j]);
        }
        cotel_baggage_unref(rest);
    }
    cotel_baggage *same = cotel_baggage_remove(baggage, str("d"));
    assert_ptr_equal(same, baggage);
    cotel_baggage_unref(same);
    cotel_baggage_unref(baggage);
}

static void metadata_goes_with_the_value(void **state)
{
    cotel_baggage *baggage = set_sized(NULL, str("a"), str("1"), str("ttl=30;private"));
    cotel_baggage_entry entry;
    assert_true(cotel_baggage_at(baggage, 0, &entry));
    assert_str_is(entry.metadata, "ttl=30;private");
    baggage = set(baggage, "a", "2");
    assert_true(cotel_baggage_at(baggage, 0, &entry));
    assert_int_equal(entry.metadata.size, 0);
    cotel_baggage_unref(baggage);
}

static void values_may_be_empty_or_hold_a_nul(void **state)
{
    cotel_baggage *one = cotel_baggage_set(NULL, "empty", NULL);
    cotel_baggage *baggage = set_sized(one, str("nul"), cotel_str_n("a\0b", 3), str(""));
    cotel_baggage_entry entry;
    assert_value(baggage, "empty", "");
    assert_true(cotel_baggage_get(baggage, str("nul"), &entry));
    assert_int_equal(entry.value.size, 3);
    assert_memory_equal(entry.value.data, "a\0b", 3);
    cotel_baggage_unref(baggage);
    cotel_baggage_unref(one);
}

static void without_a_name_nothing_is_set(void **state)
{
    cotel_baggage *baggage = cotel_baggage_set(NULL, "a", "1");
    cotel_baggage *same[] = {
        cotel_baggage_set(baggage, "", "2"),
        cotel_baggage_set(baggage, NULL, "2"),
        cotel_baggage_set_entry(baggage, NULL),
        set_sized(baggage, cotel_str_n(NULL, 5), str("2"), str("")),
    };
    for (size_t i = 0; i < COUNT_OF(same); i++) {
        assert_ptr_equal(same[i], baggage);
        cotel_baggage_unref(same[i]);
    }
    cotel_baggage_unref(baggage);
}

static void broken_utf8_is_repaired(void **state)
{
    cotel_baggage *baggage = set_sized(NULL, str("n\xff"), str("v\xc3"), str("m\x80"));
    cotel_baggage_entry entry;
    assert_true(cotel_baggage_at(baggage, 0, &entry));
    assert_str_is(entry.name, "n\xef\xbf\xbd");
    assert_str_is(entry.value, "v\xef\xbf\xbd");
    assert_str_is(entry.metadata, "m\xef\xbf\xbd");
    cotel_baggage_unref(baggage);
}

static void names_that_are_repaired_to_the_same_are_one(void **state)
{
    cotel_baggage *baggage = set(set(set(NULL, "n\xff", "1"), "n\xfe", "2"), "n\xef\xbf\xbd", "3");
    assert_int_equal(cotel_baggage_count(baggage), 1);
    assert_value(baggage, "n\xef\xbf\xbd", "3");
    cotel_baggage_unref(baggage);
}

static cotel_baggage *filled_to(size_t count)
{
    cotel_baggage *baggage = NULL;
    char name[16];
    for (size_t i = 0; i < count; i++) {
        snprintf(name, sizeof name, "key%zu", i);
        baggage = set(baggage, name, "v");
    }
    return baggage;
}

static void the_last_entry_that_fits_is_kept_and_no_more(void **state)
{
    cotel_baggage *full = filled_to(COTEL_BAGGAGE_MAX_ENTRIES);
    assert_int_equal(cotel_baggage_count(full), COTEL_BAGGAGE_MAX_ENTRIES);
    cotel_baggage *same = cotel_baggage_set(full, "one more", "v");
    assert_ptr_equal(same, full);
    cotel_baggage_unref(same);
    /* One that is there can still be changed, and there is room for another when it is gone. */
    full = set(full, "key179", "w");
    assert_value(full, "key179", "w");
    cotel_baggage *fewer = cotel_baggage_remove(full, str("key0"));
    fewer = set(fewer, "one more", "v");
    assert_int_equal(cotel_baggage_count(fewer), COTEL_BAGGAGE_MAX_ENTRIES);
    assert_value(fewer, "one more", "v");
    cotel_baggage_unref(fewer);
    cotel_baggage_unref(full);
}

static void the_last_byte_that_fits_is_kept_and_no_more(void **state)
{
    char *text = calloc(1, COTEL_BAGGAGE_MAX_SIZE + 1);
    assert_non_null(text);
    memset(text, 'x', COTEL_BAGGAGE_MAX_SIZE);
    cotel_baggage *full =
        set_sized(NULL, str("ab"), cotel_str_n(text, COTEL_BAGGAGE_MAX_SIZE - 3), str("m"));
    assert_int_equal(cotel_baggage_count(full), 1);
    assert_null(
        set_sized(NULL, str("ab"), cotel_str_n(text, COTEL_BAGGAGE_MAX_SIZE - 2), str("m")));
    assert_null(set_sized(NULL, cotel_str_n(text, COTEL_BAGGAGE_MAX_SIZE + 1), str(""), str("")));

    /* Another entry does not fit, a shorter value for the one that is there does. */
    cotel_baggage *same = cotel_baggage_set(full, "b", NULL);
    assert_ptr_equal(same, full);
    cotel_baggage_unref(same);
    same = set_sized(full, str("ab"), cotel_str_n(text, COTEL_BAGGAGE_MAX_SIZE), str(""));
    assert_ptr_equal(same, full);
    cotel_baggage_unref(same);
    full = set(set(full, "ab", "short"), "b", "2");
    assert_int_equal(cotel_baggage_count(full), 2);

    /* What is removed leaves its room. */
    cotel_baggage *rest = cotel_baggage_remove(full, str("ab"));
    cotel_baggage *again =
        set_sized(rest, str("c"), cotel_str_n(text, COTEL_BAGGAGE_MAX_SIZE - 3), str(""));
    assert_int_equal(cotel_baggage_count(again), 2);
    cotel_baggage_unref(again);
    cotel_baggage_unref(rest);
    cotel_baggage_unref(full);
    free(text);
}

static void repair_counts_for_the_limit(void **state)
{
    size_t third = COTEL_BAGGAGE_MAX_SIZE / 3;
    char *text = malloc(third);
    assert_non_null(text);
    memset(text, 0xff, third); /* each becomes three bytes: 65535 */
    cotel_baggage *fits = set_sized(NULL, str("a"), cotel_str_n(text, third), str(""));
    assert_int_equal(cotel_baggage_count(fits), 1);
    assert_null(set_sized(NULL, str("ab"), cotel_str_n(text, third), str("")));
    assert_null(set_sized(NULL, cotel_str_n(text, third), str("v"), str("m")));
    cotel_baggage_unref(fits);
    free(text);
}

static void a_context_carries_it(void **state)
{
    cotel_baggage *baggage = cotel_baggage_set(NULL, "a", "1");
    cotel_context *context = cotel_context_with_baggage(NULL, baggage);
    cotel_baggage_unref(baggage);
    cotel_baggage *got = cotel_context_baggage(context);
    assert_ptr_equal(got, baggage);
    cotel_baggage_unref(got);
    assert_null(cotel_context_baggage(NULL));
    assert_null(cotel_context_baggage(cotel_context_empty()));

    cotel_token token = cotel_context_attach(context);
    cotel_context_unref(context);
    cotel_span span = sample_span(1);
    cotel_token inner = cotel_span_activate(&span);
    got = cotel_context_baggage(NULL);
    assert_value(got, "a", "1");
    cotel_baggage_unref(got);
    cotel_context_detach(inner);
    cotel_context_detach(token);
    assert_null(cotel_context_baggage(NULL));
}

static void a_context_can_be_cleared_of_it(void **state)
{
    static const cotel_context_key *key;
    key = cotel_context_key_create("other");
    int value;
    cotel_span span = sample_span(1);
    cotel_baggage *baggage = cotel_baggage_set(NULL, "a", "1");
    cotel_context *base = cotel_context_with_span(NULL, &span);
    cotel_context *other = cotel_context_with_value(base, key, &value, NULL);
    cotel_context *with = cotel_context_with_baggage(other, baggage);
    cotel_context *cleared = cotel_context_with_baggage(with, NULL);
    assert_null(cotel_context_baggage(cleared));
    assert_true(same_span_id(cotel_context_span_pointer(cleared), &span));
    assert_ptr_equal(cotel_context_value(cleared, key), &value);
    cotel_baggage *got = cotel_context_baggage(with);
    assert_ptr_equal(got, baggage);
    cotel_baggage_unref(got);
    cotel_context_unref(cleared);
    cotel_context_unref(with);
    cotel_context_unref(other);
    cotel_context_unref(base);
    cotel_baggage_unref(baggage);
}

enum { THREADS = 4, ROUNDS = 2000 };

/* Reads and changes a baggage that all threads have. */
static void *use(void *shared)
{
    for (int i = 0; i < ROUNDS; i++) {
        cotel_baggage *own = cotel_baggage_ref(shared);
        cotel_context *context = cotel_context_with_baggage(cotel_context_empty(), own);
        cotel_baggage *got = cotel_context_baggage(context);
        cotel_baggage *changed = set(cotel_baggage_set(got, "b", "2"), "a", "3");
        bool is_right =
            got == shared && cotel_baggage_count(got) == 1 && cotel_baggage_count(changed) == 2;
        cotel_baggage_unref(changed);
        cotel_baggage_unref(got);
        cotel_context_unref(context);
        cotel_baggage_unref(own);
        if (!is_right)
            return shared;
    }
    return NULL;
}

static void threads_may_share_one(void **state)
{
    pthread_t threads[THREADS];
    void *wrong;
    cotel_baggage *baggage = cotel_baggage_set(NULL, "a", "1");
    for (size_t i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, use, baggage), 0);
    for (size_t i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_join(threads[i], &wrong), 0);
        assert_null(wrong);
    }
    assert_value(baggage, "a", "1");
    cotel_baggage_unref(baggage);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_empty_baggage_is_null),
        cmocka_unit_test(what_is_set_is_found),
        cmocka_unit_test(a_change_leaves_the_one_it_came_from),
        cmocka_unit_test(entries_keep_the_order_in_which_they_were_first_set),
        cmocka_unit_test(any_entry_can_be_removed),
        cmocka_unit_test(metadata_goes_with_the_value),
        cmocka_unit_test(values_may_be_empty_or_hold_a_nul),
        cmocka_unit_test(without_a_name_nothing_is_set),
        cmocka_unit_test(broken_utf8_is_repaired),
        cmocka_unit_test(names_that_are_repaired_to_the_same_are_one),
        cmocka_unit_test(the_last_entry_that_fits_is_kept_and_no_more),
        cmocka_unit_test(the_last_byte_that_fits_is_kept_and_no_more),
        cmocka_unit_test(repair_counts_for_the_limit),
        cmocka_unit_test(a_context_carries_it),
        cmocka_unit_test(a_context_can_be_cleared_of_it),
        cmocka_unit_test(threads_may_share_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
