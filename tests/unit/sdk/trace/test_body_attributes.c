/* SPDX-License-Identifier: Apache-2.0 */
/* Attributes in a span's body: set, replaced, removed, renamed, limited. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include <cotel/sdk/span_view.h>

#include "body_fixture.h"
#include "sdk/trace/body_short.h"

static struct body_fixture fixture;

static cotel_span_view view(void)
{
    cotel_span_view out;
    assert_true(cotel_span_view_decode(body_fixture_bytes(&fixture), &out));
    return out;
}

static cotel_value_view get(const char *key)
{
    cotel_span_view span = view();
    cotel_value_view value;
    assert_true(cotel_span_view_get(&span, cotel_str_of(key), &value));
    return value;
}

static bool has(const char *key)
{
    cotel_span_view span = view();
    cotel_value_view value;
    return cotel_span_view_get(&span, cotel_str_of(key), &value);
}

static size_t attribute_count(void)
{
    cotel_span_view span = view();
    cotel_iterator at = cotel_span_view_attributes(&span);
    cotel_attribute_view attribute;
    size_t count = 0;
    while (cotel_iterator_next_attribute(&at, &attribute))
        count++;
    return count;
}

static void assert_text(cotel_value_view value, const char *expected)
{
    assert_int_equal(value.type, COTEL_VALUE_STRING);
    assert_int_equal(value.text.size, strlen(expected));
    assert_memory_equal(value.text.data, expected, strlen(expected));
}

static bool set_text(const char *key, const char *value)
{
    return ct_body_set_string(&fixture.body, cotel_str_of(key), cotel_str_of(value));
}

static int begin(void **state)
{
    (void)state;
    body_fixture_begin(&fixture, "span");
    return 0;
}

static int end(void **state)
{
    (void)state;
    ct_body_end(&fixture.body);
    assert_int_equal(atomic_load(&fixture.memory.used), 0);
    return 0;
}

static void each_kind_reads_back_as_it_was_set(void **state)
{
    (void)state;
    set_text("text", "value");
    ct_body_set_bool(&fixture.body, cotel_str_of("yes"), true);
    ct_body_set_bool(&fixture.body, cotel_str_of("no"), false);
    ct_body_set_int(&fixture.body, cotel_str_of("negative"), INT64_MIN);
    ct_body_set_int(&fixture.body, cotel_str_of("large"), INT64_MAX);
    ct_body_set_double(&fixture.body, cotel_str_of("half"), 0.5);
    assert_text(get("text"), "value");
    assert_true(get("yes").boolean);
    assert_false(get("no").boolean);
    assert_int_equal(get("no").type, COTEL_VALUE_BOOL);
    assert_true(get("negative").integer == INT64_MIN);
    assert_true(get("large").integer == INT64_MAX);
    assert_true(get("half").floating == 0.5);
    assert_int_equal(attribute_count(), 6);
}

/* Lengths around every step of the copying and of the one-byte lengths. */
static void every_length_of_key_and_value_reads_back(void **state)
{
    (void)state;
    char key[301], value[301];
    for (size_t size = 1; size <= 300; size++) {
        body_fixture_begin(&fixture, "span");
        for (size_t i = 0; i < size; i++) {
            key[i] = (char)('a' + i % 26);
            value[i] = (char)('A' + (i * 7 + size) % 26);
        }
        key[size] = value[size] = 0;
        assert_true(set_text(key, "short"));
        assert_true(set_text("k", value));
        assert_text(get(key), "short");
        if (size != 1)
            assert_text(get("k"), value);
        ct_body_end(&fixture.body);
    }
    body_fixture_begin(&fixture, "span");
}

static void setting_a_key_again_replaces_its_value_and_its_bytes(void **state)
{
    (void)state;
    set_text("first", "1");
    set_text("secret", "hunter2");
    set_text("last", "3");
    set_text("secret", "x");
    assert_text(get("secret"), "x");
    assert_text(get("first"), "1");
    assert_text(get("last"), "3");
    assert_int_equal(attribute_count(), 3);
    assert_false(body_fixture_holds(&fixture, "hunter2"));
}

static void replacing_keeps_name_and_status_where_they_are_found(void **state)
{
    (void)state;
    set_text("a", "a value that is to go");
    ct_body_set_status(&fixture.body, COTEL_STATUS_CODE_ERROR, cotel_str_of("broken"));
    ct_body_set_name(&fixture.body, cotel_str_of("renamed"));
    set_text("a", "b");
    ct_body_set_status(&fixture.body, COTEL_STATUS_CODE_ERROR, cotel_str_of("broken again"));
    ct_body_set_name(&fixture.body, cotel_str_of("once more"));
    cotel_span_view span = view();
    assert_memory_equal(span.name.data, "once more", 9);
    assert_int_equal(span.status, COTEL_STATUS_CODE_ERROR);
    assert_int_equal(span.status_description.size, 12);
    assert_false(body_fixture_holds(&fixture, "renamed"));
}

static void an_ok_is_found_again_when_what_stood_before_it_is_taken_out(void **state)
{
    (void)state;
    set_text("a", "a value that is to go");
    ct_body_set_ok(&fixture.body);
    set_text("a", "b");
    uint32_t size = fixture.body.size;
    ct_body_set_ok(&fixture.body);
    ct_body_set_status(&fixture.body, COTEL_STATUS_CODE_ERROR, cotel_str_of("too late"));
    assert_int_equal(fixture.body.size, size);
    assert_int_equal(view().status, COTEL_STATUS_CODE_OK);
}

static void a_removed_value_is_nowhere_in_the_bytes(void **state)
{
    (void)state;
    set_text("api.key", "sk-very-secret");
    set_text("kept", "yes");
    assert_true(ct_body_remove(&fixture.body, cotel_str_of("api.key")));
    assert_false(ct_body_remove(&fixture.body, cotel_str_of("api.key")));
    assert_false(has("api.key"));
    assert_text(get("kept"), "yes");
    assert_null(memmem(fixture.bytes, sizeof fixture.bytes, "very-secret", 11));
}

static void a_renamed_attribute_keeps_its_value(void **state)
{
    (void)state;
    set_text("old", "value");
    set_text("other", "1");
    assert_true(ct_body_rename(&fixture.body, cotel_str_of("old"), cotel_str_of("a.longer.new")));
    assert_text(get("a.longer.new"), "value");
    assert_false(has("old"));
    assert_true(ct_body_rename(&fixture.body, cotel_str_of("a.longer.new"), cotel_str_of("other")));
    assert_text(get("other"), "value");
    assert_int_equal(attribute_count(), 1);
    assert_false(ct_body_rename(&fixture.body, cotel_str_of("none"), cotel_str_of("x")));
    assert_false(ct_body_rename(&fixture.body, cotel_str_of("other"), cotel_str_of("")));
}

static void an_empty_key_is_refused_and_counted(void **state)
{
    (void)state;
    assert_false(set_text("", "value"));
    assert_false(ct_body_set_string(&fixture.body, cotel_str_n(NULL, 0), cotel_str_of("v")));
    assert_int_equal(fixture.body.dropped_attributes, 2);
    assert_int_equal(attribute_count(), 0);
}

static void the_limit_takes_128_keys_and_no_more_but_still_replaces(void **state)
{
    (void)state;
    char key[16];
    for (int i = 0; i < 128; i++) {
        (void)snprintf(key, sizeof key, "key.%d", i);
        assert_true(ct_body_set_int(&fixture.body, cotel_str_of(key), i));
    }
    assert_false(ct_body_set_int(&fixture.body, cotel_str_of("one.more"), 1));
    assert_true(ct_body_set_int(&fixture.body, cotel_str_of("key.127"), 7));
    assert_int_equal(fixture.body.dropped_attributes, 1);
    assert_int_equal(attribute_count(), 128);
    assert_int_equal(get("key.127").integer, 7);
    assert_int_equal(get("key.0").integer, 0);
}

static void a_limit_of_zero_takes_none(void **state)
{
    (void)state;
    fixture.limits.attributes = 0;
    assert_false(set_text("a", "b"));
    assert_int_equal(fixture.body.dropped_attributes, 1);
    assert_int_equal(attribute_count(), 0);
}

static void a_long_value_is_cut_to_whole_characters(void **state)
{
    (void)state;
    fixture.limits.value_length = 3;
    set_text("ascii", "abcdef");
    set_text("exact", "abc");
    set_text("wide", "äöüß");
    cotel_attribute bytes = cotel_attribute_of("bytes", cotel_value_bytes("\xff\xfe\xfd\xfc", 4));
    ct_body_set(&fixture.body, &bytes);
    assert_text(get("ascii"), "abc");
    assert_text(get("exact"), "abc");
    assert_text(get("wide"), "äöü");
    assert_int_equal(get("bytes").text.size, 3);
}

static void invalid_utf8_is_mended_in_keys_and_values(void **state)
{
    (void)state;
    set_text("bad\xff", "caf\xc3");
    assert_text(get("bad\xef\xbf\xbd"), "caf\xef\xbf\xbd");
    set_text("bad\xff", "again");
    assert_text(get("bad\xef\xbf\xbd"), "again");
    assert_int_equal(attribute_count(), 1);
}

static void a_string_with_a_nul_keeps_what_is_behind_it(void **state)
{
    (void)state;
    ct_body_set_string(&fixture.body, cotel_str_of("k"), cotel_str_n("a\0b", 3));
    assert_int_equal(get("k").text.size, 3);
    assert_memory_equal(get("k").text.data, "a\0b", 3);
}

static cotel_value nested(cotel_value *levels, size_t depth)
{
    levels[0] = cotel_value_int(42);
    for (size_t i = 1; i < depth; i++)
        levels[i] = cotel_value_array(&levels[i - 1], 1);
    return levels[depth - 1];
}

static size_t depth_of(cotel_value_view value)
{
    size_t depth = 1;
    for (; value.type == COTEL_VALUE_ARRAY; depth++) {
        cotel_iterator at = cotel_value_view_items(&value);
        assert_true(cotel_iterator_next_value(&at, &value));
    }
    assert_true(value.type == COTEL_VALUE_INT || value.type == COTEL_VALUE_EMPTY);
    return value.type == COTEL_VALUE_INT ? depth : 0;
}

/* A value of depth n is n - 1 arrays around a number. */
static void arrays_deeper_than_64_become_empty_values(void **state)
{
    (void)state;
    cotel_value levels[70];
    cotel_attribute deep = cotel_attribute_of("deepest", nested(levels, 65));
    assert_true(ct_body_set(&fixture.body, &deep));
    assert_int_equal(depth_of(get("deepest")), 65);
    deep = cotel_attribute_of("too.deep", nested(levels, 66));
    assert_true(ct_body_set(&fixture.body, &deep));
    assert_int_equal(depth_of(get("too.deep")), 0);
}

static void a_map_keeps_the_last_of_equal_keys(void **state)
{
    (void)state;
    const cotel_attribute entries[] = {cotel_attribute_int("a", 1), cotel_attribute_int("b", 2),
                                       cotel_attribute_int("a", 3), cotel_attribute_int("", 4)};
    cotel_attribute map = cotel_attribute_of("map", cotel_value_map(entries, 4));
    ct_body_set(&fixture.body, &map);
    cotel_value_view value = get("map");
    cotel_iterator at = cotel_value_view_items(&value);
    cotel_attribute_view entry;
    int64_t sum = 0;
    size_t count = 0;
    for (; cotel_iterator_next_attribute(&at, &entry); count++)
        sum += entry.value.integer;
    assert_int_equal(count, 2);
    assert_int_equal(sum, 5);
}

static void a_map_of_very_many_keys_is_made_unique_in_little_time(void **state)
{
    (void)state;
    enum { COUNT = 60000 };
    cotel_attribute *entries = calloc(COUNT, sizeof *entries);
    char(*keys)[8] = calloc(COUNT, sizeof *keys);
    assert_non_null(entries);
    assert_non_null(keys);
    for (int i = 0; i < COUNT; i++) {
        (void)snprintf(keys[i], sizeof keys[i], "%d", i / 2);
        entries[i] = cotel_attribute_int(keys[i], i);
    }
    cotel_attribute map = cotel_attribute_of("map", cotel_value_map(entries, COUNT));
    assert_true(ct_body_set(&fixture.body, &map));
    cotel_value_view value = get("map");
    cotel_iterator at = cotel_value_view_items(&value);
    cotel_attribute_view entry;
    size_t count = 0;
    for (; cotel_iterator_next_attribute(&at, &entry); count++)
        assert_int_equal(entry.value.integer % 2, 1);
    assert_int_equal(count, COUNT / 2);
    free(entries);
    free(keys);
}

static void what_does_not_fit_the_ceiling_is_dropped_and_counted(void **state)
{
    (void)state;
    fixture.memory.most = 4096;
    char *large = malloc(100001);
    assert_non_null(large);
    memset(large, 'x', 100000);
    large[100000] = 0;
    set_text("small", "before");
    assert_false(set_text("large", large));
    set_text("small", "after");
    assert_text(get("small"), "after");
    assert_false(has("large"));
    assert_int_equal(fixture.body.out_of_memory, 1);
    assert_int_equal(fixture.body.dropped_attributes, 1);
    free(large);
}

static void a_replacement_that_does_not_fit_leaves_the_old_value(void **state)
{
    (void)state;
    fixture.memory.most = 0;
    char large[FIXTURE_BYTES + 1];
    memset(large, 'x', FIXTURE_BYTES);
    large[FIXTURE_BYTES] = 0;
    set_text("key", "old");
    assert_false(set_text("key", large));
    assert_text(get("key"), "old");
}

static void an_ok_that_does_not_fit_is_counted_once(void **state)
{
    (void)state;
    fixture.memory.most = 0;
    fixture.body.capacity = fixture.body.size;
    ct_body_set_ok(&fixture.body);
    assert_int_equal(view().status, COTEL_STATUS_CODE_UNSET);
    assert_int_equal(fixture.body.out_of_memory, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(each_kind_reads_back_as_it_was_set, begin, end),
        cmocka_unit_test_setup_teardown(every_length_of_key_and_value_reads_back, begin, end),
        cmocka_unit_test_setup_teardown(setting_a_key_again_replaces_its_value_and_its_bytes, begin,
                                        end),
        cmocka_unit_test_setup_teardown(replacing_keeps_name_and_status_where_they_are_found, begin,
                                        end),
        cmocka_unit_test_setup_teardown(an_ok_is_found_again_when_what_stood_before_it_is_taken_out,
                                        begin, end),
        cmocka_unit_test_setup_teardown(a_removed_value_is_nowhere_in_the_bytes, begin, end),
        cmocka_unit_test_setup_teardown(a_renamed_attribute_keeps_its_value, begin, end),
        cmocka_unit_test_setup_teardown(an_empty_key_is_refused_and_counted, begin, end),
        cmocka_unit_test_setup_teardown(the_limit_takes_128_keys_and_no_more_but_still_replaces,
                                        begin, end),
        cmocka_unit_test_setup_teardown(a_limit_of_zero_takes_none, begin, end),
        cmocka_unit_test_setup_teardown(a_long_value_is_cut_to_whole_characters, begin, end),
        cmocka_unit_test_setup_teardown(invalid_utf8_is_mended_in_keys_and_values, begin, end),
        cmocka_unit_test_setup_teardown(a_string_with_a_nul_keeps_what_is_behind_it, begin, end),
        cmocka_unit_test_setup_teardown(arrays_deeper_than_64_become_empty_values, begin, end),
        cmocka_unit_test_setup_teardown(a_map_keeps_the_last_of_equal_keys, begin, end),
        cmocka_unit_test_setup_teardown(a_map_of_very_many_keys_is_made_unique_in_little_time,
                                        begin, end),
        cmocka_unit_test_setup_teardown(what_does_not_fit_the_ceiling_is_dropped_and_counted, begin,
                                        end),
        cmocka_unit_test_setup_teardown(a_replacement_that_does_not_fit_leaves_the_old_value, begin,
                                        end),
        cmocka_unit_test_setup_teardown(an_ok_that_does_not_fit_is_counted_once, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
