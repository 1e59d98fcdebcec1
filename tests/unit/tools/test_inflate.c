/* SPDX-License-Identifier: Apache-2.0 */
#include "view/inflate.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include <cmocka.h>

enum { SIZE = 100000, PACKED_MAX = 200000 };

static uint8_t plain[SIZE];
static uint8_t packed[PACKED_MAX];
static size_t packed_size;

static int pack(void **state)
{
    z_stream stream = {
        .next_in = plain, .avail_in = SIZE, .next_out = packed, .avail_out = PACKED_MAX};

    for (size_t i = 0; i < SIZE; i++)
        plain[i] = (uint8_t)(i * i >> 7);
    if (deflateInit2(&stream, 9, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY) != Z_OK ||
        deflate(&stream, Z_FINISH) != Z_STREAM_END)
        return -1;
    packed_size = stream.total_out;
    return deflateEnd(&stream);
}

static enum ct_inflate_result inflate_and_check(size_t size, size_t limit)
{
    uint8_t *out;
    size_t out_size = 0;

    enum ct_inflate_result result = ct_inflate(packed, size, limit, &out, &out_size);
    if (result == CT_INFLATE_OK) {
        assert_int_equal(out_size, SIZE);
        assert_memory_equal(out, plain, SIZE);
    } else {
        assert_null(out);
    }
    free(out);
    return result;
}

static void a_body_of_exactly_the_limit_is_opened(void **state)
{
    assert_int_equal(inflate_and_check(packed_size, SIZE), CT_INFLATE_OK);
}

static void a_byte_more_is_too_large(void **state)
{
    assert_int_equal(inflate_and_check(packed_size, SIZE - 1), CT_INFLATE_TOO_LARGE);
    assert_int_equal(inflate_and_check(packed_size, 0), CT_INFLATE_TOO_LARGE);
}

static void a_body_cut_anywhere_is_malformed(void **state)
{
    for (size_t size = 0; size < packed_size; size += 997)
        assert_int_equal(inflate_and_check(size, SIZE), CT_INFLATE_MALFORMED);
    assert_int_equal(inflate_and_check(packed_size - 1, SIZE), CT_INFLATE_MALFORMED);
}

static void a_wrong_checksum_is_malformed(void **state)
{
    packed[packed_size - 8] ^= 1;
    assert_int_equal(inflate_and_check(packed_size, SIZE), CT_INFLATE_MALFORMED);
    packed[packed_size - 8] ^= 1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_body_of_exactly_the_limit_is_opened),
        cmocka_unit_test(a_byte_more_is_too_large),
        cmocka_unit_test(a_body_cut_anywhere_is_malformed),
        cmocka_unit_test(a_wrong_checksum_is_malformed),
    };

    return cmocka_run_group_tests(tests, pack, NULL);
}
