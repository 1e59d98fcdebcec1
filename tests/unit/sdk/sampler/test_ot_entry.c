/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sdk/sampler/ot_entry.h"

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

static const char *set(const char *list, const char *key, const char *value)
{
    static char text[CT_OT_MAX_SIZE + 1];
    struct ct_ot_entry entry;
    if (!ct_ot_set(cotel_str_of(list), cotel_str_of(key), cotel_str_of(value), &entry))
        return NULL;
    memcpy(text, entry.text, entry.size);
    text[entry.size] = '\0';
    return text;
}

static const char *without(const char *list, const char *key)
{
    static char text[CT_OT_MAX_SIZE + 1];
    struct ct_ot_entry entry;
    ct_ot_remove(cotel_str_of(list), cotel_str_of(key), &entry);
    memcpy(text, entry.text, entry.size);
    text[entry.size] = '\0';
    return text;
}

static bool is_valid(const char *list)
{
    return ct_ot_is_valid(cotel_str_of(list));
}

/* A list of `size` characters under one key. */
static const char *list_of(size_t size, char out[CT_OT_MAX_SIZE + 2])
{
    memset(out, 'v', size);
    memcpy(out, "x:", 2);
    out[size] = '\0';
    return out;
}

static void values_are_found_by_their_keys(void **state)
{
    cotel_str list = cotel_str_of("p:8;r:62;th:");
    assert_int_equal(ct_ot_get(list, cotel_str_of("p")).size, 1);
    assert_memory_equal(ct_ot_get(list, cotel_str_of("r")).data, "62", 2);
    assert_int_equal(ct_ot_get(list, cotel_str_of("th")).size, 0);
    assert_non_null(ct_ot_get(list, cotel_str_of("th")).data);
    assert_null(ct_ot_get(list, cotel_str_of("t")).data);
    assert_null(ct_ot_get(cotel_str_n(NULL, 0), cotel_str_of("th")).data);
}

static void keys_and_values_follow_the_grammar(void **state)
{
    static const char *const good[] = {"a:", "a1:b", "th:8;rv:0", "a:AZaz09._-", "ab:;cd:"};
    static const char *const bad[] = {
        "",     "a",        ":1",    "1a:b",  "A:b",     "aB:c",        "a:b;", ";a:b",
        "a::b", "a:b;;c:d", "a:b c", "a b:c", "a:b;a:c", "a:1;b:2;a:3", "a:~",  "a:b;c"};
    for (size_t i = 0; i < COUNT_OF(good); i++)
        assert_true(is_valid(good[i]));
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        assert_false(is_valid(bad[i]));
}

static void a_list_has_at_most_256_characters(void **state)
{
    char text[CT_OT_MAX_SIZE + 2];
    assert_true(is_valid(list_of(CT_OT_MAX_SIZE, text)));
    assert_false(is_valid(list_of(CT_OT_MAX_SIZE + 1, text)));
}

static void nothing_is_read_from_a_list_that_breaks_a_rule(void **state)
{
    assert_null(ct_ot_get(cotel_str_of("th:8;TH:9"), cotel_str_of("th")).data);
    assert_null(ct_ot_get(cotel_str_of("th:8;th:9"), cotel_str_of("th")).data);
}

static void a_value_is_added_or_replaced_and_the_others_stay(void **state)
{
    assert_string_equal(set("", "k1", "13"), "k1:13");
    assert_string_equal(set("p:8;r:62", "k1", "13"), "k1:13;p:8;r:62");
    assert_string_equal(set("p:8;k1:7;r:62", "k1", "13"), "k1:13;p:8;r:62");
    assert_string_equal(set("p:", "k1", ""), "k1:;p:");
}

static void a_list_that_breaks_a_rule_is_replaced(void **state)
{
    assert_string_equal(set("BAD;rv:1", "th", "8"), "th:8");
    assert_string_equal(without("BAD;th:1", "th"), "");
}

static void what_is_no_key_or_value_is_not_set(void **state)
{
    assert_null(set("a:b", "", "1"));
    assert_null(set("a:b", "K", "1"));
    assert_null(set("a:b", "k", "a;b"));
    assert_null(set("a:b", "k", "a=b"));
}

static void a_set_that_would_be_too_long_changes_nothing(void **state)
{
    char text[CT_OT_MAX_SIZE + 2];
    assert_non_null(set(list_of(CT_OT_MAX_SIZE - 5, text), "th", "8"));
    assert_null(set(list_of(CT_OT_MAX_SIZE - 4, text), "th", "8"));
    struct ct_ot_entry untouched = {.size = 3, .text = "old"};
    assert_false(ct_ot_set(cotel_str_of(text), cotel_str_of("th"), cotel_str_of("8"), &untouched));
    assert_int_equal(untouched.size, 3);
    assert_memory_equal(untouched.text, "old", 3);
}

static void a_value_longer_than_the_list_may_be_is_not_set(void **state)
{
    char text[CT_OT_MAX_SIZE + 2];
    memset(text, 'v', sizeof text - 1);
    text[CT_OT_MAX_SIZE - 1] = '\0';
    assert_null(set("", "k", text));
    text[CT_OT_MAX_SIZE - 2] = '\0';
    assert_int_equal(strlen(set("", "k", text)), CT_OT_MAX_SIZE);
}

static void a_key_is_removed_and_the_others_stay(void **state)
{
    assert_string_equal(without("p:8;th:1;r:62", "th"), "p:8;r:62");
    assert_string_equal(without("p:8", "th"), "p:8");
    assert_string_equal(without("th:8", "th"), "");
    assert_string_equal(without("", "th"), "");
}

static void what_is_left_of_the_longest_list_stays(void **state)
{
    char text[CT_OT_MAX_SIZE + 2];
    assert_string_equal(without(list_of(CT_OT_MAX_SIZE, text), "th"), text);
    memcpy(text, "th:8;x:", 7);
    assert_string_equal(without(text, "th"), text + 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_are_found_by_their_keys),
        cmocka_unit_test(keys_and_values_follow_the_grammar),
        cmocka_unit_test(a_list_has_at_most_256_characters),
        cmocka_unit_test(nothing_is_read_from_a_list_that_breaks_a_rule),
        cmocka_unit_test(a_value_is_added_or_replaced_and_the_others_stay),
        cmocka_unit_test(a_list_that_breaks_a_rule_is_replaced),
        cmocka_unit_test(what_is_no_key_or_value_is_not_set),
        cmocka_unit_test(a_set_that_would_be_too_long_changes_nothing),
        cmocka_unit_test(a_value_longer_than_the_list_may_be_is_not_set),
        cmocka_unit_test(a_key_is_removed_and_the_others_stay),
        cmocka_unit_test(what_is_left_of_the_longest_list_stays),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
