/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/hex.h"

static void every_byte_is_encoded_as_printf_does(void **state)
{
    for (unsigned byte = 0; byte < 256; byte++) {
        uint8_t in[5];
        char out[10], expected[11];
        memset(in, (int)byte, sizeof(in));
        ct_hex_encode(out, in, sizeof(in));
        for (int i = 0; i < 5; i++)
            (void)snprintf(expected + 2 * i, 3, "%02x", byte);
        assert_memory_equal(out, expected, 10);
    }
}

static void order_is_kept_for_every_size(void **state)
{
    const uint8_t in[16] = {0x4b, 0xf9, 0x2f, 0x35, 0x77, 0xb3, 0x4d, 0xa6,
                            0xa3, 0xce, 0x92, 0x9d, 0x0e, 0x0e, 0x47, 0x36};
    const char digits[] = "4bf92f3577b34da6a3ce929d0e0e4736";
    for (size_t size = 0; size <= sizeof(in); size++) {
        char out[33];
        uint8_t back[17];
        memset(out, '!', sizeof(out));
        memset(back, 0xee, sizeof(back));
        ct_hex_encode(out, in, size);
        assert_memory_equal(out, digits, 2 * size);
        assert_int_equal(out[2 * size], '!');
        assert_true(ct_hex_decode_lower(back, digits, size));
        assert_memory_equal(back, in, size);
        assert_int_equal(back[size], 0xee);
    }
}

static int digit_value(int c, bool upper_too)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return upper_too && c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static void exactly_the_digits_are_taken_at_every_place(void **state)
{
    for (int c = 0; c < 256; c++) {
        for (size_t place = 0; place < 10; place++) {
            char digits[10];
            uint8_t out[5];
            memset(digits, '5', sizeof(digits));
            digits[place] = (char)c;
            int lower = digit_value(c, false);
            int either = digit_value(c, true);
            assert_int_equal(ct_hex_decode_lower(out, digits, 5), lower >= 0);
            assert_int_equal(ct_hex_decode(out, digits, 5), either >= 0);
            if (either >= 0)
                assert_int_equal(out[place / 2], place % 2 ? 0x50 | either : either << 4 | 5);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_byte_is_encoded_as_printf_does),
        cmocka_unit_test(order_is_kept_for_every_size),
        cmocka_unit_test(exactly_the_digits_are_taken_at_every_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
