/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/utf8.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define VALID_PREFIX(literal) \
    ct_proto_utf8_valid_prefix((const uint8_t *)(literal), sizeof(literal) - 1)
#define ALL_OF(literal) (sizeof(literal) - 1)

static void text_of_every_length_of_character_is_valid(void **state)
{
    assert_int_equal(VALID_PREFIX(""), 0);
    assert_int_equal(VALID_PREFIX("plain, longer than a word"),
                     ALL_OF("plain, longer than a word"));
    assert_int_equal(VALID_PREFIX("\xC2\x80 \xDF\xBF"), 5);
    assert_int_equal(VALID_PREFIX("\xE0\xA0\x80 \xED\x9F\xBF \xEE\x80\x80"), 11);
    assert_int_equal(VALID_PREFIX("\xF0\x90\x80\x80 \xF4\x8F\xBF\xBF"), 9);
}

static void a_nul_is_a_character(void **state)
{
    assert_int_equal(VALID_PREFIX("a\0b"), 3);
}

static void what_is_no_character_ends_the_prefix(void **state)
{
    assert_int_equal(VALID_PREFIX("a\x80"), 1);            /* continuation alone */
    assert_int_equal(VALID_PREFIX("12345678\xFF"), 8);     /* after a whole word */
    assert_int_equal(VALID_PREFIX("\xC0\x80"), 0);         /* overlong NUL */
    assert_int_equal(VALID_PREFIX("\xE0\x9F\xBF"), 0);     /* overlong, three bytes */
    assert_int_equal(VALID_PREFIX("\xF0\x8F\xBF\xBF"), 0); /* overlong, four bytes */
    assert_int_equal(VALID_PREFIX("ab\xED\xA0\x80"), 2);   /* surrogate */
    assert_int_equal(VALID_PREFIX("\xF4\x90\x80\x80"), 0); /* above U+10FFFF */
    assert_int_equal(VALID_PREFIX("\xC3\xA4\xE2\x82"), 2); /* cut off */
    assert_int_equal(VALID_PREFIX("\xE2\x28\xA1"), 0);     /* second byte wrong */
    assert_int_equal(VALID_PREFIX("\xF0\x9F\x92\x28"), 0); /* last byte wrong */
}

/* Malloc'd exactly, so that a sanitizer build sees a read past the end. */
static void a_cut_character_is_not_read_past_its_end(void **state)
{
    static const char whole[] = "\xF0\x9F\x92\xA9";

    for (size_t size = 1; size < sizeof(whole) - 1; size++) {
        uint8_t *cut = malloc(size);
        assert_non_null(cut);
        memcpy(cut, whole, size);
        assert_int_equal(ct_proto_utf8_valid_prefix(cut, size), 0);
        free(cut);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_of_every_length_of_character_is_valid),
        cmocka_unit_test(a_nul_is_a_character),
        cmocka_unit_test(what_is_no_character_ends_the_prefix),
        cmocka_unit_test(a_cut_character_is_not_read_past_its_end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
