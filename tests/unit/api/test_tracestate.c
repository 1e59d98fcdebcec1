/* SPDX-License-Identifier: Apache-2.0 */
#include "suite.h"

static cotel_str text(const char *c_string)
{
    return cotel_str_of(c_string);
}

/* "<letter><letter>...": a text of `size` equal characters, in a buffer of the caller. */
static const char *repeated(char *buffer, char c, size_t size)
{
    memset(buffer, c, size);
    buffer[size] = '\0';
    return buffer;
}

static void assert_header(const cotel_tracestate *tracestate, const char *expected)
{
    assert_str_is(cotel_tracestate_header(tracestate), expected);
}

/* k0=0,k1=1,... */
static cotel_tracestate *list_of(size_t count)
{
    char header[1024] = "";
    size_t size = 0;
    for (size_t i = 0; i < count; i++)
        size +=
            (size_t)snprintf(header + size, sizeof header - size, "%sk%zu=%zu", i ? "," : "", i, i);
    return cotel_tracestate_parse(header, size);
}

static void a_list_keeps_its_order(void **state)
{
    cotel_tracestate *list = tracestate_of("foo=1,bar=2,a@b=x y");
    assert_header(list, "foo=1,bar=2,a@b=x y");
    assert_str_is(cotel_tracestate_get(list, text("bar")), "2");
    assert_str_is(cotel_tracestate_get(list, text("a@b")), "x y");
    assert_null(cotel_tracestate_get(list, text("ba")).data);
    assert_null(cotel_tracestate_get(list, text("")).data);
    cotel_tracestate_unref(list);
}

static void white_space_around_members_goes(void **state)
{
    cotel_tracestate *list = tracestate_of("\t foo=1 \t , \t bar= 2,\tbaz=3\t");
    assert_header(list, "foo=1,bar= 2,baz=3");
    cotel_tracestate_unref(list);
}

static void empty_members_are_skipped(void **state)
{
    cotel_tracestate *list = tracestate_of(",foo=1,, \t,bar=2,");
    assert_header(list, "foo=1,bar=2");
    cotel_tracestate_unref(list);
}

static void a_list_of_nothing_is_null(void **state)
{
    assert_null(tracestate_of(""));
    assert_null(tracestate_of(" , ,\t"));
    assert_null(cotel_tracestate_parse(NULL, 0));
    assert_null(cotel_tracestate_parse(NULL, 5));
}

static void of_equal_keys_the_first_is_kept(void **state)
{
    cotel_tracestate *list = tracestate_of("foo=1,bar=2,foo=3");
    assert_header(list, "foo=1,bar=2");
    cotel_tracestate_unref(list);
}

static void a_malformed_member_discards_all(void **state)
{
    const char *const malformed[] = {"foo",          "foo=",         "=1",        "foo=1,=2",
                                     "foo =1",       "FOO=1",        "foo.bar=1", "@foo=1",
                                     "-foo=1",       "foo=bar=baz",  "foo=\x7f",  "foo=\x1f",
                                     "foo=\xc3\xa4", "fo\xc3\xb6=1", "foo=a\tb"};
    for (size_t i = 0; i < COUNT_OF(malformed); i++) {
        char header[64];
        snprintf(header, sizeof header, "ok=1,%s", malformed[i]);
        assert_null(tracestate_of(header));
    }
}

static void all_legal_characters_pass(void **state)
{
    char header[256] = "abcdefghijklmnopqrstuvwxyz0123456789_-*/@=";
    size_t size = strlen(header);
    for (char c = ' '; c <= '~'; c++) {
        if (c != ',' && c != '=')
            header[size++] = c;
    }
    cotel_tracestate *list = cotel_tracestate_parse(header, size);
    assert_non_null(list);
    assert_int_equal(cotel_tracestate_header(list).size, size);
    assert_memory_equal(cotel_tracestate_header(list).data, header, size);
    cotel_tracestate_unref(list);
}

static void keys_may_begin_with_a_digit(void **state)
{
    cotel_tracestate *list = tracestate_of("0a=1");
    assert_header(list, "0a=1");
    cotel_tracestate_unref(list);
}

static void members_are_32_at_most(void **state)
{
    cotel_tracestate *list = list_of(COTEL_TRACESTATE_MAX_MEMBERS);
    assert_str_is(cotel_tracestate_get(list, text("k31")), "31");
    cotel_tracestate_unref(list);
    assert_null(list_of(COTEL_TRACESTATE_MAX_MEMBERS + 1));
}

static void keys_have_256_characters_at_most(void **state)
{
    char key[300], header[400];
    snprintf(header, sizeof header, "foo=1,%s=1", repeated(key, 'z', 256));
    cotel_tracestate *list = tracestate_of(header);
    assert_header(list, header);
    cotel_tracestate_unref(list);
    snprintf(header, sizeof header, "foo=1,%s=1", repeated(key, 'z', 257));
    assert_null(tracestate_of(header));
}

static void values_have_256_characters_at_most(void **state)
{
    char value[300], header[400];
    snprintf(header, sizeof header, "foo=%s", repeated(value, 'z', 256));
    cotel_tracestate *list = tracestate_of(header);
    assert_header(list, header);
    cotel_tracestate_unref(list);
    snprintf(header, sizeof header, "foo=%s", repeated(value, 'z', 257));
    assert_null(tracestate_of(header));
}

/* 20 members of 400 characters and one that fills up; written without the closing NUL. */
static void fill_header(char *header, size_t size)
{
    char key[300], value[300];
    size_t used = 0;
    repeated(key, 'k', 136);
    repeated(value, 'v', 256);
    for (unsigned i = 0; i < 20; i++)
        used += (size_t)sprintf(header + used, "k%02u%s=%s,", i, key, value);
    header[used++] = 'x';
    header[used++] = '=';
    assert_true(size > used && size - used <= 256);
    memset(header + used, 'y', size - used);
}

static void a_header_of_8192_bytes_passes_and_one_more_does_not(void **state)
{
    char header[COTEL_TRACESTATE_MAX_SIZE + 1];
    fill_header(header, COTEL_TRACESTATE_MAX_SIZE);
    cotel_tracestate *list = cotel_tracestate_parse(header, COTEL_TRACESTATE_MAX_SIZE);
    assert_non_null(list);
    assert_int_equal(cotel_tracestate_header(list).size, COTEL_TRACESTATE_MAX_SIZE);
    cotel_tracestate_unref(list);
    header[COTEL_TRACESTATE_MAX_SIZE] = 'y';
    assert_null(cotel_tracestate_parse(header, COTEL_TRACESTATE_MAX_SIZE + 1));
}

static void setting_puts_the_member_first_and_leaves_the_original(void **state)
{
    cotel_tracestate *list = tracestate_of("foo=1,bar=2,baz=3");
    cotel_tracestate *updated = cotel_tracestate_set(list, text("bar"), text("new"));
    cotel_tracestate *added = cotel_tracestate_set(list, text("qux"), text("4"));
    assert_header(updated, "bar=new,foo=1,baz=3");
    assert_header(added, "qux=4,foo=1,bar=2,baz=3");
    assert_header(list, "foo=1,bar=2,baz=3");
    cotel_tracestate_unref(list);
    cotel_tracestate_unref(updated);
    cotel_tracestate_unref(added);
}

static void setting_on_nothing_makes_a_list(void **state)
{
    cotel_tracestate *list = cotel_tracestate_set(NULL, text("a"), text("1"));
    assert_header(list, "a=1");
    cotel_tracestate_unref(list);
}

static void a_33rd_member_pushes_the_last_one_out(void **state)
{
    cotel_tracestate *full = list_of(COTEL_TRACESTATE_MAX_MEMBERS);
    cotel_tracestate *pushed = cotel_tracestate_set(full, text("new"), text("1"));
    cotel_tracestate *updated = cotel_tracestate_set(full, text("k31"), text("1"));
    assert_str_is(cotel_tracestate_get(pushed, text("new")), "1");
    assert_str_is(cotel_tracestate_get(pushed, text("k30")), "30");
    assert_null(cotel_tracestate_get(pushed, text("k31")).data);
    assert_str_is(cotel_tracestate_get(updated, text("k30")), "30");
    cotel_tracestate_unref(full);
    cotel_tracestate_unref(pushed);
    cotel_tracestate_unref(updated);
}

static void setting_what_is_invalid_gives_the_same_list(void **state)
{
    cotel_tracestate *list = tracestate_of("foo=1");
    const struct {
        const char *key, *value;
    } invalid[] = {{"", "1"},      {"FOO", "1"},   {"@foo", "1"}, {"foo", ""},
                   {"foo", "a,b"}, {"foo", "a=b"}, {"foo", "a "}};
    for (size_t i = 0; i < COUNT_OF(invalid); i++) {
        cotel_tracestate *same =
            cotel_tracestate_set(list, text(invalid[i].key), text(invalid[i].value));
        assert_ptr_equal(same, list);
        cotel_tracestate_unref(same);
        assert_null(cotel_tracestate_set(NULL, text(invalid[i].key), text(invalid[i].value)));
    }
    assert_ptr_equal(cotel_tracestate_set(list, cotel_str_n(NULL, 3), text("1")), list);
    cotel_tracestate_unref(list);
    cotel_tracestate_unref(list);
}

static void a_list_that_grows_too_long_loses_long_members_first(void **state)
{
    char header[COTEL_TRACESTATE_MAX_SIZE];
    fill_header(header, sizeof header);
    /* Short members at the end must outlive the long ones before them. */
    memcpy(header + sizeof header - 5, "z,s=1", 5);
    cotel_tracestate *list = cotel_tracestate_parse(header, sizeof header);
    assert_non_null(list);
    cotel_tracestate *longer = cotel_tracestate_set(list, text("new"), text("1"));
    assert_true(cotel_tracestate_header(longer).size <= COTEL_TRACESTATE_MAX_SIZE);
    assert_str_is(cotel_tracestate_get(longer, text("new")), "1");
    assert_str_is(cotel_tracestate_get(longer, text("s")), "1");
    assert_int_equal(cotel_tracestate_header(longer).data[6], 'k');
    cotel_tracestate_unref(list);
    cotel_tracestate_unref(longer);
}

static void removing_keeps_the_others(void **state)
{
    cotel_tracestate *list = tracestate_of("foo=1,bar=2,baz=3");
    cotel_tracestate *fewer = cotel_tracestate_remove(list, text("bar"));
    cotel_tracestate *same = cotel_tracestate_remove(list, text("qux"));
    assert_header(fewer, "foo=1,baz=3");
    assert_ptr_equal(same, list);
    assert_null(cotel_tracestate_remove(NULL, text("foo")));
    cotel_tracestate_unref(fewer);
    cotel_tracestate_unref(same);
    cotel_tracestate_unref(list);
}

static void removing_the_last_one_leaves_null(void **state)
{
    cotel_tracestate *list = tracestate_of("foo=1");
    assert_null(cotel_tracestate_remove(list, text("foo")));
    cotel_tracestate_unref(list);
}

static void references_keep_it_alive(void **state)
{
    cotel_tracestate *list = tracestate_of("foo=1");
    assert_ptr_equal(cotel_tracestate_ref(list), list);
    cotel_tracestate_unref(list);
    assert_header(list, "foo=1");
    cotel_tracestate_unref(list);
    assert_null(cotel_tracestate_ref(NULL));
    cotel_tracestate_unref(NULL);
}

static void null_is_the_empty_list(void **state)
{
    assert_int_equal(cotel_tracestate_header(NULL).size, 0);
    assert_null(cotel_tracestate_get(NULL, text("foo")).data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_list_keeps_its_order),
        cmocka_unit_test(white_space_around_members_goes),
        cmocka_unit_test(empty_members_are_skipped),
        cmocka_unit_test(a_list_of_nothing_is_null),
        cmocka_unit_test(of_equal_keys_the_first_is_kept),
        cmocka_unit_test(a_malformed_member_discards_all),
        cmocka_unit_test(all_legal_characters_pass),
        cmocka_unit_test(keys_may_begin_with_a_digit),
        cmocka_unit_test(members_are_32_at_most),
        cmocka_unit_test(keys_have_256_characters_at_most),
        cmocka_unit_test(values_have_256_characters_at_most),
        cmocka_unit_test(a_header_of_8192_bytes_passes_and_one_more_does_not),
        cmocka_unit_test(setting_puts_the_member_first_and_leaves_the_original),
        cmocka_unit_test(setting_on_nothing_makes_a_list),
        cmocka_unit_test(a_33rd_member_pushes_the_last_one_out),
        cmocka_unit_test(setting_what_is_invalid_gives_the_same_list),
        cmocka_unit_test(a_list_that_grows_too_long_loses_long_members_first),
        cmocka_unit_test(removing_keeps_the_others),
        cmocka_unit_test(removing_the_last_one_leaves_null),
        cmocka_unit_test(references_keep_it_alive),
        cmocka_unit_test(null_is_the_empty_list),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
