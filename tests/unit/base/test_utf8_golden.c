/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "base/utf8.h"
#include "utf8_golden.h"

#define GOLDENS (sizeof(goldens) / sizeof(goldens[0]))
#define LENGTH_MAX 4

/* The checksum of zlib and of Ethernet. */
static uint32_t crc32_of(uint32_t crc, const uint8_t *bytes, size_t size)
{
    crc = ~crc;
    for (size_t i = 0; i < size; i++) {
        crc ^= bytes[i];
        for (int bit = 0; bit < 8; bit++)
            crc = crc >> 1 ^ (crc & 1 ? 0xedb88320 : 0);
    }
    return ~crc;
}

static uint32_t crc32_of_repaired(uint32_t crc, const char *in, size_t size)
{
    uint8_t out[LENGTH_MAX * CT_UTF8_REPAIR_GROWTH + 1];
    size_t written = ct_utf8_repair(out, in, size, SIZE_MAX);
    assert_int_equal(ct_utf8_repaired_size(in, size, SIZE_MAX), written);
    out[written] = '\n';
    return crc32_of(crc, out, written + 1);
}

/* Fills in + 1 with the `nth` of all strings of so many bytes, the last byte counting fastest. */
static void fill(char *in, size_t length, size_t nth)
{
    for (size_t i = length; i > 0; i--, nth /= GOLDENS)
        in[i] = (char)goldens[nth % GOLDENS].first;
}

static void every_repair_is_that_of_python(void **state)
{
    for (size_t g = 0; g < GOLDENS; g++) {
        /* What lies beyond the end would go on with a sequence. */
        char in[LENGTH_MAX + 1];
        memset(in, 0x80, sizeof(in));
        in[0] = (char)goldens[g].first;
        uint32_t crc = 0;
        size_t count = 1;
        for (size_t length = 0; length < LENGTH_MAX; length++, count *= GOLDENS) {
            for (size_t nth = 0; nth < count; nth++) {
                fill(in, length, nth);
                crc = crc32_of_repaired(crc, in, length + 1);
            }
        }
        if (crc != goldens[g].checksum)
            fail_msg("repairs of strings that begin with 0x%02x differ", goldens[g].first);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_repair_is_that_of_python),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
