/* SPDX-License-Identifier: Apache-2.0 */
#include <locale.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <float.h>
#include <stdlib.h>

#include "sdk/sampler/number_text.h"

static void the_shortest_text_that_reads_back(void **state)
{
    static const struct {
        double number;
        const char *text;
    } rows[] = {
        {0, "0"},
        {1, "1"},
        {0.1, "0.1"},
        {1.0 / 3, "0.3333333333333333"},
        {-2.5, "-2.5"},
        {1e-20, "1e-20"},
        {1e100, "1e+100"},
        {404, "404"},
        {DBL_MIN, "2.2250738585072014e-308"},
        {HUGE_VAL, "Infinity"},
        {-HUGE_VAL, "-Infinity"},
        {NAN, "NaN"},
    };
    char text[CT_NUMBER_TEXT_SIZE];
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_string_equal(ct_double_text(rows[i].number, text), rows[i].text);
        assert_ptr_equal(ct_double_text(rows[i].number, text), text);
    }
}

/* Debian installs no locale with a comma by itself: then there is nothing to be seen. */
static void the_point_is_a_point_in_every_locale(void **state)
{
    static const char *const commas[] = {"de_DE.UTF-8", "fr_FR.UTF-8", "de_DE"};
    char text[CT_NUMBER_TEXT_SIZE];
    for (size_t i = 0; i < sizeof commas / sizeof *commas; i++)
        (void)setlocale(LC_NUMERIC, commas[i]);
    assert_string_equal(ct_double_text(-1234.5e-10, text), "-1.2345e-07");
    (void)setlocale(LC_NUMERIC, "C");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_shortest_text_that_reads_back),
        cmocka_unit_test(the_point_is_a_point_in_every_locale),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
