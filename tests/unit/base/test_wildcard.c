/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "base/wildcard.h"

static bool matches(const char *pattern, const char *text, size_t size)
{
    return ct_wildcard_matches(pattern, strlen(pattern), text, size);
}

struct wildcard_case {
    const char *pattern, *text;
    bool matches;
};

static const struct wildcard_case cases[] = {
    {"", "", true},
    {"", "a", false},
    {"a", "", false},
    {"a", "a", true},
    {"a", "A", false},
    {"a", "ab", false},
    {"ab", "a", false},
    {"*", "", true},
    {"*", "anything", true},
    {"**", "", true},
    {"a*", "a", true},
    {"a*", "abc", true},
    {"a*", "ba", false},
    {"*a", "cba", true},
    {"*a", "ab", false},
    {"*a*", "cab", true},
    {"*a*", "cb", false},
    {"a*c", "abbc", true},
    {"a*c", "acb", false},
    {"a*b*c", "axbxbxc", true},
    {"a*b*c", "axcxb", false},
    {"*ab", "aab", true},
    {"*aab", "aaaab", true},
    {"?", "a", true},
    {"?", "", false},
    {"?", "ab", false},
    {"a?c", "abc", true},
    {"*?", "", false},
    {"*?", "ab", true},
    {"a*", "a*", true},
    {"app.*", "app.tenant", true},
    {"app.*", "application", false},
};

static void patterns_match_the_whole_text(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct wildcard_case *c = &cases[i];
        if (matches(c->pattern, c->text, strlen(c->text)) != c->matches)
            fail_msg("%s, %s", c->pattern, c->text);
    }
}

static void a_question_mark_is_a_whole_character(void **state)
{
    (void)state;
    assert_true(matches("a?c",
                        "a\xc3\xa4"
                        "c",
                        4));
    assert_false(matches("a??c",
                         "a\xc3\xa4"
                         "c",
                         4));
    assert_true(matches("?", "\xf0\x9f\x92\xbc", 4));
}

static void a_text_may_hold_a_nul(void **state)
{
    (void)state;
    assert_true(matches("a*b", "a\0b", 3));
    assert_true(matches("a?b", "a\0b", 3));
    assert_false(matches("a", "a\0", 2));
    assert_false(matches("a", "a\0b", 3));
}

static void the_case_of_ascii_letters_may_not_count(void **state)
{
    (void)state;
    assert_true(ct_wildcard_matches_ascii("HTTP.*z", 7, "http.SERVERZ", 12));
    assert_false(ct_wildcard_matches_ascii("a@", 2, "a`", 2));
    assert_false(ct_wildcard_matches_ascii("\xc3\xa4", 2, "\xc3\x84", 2));
}

static void many_stars_do_not_take_for_ever(void **state)
{
    (void)state;
    char text[4096];
    memset(text, 'a', sizeof text);
    assert_false(matches("*a*a*a*a*a*a*a*a*a*a*a*a*b", text, sizeof text));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(patterns_match_the_whole_text),
        cmocka_unit_test(a_question_mark_is_a_whole_character),
        cmocka_unit_test(a_text_may_hold_a_nul),
        cmocka_unit_test(the_case_of_ascii_letters_may_not_count),
        cmocka_unit_test(many_stars_do_not_take_for_ever),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
