/* SPDX-License-Identifier: Apache-2.0 */
#include "view/text.h"

#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void check_sized(struct ct_text text, size_t max_columns, const char *expected,
                        size_t columns)
{
    char *printed = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&printed, &size);
    assert_non_null(out);

    assert_int_equal(ct_text_print(NULL, text, max_columns), columns);
    assert_int_equal(ct_text_print(out, text, max_columns), columns);
    assert_int_equal(fclose(out), 0);
    assert_string_equal(printed, expected);
    free(printed);
}

static void check(const char *text, size_t max_columns, const char *expected, size_t columns)
{
    check_sized(ct_text_of(text), max_columns, expected, columns);
}

static void columns_are_those_of_the_terminal(void **state)
{
    check("plain", 10, "plain", 5);
    check("gr\xC3\xBC\xC3\x9F", 10, "gr\xC3\xBC\xC3\x9F", 4);
    check("\xE6\x97\xA5\xE6\x9C\xAC", 10, "\xE6\x97\xA5\xE6\x9C\xAC", 4); /* two wide ones */
    check("e\xCC\x81", 10, "e\xCC\x81", 1);                               /* e and an accent */
}

static void what_is_too_long_ends_in_an_ellipsis(void **state)
{
    check("abcdef", 6, "abcdef", 6);
    check("abcdefg", 6, "abcde\xE2\x80\xA6", 6);
    check("\xE6\x97\xA5\xE6\x9C\xAC", 3, "\xE6\x97\xA5\xE2\x80\xA6", 3);
    check("abc", 0, "", 0);
}

static void control_characters_come_as_escapes(void **state)
{
    check("a\033[31mb", 20, "a\\x1b[31mb", 10);
    check("\r\n\t\177", 20, "\\r\\n\\t\\x7f", 10);
    check("\xC2\x9B", 20, "\\x9b", 4);         /* CSI in one character */
    check("\xE2\x80\xAE", 20, "\\u{202e}", 8); /* right to left from here */
    check("\xE2\x80\xA8", 20, "\\u{2028}", 8); /* line separator */
    check_sized((struct ct_text){"a\0b", 3}, 20, "a\\x00b", 6);
}

static void an_escape_is_not_cut_in_two(void **state)
{
    check("abc\033\033", 8, "abc\\x1b\xE2\x80\xA6", 8);
    check("abc\033\033", 7, "abc\xE2\x80\xA6", 4);
}

static int use_utf8(void **state)
{
    return setlocale(LC_CTYPE, "C.UTF-8") ? 0 : -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(columns_are_those_of_the_terminal),
        cmocka_unit_test(what_is_too_long_ends_in_an_ellipsis),
        cmocka_unit_test(control_characters_come_as_escapes),
        cmocka_unit_test(an_escape_is_not_cut_in_two),
    };

    return cmocka_run_group_tests(tests, use_utf8, NULL);
}
