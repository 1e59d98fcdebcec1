/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"

#define R "\xef\xbf\xbd"

struct repair_case {
    const char *in;
    const char *out;
};

static void assert_repaired(const char *in, size_t size, size_t max_chars, const char *expected)
{
    size_t expected_size = strlen(expected);
    /* Exactly as large, so that a sanitizer sees a byte too much. */
    char *copy = malloc(size + 1);
    uint8_t *out = malloc(expected_size + 1);
    assert_non_null(copy);
    assert_non_null(out);
    memcpy(copy + 1, in, size); /* unaligned too */
    assert_int_equal(ct_utf8_repaired_size(copy + 1, size, max_chars), expected_size);
    assert_int_equal(ct_utf8_repair(out, copy + 1, size, max_chars), expected_size);
    assert_memory_equal(out, expected, expected_size);
    free(copy);
    free(out);
}

static void valid_text_stays_as_it_is(void **state)
{
    static const char *const texts[] = {
        "",
        "a",
        "plain ASCII that is longer than two words",
        "\xc2\x80",
        "\xdf\xbf",
        "\xe0\xa0\x80",
        "\xed\x9f\xbf",
        "\xee\x80\x80",
        "\xef\xbf\xbf",
        "\xf0\x90\x80\x80",
        "\xf4\x8f\xbf\xbf",
        ("Gr\xc3\xbc\xc3\x9f"
         "e"),
        "a\xf0\x9f\x98\x80z",
    };
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        assert_true(ct_utf8_is_valid(texts[i], strlen(texts[i])));
        assert_repaired(texts[i], strlen(texts[i]), SIZE_MAX, texts[i]);
    }
}

static void each_maximal_ill_formed_part_becomes_one_replacement(void **state)
{
    static const struct repair_case cases[] = {
        {"\x80", R},
        {"\xff", R},
        {"\xc0\xaf", R R},                         /* overlong, two bytes */
        {"\xe0\x80\xaf", R R R},                   /* overlong, three */
        {"\xf0\x80\x80\xaf", R R R R},             /* overlong, four */
        {"\xed\xa0\x80", R R R},                   /* a surrogate */
        {"\xed\xa0\xbd\xed\xb8\x80", R R R R R R}, /* a pair of them */
        {"\xf4\x90\x80\x80", R R R R},             /* U+110000 */
        {"\xf5\x80\x80\x80", R R R R},
        {"\xc3", R}, /* cut off */
        {"\xe2\x82", R},
        {"\xf0\x9f\x98", R},
        {"\xf0\x9f", R},
        {"\xe2\x82z", R "z"},
        {"\xf0\x9f\x98\xf0\x9f\x98\x80", R "\xf0\x9f\x98\x80"},
        {"\xe2\xe2\x82\xac", R "\xe2\x82\xac"},
        /* The example of the standard, table 3-11. */
        {"\xe1\x80\xe2\xf0\x91\x92\xf1\xbf\x41", R R R R "A"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        assert_false(ct_utf8_is_valid(cases[i].in, strlen(cases[i].in)));
        assert_repaired(cases[i].in, strlen(cases[i].in), SIZE_MAX, cases[i].out);
    }
}

static void a_bad_byte_is_found_at_every_place(void **state)
{
    for (size_t size = 1; size <= 40; size++) {
        char text[40], expected[43];
        for (size_t place = 0; place < size; place++) {
            memset(text, 'a', sizeof(text));
            text[place] = '\xff';
            assert_false(ct_utf8_is_ascii(text, size));
            assert_false(ct_utf8_is_valid(text, size));
            memset(expected, 'a', sizeof(expected));
            memcpy(expected + place, R, 3);
            expected[size + 2] = '\0';
            assert_repaired(text, size, SIZE_MAX, expected);
        }
        memset(text, 'a', sizeof(text));
        assert_true(ct_utf8_is_ascii(text, size));
        text[size - 1] = '\0';
        assert_true(ct_utf8_is_valid(text, size));
    }
}

static void a_limit_counts_code_points_after_repair(void **state)
{
    assert_repaired("abc", 3, 0, "");
    assert_repaired("abc", 3, 2, "ab");
    assert_repaired("abc", 3, 3, "abc");
    assert_repaired("abcdefghijkl", 12, 10, "abcdefghij");
    assert_repaired("\xc3\xa4\xf0\x9f\x98\x80z", 7, 2, "\xc3\xa4\xf0\x9f\x98\x80");
    assert_repaired("\xff\xff\xff", 3, 2, R R);
    assert_repaired("a\xe2\x82z", 4, 2, "a" R);
    assert_repaired("a\xe2\x82z", 4, 3, "a" R "z");
}

static void texts_are_the_same_when_they_are_once_repaired(void **state)
{
    static const char *const texts[] = {"",
                                        "a",
                                        "ab",
                                        "a\xff",
                                        "a\xfe",
                                        "a" R,
                                        "\xff",
                                        "\xff\xff",
                                        "\xe2\x82",
                                        "\xe2\x82\xac",
                                        "\xc3",
                                        R R,
                                        "\xc3\xa4"
                                        "z",
                                        "\xe2\x82z",
                                        "\xffz"};
    const size_t count = sizeof texts / sizeof texts[0];
    for (size_t i = 0; i < count * count; i++) {
        const char *a = texts[i / count], *b = texts[i % count];
        uint8_t repaired_a[16], repaired_b[16];
        size_t size_a = ct_utf8_repair(repaired_a, a, strlen(a), SIZE_MAX);
        size_t size_b = ct_utf8_repair(repaired_b, b, strlen(b), SIZE_MAX);
        bool same = size_a == size_b && memcmp(repaired_a, repaired_b, size_a) == 0;
        assert_int_equal(ct_utf8_same_repaired(a, strlen(a), b, strlen(b)), same);
    }
}

static void nothing_needs_no_memory(void **state)
{
    uint8_t out;
    assert_true(ct_utf8_is_valid(NULL, 0));
    assert_int_equal(ct_utf8_repaired_size(NULL, 0, SIZE_MAX), 0);
    assert_int_equal(ct_utf8_repair(&out, NULL, 0, SIZE_MAX), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(valid_text_stays_as_it_is),
        cmocka_unit_test(each_maximal_ill_formed_part_becomes_one_replacement),
        cmocka_unit_test(a_bad_byte_is_found_at_every_place),
        cmocka_unit_test(a_limit_counts_code_points_after_repair),
        cmocka_unit_test(texts_are_the_same_when_they_are_once_repaired),
        cmocka_unit_test(nothing_needs_no_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
