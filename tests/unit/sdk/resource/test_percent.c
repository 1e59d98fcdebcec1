/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sdk/resource/percent.h"

static void each_escape_becomes_its_byte(void **state)
{
    const struct {
        const char *in, *out;
        size_t out_size;
    } rows[] = {
        {"", "", 0},
        {"plain+text", "plain+text", 10},
        {"%41%62%6A", "Abj", 3},
        {"%00", "\0", 1},
        {"a%2Cb", "a,b", 3},
        {"%25", "%", 1},
        {"%fF", "\xff", 1},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char out[32];
        size_t size = 99;
        assert_true(ct_percent_decode(cotel_str_of(rows[i].in), out, &size));
        assert_int_equal(size, rows[i].out_size);
        assert_memory_equal(out, rows[i].out, size);
    }
}

static void half_an_escape_is_a_mistake(void **state)
{
    const char *wrong[] = {"%", "%4", "a%", "a%4", "%4g", "%g4", "%%41", "%-1", "% 1"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        char out[32];
        size_t size;
        assert_false(ct_percent_decode(cotel_str_of(wrong[i]), out, &size));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_escape_becomes_its_byte),
        cmocka_unit_test(half_an_escape_is_a_mistake),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
