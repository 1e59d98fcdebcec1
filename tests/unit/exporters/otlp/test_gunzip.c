/* SPDX-License-Identifier: Apache-2.0 */
#include "exporters/otlp/encode/gunzip.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include <cmocka.h>

/* `size` zeros in gzip; to be freed. */
static unsigned char *zeros_in_gzip(size_t size, size_t *packed_size)
{
    uLongf bound = compressBound(size) + 100;
    unsigned char *plain = calloc(1, size + 1), *packed = malloc(bound);
    z_stream stream = {
        .next_in = plain, .avail_in = (uInt)size, .next_out = packed, .avail_out = (uInt)bound};
    assert_int_equal(deflateInit2(&stream, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
    assert_int_equal(deflate(&stream, Z_FINISH), Z_STREAM_END);
    *packed_size = stream.total_out;
    deflateEnd(&stream);
    free(plain);
    return packed;
}

static enum ct_otlp_gunzip try(const void *packed, size_t size, size_t limit, size_t *plain_size)
{
    char *plain = NULL;
    enum ct_otlp_gunzip result = ct_otlp_gunzip(packed, size, limit, &plain, plain_size);
    assert_int_equal(plain != NULL, result == CT_OTLP_GUNZIP_OK);
    for (size_t i = 0; result == CT_OTLP_GUNZIP_OK && i < *plain_size; i++)
        assert_int_equal(plain[i], 0);
    free(plain);
    return result;
}

static void the_limit_is_exact(void **state)
{
    static const size_t sizes[] = {0, 1, 4095, 4096, 4097, 8192, 100000};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        size_t packed_size, plain_size;
        unsigned char *packed = zeros_in_gzip(sizes[i], &packed_size);
        assert_int_equal(try(packed, packed_size, sizes[i], &plain_size), CT_OTLP_GUNZIP_OK);
        assert_int_equal(plain_size, sizes[i]);
        assert_int_equal(try(packed, packed_size, 4u << 20, &plain_size), CT_OTLP_GUNZIP_OK);
        if (sizes[i] > 0)
            assert_int_equal(try(packed, packed_size, sizes[i] - 1, &plain_size),
                             CT_OTLP_GUNZIP_TOO_LONG);
        free(packed);
    }
}

static void a_part_of_a_stream_is_none(void **state)
{
    size_t packed_size, plain_size;
    unsigned char *packed = zeros_in_gzip(100000, &packed_size);
    for (size_t size = 0; size < packed_size; size++)
        assert_int_equal(try(packed, size, 100000, &plain_size), CT_OTLP_GUNZIP_FAILED);
    packed[packed_size - 5] ^= 1; /* in its checksum */
    assert_int_equal(try(packed, packed_size, 100000, &plain_size), CT_OTLP_GUNZIP_FAILED);
    assert_int_equal(try("no gzip at all", 14, 100000, &plain_size), CT_OTLP_GUNZIP_FAILED);
    free(packed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_limit_is_exact),
        cmocka_unit_test(a_part_of_a_stream_is_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
