/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "exporters/auto/env_print.h"

enum { ROOM = 16 };

static const char *shown(const char *text)
{
    static char out[ROOM];
    const struct ct_env_variable variable = {.kind = CT_ENV_TEXT};
    ct_env_print_text(&variable, cotel_str_of(text), out, sizeof out);
    return out;
}

static void a_text_is_cut_where_the_room_ends(void **state)
{
    assert_string_equal(shown("123456789012345"), "123456789012345");
    assert_string_equal(shown("1234567890123456"), "123456789012345");
}

static void a_character_that_does_not_fit_goes_as_a_whole(void **state)
{
    assert_string_equal(shown("12345678901234\xc3\xa4"), "12345678901234");
    assert_string_equal(shown("123456789012\xf0\x9f\x98\x80"), "123456789012");
    assert_string_equal(shown("12345678901\xf0\x9f\x98\x80."), "12345678901\xf0\x9f\x98\x80");
}

static void what_is_no_utf8_loses_no_more_than_a_character(void **state)
{
    assert_string_equal(shown("12345\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80"),
                        "12345\x80\x80\x80\x80\x80\x80\x80");
}

static void control_characters_are_shown_as_question_marks(void **state)
{
    assert_string_equal(shown("a\r\nb\x7f"), "a??b?");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_text_is_cut_where_the_room_ends),
        cmocka_unit_test(a_character_that_does_not_fit_goes_as_a_whole),
        cmocka_unit_test(what_is_no_utf8_loses_no_more_than_a_character),
        cmocka_unit_test(control_characters_are_shown_as_question_marks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
