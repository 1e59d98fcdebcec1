/* SPDX-License-Identifier: Apache-2.0 */
#include "exporters/otlp/encode/request.h"
#include "tests/support/export_host.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include <cmocka.h>

static char *read_all(struct ct_otlp_request *request)
{
    char *body = malloc(request->size + 1);
    assert_non_null(body);
    assert_int_equal(ct_otlp_request_read(request, body, request->size + 1), request->size);
    return body;
}

static char *gunzip(char *packed, size_t size, size_t plain_size)
{
    char *plain = malloc(plain_size + 1);
    z_stream stream = {.next_in = (Bytef *)packed,
                       .avail_in = (uInt)size,
                       .next_out = (Bytef *)plain,
                       .avail_out = (uInt)plain_size + 1};
    assert_int_equal(inflateInit2(&stream, 15 + 16), Z_OK); /* gzip and nothing else */
    assert_int_equal(inflate(&stream, Z_FINISH), Z_STREAM_END);
    assert_int_equal(stream.avail_in, 0);
    assert_int_equal(stream.total_out, plain_size);
    inflateEnd(&stream);
    return plain;
}

static void a_body_in_gzip_is_the_plain_one(void **state)
{
    static const struct ct_otlp_format plain, gzip = {.compression = COTEL_OTLP_COMPRESSION_GZIP};
    struct ct_otlp_request a = {0}, b = {0};
    for (size_t spans = 1; spans <= 1000; spans *= 10) { /* and memory is kept in between */
        cotel_batch *batch = host_batch(3, spans, 200);
        assert_true(ct_otlp_request_build(&a, batch, &plain));
        assert_true(ct_otlp_request_build(&b, batch, &gzip));
        char *wanted = read_all(&a), *packed = read_all(&b);
        assert_int_equal(b.plain_size, a.size);
        assert_true(b.size < a.size);
        char *got = gunzip(packed, b.size, a.size);
        assert_memory_equal(got, wanted, a.size);
        free(wanted);
        free(packed);
        free(got);
        cotel_batch_unref(batch);
    }
    ct_otlp_request_fini(&a);
    ct_otlp_request_fini(&b);
}

static void what_does_not_shrink_is_sent_all_the_same(void **state)
{
    enum { SIZE = 100000 };
    char *noise = malloc(SIZE);
    unsigned random = 1;
    for (size_t i = 0; i < SIZE; i++)
        noise[i] = (char)((random = random * 1103515245u + 12345u) >> 16);
    const struct ct_otlp_piece pieces[] = {{noise, 1}, {noise + 1, SIZE - 1}, {noise, 0}};
    struct ct_otlp_packed packed = {0};
    assert_true(ct_otlp_compress(COTEL_OTLP_COMPRESSION_GZIP, pieces, 3, &packed));
    char *got = gunzip(packed.data, packed.size, SIZE);
    assert_memory_equal(got, noise, SIZE);
    if (ct_otlp_can_compress(COTEL_OTLP_COMPRESSION_ZSTD))
        assert_true(ct_otlp_compress(COTEL_OTLP_COMPRESSION_ZSTD, pieces, 3, &packed));
    free(got);
    free(noise);
    free(packed.data);
}

static void a_body_can_be_read_again_for_a_retry(void **state)
{
    static const struct ct_otlp_format gzip = {.compression = COTEL_OTLP_COMPRESSION_GZIP};
    cotel_batch *batch = host_batch(1, 10, 200);
    struct ct_otlp_request request = {0};
    assert_true(ct_otlp_request_build(&request, batch, &gzip));
    char *first = read_all(&request);
    assert_true(ct_otlp_request_seek(&request, 0));
    char *second = read_all(&request);
    assert_memory_equal(first, second, request.size);
    free(first);
    free(second);
    ct_otlp_request_fini(&request);
    cotel_batch_unref(batch);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_body_in_gzip_is_the_plain_one),
        cmocka_unit_test(what_does_not_shrink_is_sent_all_the_same),
        cmocka_unit_test(a_body_can_be_read_again_for_a_retry),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
