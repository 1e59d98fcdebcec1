/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>

#include "sdk/metrics/view/key_filter.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const cotel_str a_b_c[] = {{"a", 1}, {"b", 1}, {"c", 1}};
static const cotel_str b_c_d[] = {{"b", 1}, {"c", 1}, {"d", 1}};
static const cotel_str only_c[] = {{"c", 1}};

static bool keeps(const struct ct_key_filter *filter, const char *key)
{
    return ct_key_filter_keeps(filter, cotel_str_of(key));
}

/* Which of a, b, c, d and e it keeps. */
static const char *kept(const struct ct_key_filter *filter)
{
    static char letters[6];
    char *end = letters;
    for (char c = 'a'; c <= 'e'; c++) {
        if (ct_key_filter_keeps(filter, cotel_str_n(&c, 1)))
            *end++ = c;
    }
    *end = '\0';
    return letters;
}

static void no_filter_keeps_all(void **state)
{
    (void)state;
    assert_true(keeps(NULL, "a"));
    assert_true(keeps(NULL, ""));
}

static void an_allow_list_keeps_what_is_on_it(void **state)
{
    (void)state;
    struct ct_key_filter *filter = ct_key_filter_create(CT_KEYS_ONLY_LISTED, a_b_c, 3);
    assert_string_equal(kept(filter), "abc");
    assert_false(keeps(filter, ""));
    assert_false(keeps(filter, "aa"));
    assert_false(keeps(filter, "A"));
    ct_key_filter_destroy(filter);
}

static void an_exclude_list_keeps_the_rest(void **state)
{
    (void)state;
    struct ct_key_filter *filter = ct_key_filter_create(CT_KEYS_ALL_BUT_LISTED, a_b_c, 3);
    assert_string_equal(kept(filter), "de");
    assert_true(keeps(filter, ""));
    ct_key_filter_destroy(filter);
}

static void an_empty_list_is_a_list(void **state)
{
    (void)state;
    struct ct_key_filter *none = ct_key_filter_create(CT_KEYS_ONLY_LISTED, NULL, 0);
    struct ct_key_filter *all = ct_key_filter_create(CT_KEYS_ALL_BUT_LISTED, NULL, 0);
    assert_string_equal(kept(none), "");
    assert_string_equal(kept(all), "abcde");
    ct_key_filter_destroy(none);
    ct_key_filter_destroy(all);
}

static void the_empty_key_can_be_listed(void **state)
{
    (void)state;
    const cotel_str keys[] = {{NULL, 0}, {"a", 1}};
    struct ct_key_filter *filter = ct_key_filter_create(CT_KEYS_ONLY_LISTED, keys, 2);
    assert_true(keeps(filter, ""));
    assert_true(ct_key_filter_keeps(filter, cotel_str_n(NULL, 0)));
    assert_string_equal(kept(filter), "a");
    ct_key_filter_destroy(filter);
}

static void keys_are_copied(void **state)
{
    (void)state;
    char text[] = "key";
    const cotel_str key = {text, 3};
    struct ct_key_filter *filter = ct_key_filter_create(CT_KEYS_ONLY_LISTED, &key, 1);
    text[0] = 'x';
    assert_true(keeps(filter, "key"));
    assert_false(keeps(filter, "xey"));
    ct_key_filter_destroy(filter);
}

static void a_thousand_keys_are_all_found(void **state)
{
    (void)state;
    static char texts[1000][8];
    static cotel_str keys[1000];
    for (size_t i = 0; i < 1000; i++) {
        (void)snprintf(texts[i], sizeof texts[i], "k%zu", i);
        keys[i] = cotel_str_of(texts[i]);
    }
    struct ct_key_filter *filter = ct_key_filter_create(CT_KEYS_ONLY_LISTED, keys, 1000);
    for (size_t i = 0; i < 1000; i++)
        assert_true(ct_key_filter_keeps(filter, keys[i]));
    assert_false(keeps(filter, "k1000"));
    ct_key_filter_destroy(filter);
}

/* The filter of two lists, each of a mode. */
static struct ct_key_filter *both(enum ct_key_filter_mode first_mode,
                                  enum ct_key_filter_mode second_mode)
{
    struct ct_key_filter *first = ct_key_filter_create(first_mode, a_b_c, 3);
    struct ct_key_filter *second = ct_key_filter_create(second_mode, b_c_d, 3);
    const struct ct_key_filter *filters[] = {first, second};
    struct ct_key_filter *all = ct_key_filter_all_of(filters, 2);
    ct_key_filter_destroy(first);
    ct_key_filter_destroy(second);
    return all;
}

static void what_several_filters_keep_is_what_each_keeps(void **state)
{
    (void)state;
    static const struct {
        enum ct_key_filter_mode first, second;
        const char *kept;
    } cases[] = {
        {CT_KEYS_ONLY_LISTED, CT_KEYS_ONLY_LISTED, "bc"},
        {CT_KEYS_ONLY_LISTED, CT_KEYS_ALL_BUT_LISTED, "a"},
        {CT_KEYS_ALL_BUT_LISTED, CT_KEYS_ONLY_LISTED, "d"},
        {CT_KEYS_ALL_BUT_LISTED, CT_KEYS_ALL_BUT_LISTED, "e"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct ct_key_filter *filter = both(cases[i].first, cases[i].second);
        assert_string_equal(kept(filter), cases[i].kept);
        ct_key_filter_destroy(filter);
    }
}

static void three_filters_are_all_heard(void **state)
{
    (void)state;
    struct ct_key_filter *first = ct_key_filter_create(CT_KEYS_ALL_BUT_LISTED, only_c, 1);
    struct ct_key_filter *second = ct_key_filter_create(CT_KEYS_ONLY_LISTED, a_b_c, 3);
    struct ct_key_filter *third = ct_key_filter_create(CT_KEYS_ONLY_LISTED, b_c_d, 3);
    const struct ct_key_filter *filters[] = {first, second, third};
    struct ct_key_filter *all = ct_key_filter_all_of(filters, 3);
    assert_string_equal(kept(all), "b");
    ct_key_filter_destroy(all);
    ct_key_filter_destroy(first);
    ct_key_filter_destroy(second);
    ct_key_filter_destroy(third);
}

static void filters_are_equal_by_what_they_do(void **state)
{
    (void)state;
    const cotel_str c_b_a_a[] = {{"c", 1}, {"b", 1}, {"a", 1}, {"a", 1}};
    struct ct_key_filter *one = ct_key_filter_create(CT_KEYS_ONLY_LISTED, a_b_c, 3);
    struct ct_key_filter *same = ct_key_filter_create(CT_KEYS_ONLY_LISTED, c_b_a_a, 4);
    struct ct_key_filter *others[] = {
        ct_key_filter_create(CT_KEYS_ALL_BUT_LISTED, a_b_c, 3),
        ct_key_filter_create(CT_KEYS_ONLY_LISTED, b_c_d, 3),
        ct_key_filter_create(CT_KEYS_ONLY_LISTED, a_b_c, 2),
    };
    assert_true(ct_key_filter_equal(one, same));
    assert_true(ct_key_filter_equal(same, one));
    for (size_t i = 0; i < COUNT(others); i++) {
        assert_false(ct_key_filter_equal(one, others[i]));
        assert_false(ct_key_filter_equal(others[i], one));
        ct_key_filter_destroy(others[i]);
    }
    ct_key_filter_destroy(one);
    ct_key_filter_destroy(same);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_filter_keeps_all),
        cmocka_unit_test(an_allow_list_keeps_what_is_on_it),
        cmocka_unit_test(an_exclude_list_keeps_the_rest),
        cmocka_unit_test(an_empty_list_is_a_list),
        cmocka_unit_test(the_empty_key_can_be_listed),
        cmocka_unit_test(keys_are_copied),
        cmocka_unit_test(a_thousand_keys_are_all_found),
        cmocka_unit_test(what_several_filters_keep_is_what_each_keeps),
        cmocka_unit_test(three_filters_are_all_heard),
        cmocka_unit_test(filters_are_equal_by_what_they_do),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
