/* SPDX-License-Identifier: Apache-2.0 */
#include "exporters/otlp/encode/gunzip.h"

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <zlib.h>

enum { GZIP_WINDOW_BITS = 15 + 16, FIRST_CAPACITY = 4096 };

/* One byte more than the limit is room enough to see that it is passed. */
static bool grow(char **out, size_t *capacity, size_t limit)
{
    size_t larger = *capacity > 0 ? *capacity * 2 : FIRST_CAPACITY;
    larger = larger < limit + 1 ? larger : limit + 1;
    char *grown = realloc(*out, larger);
    if (grown == NULL)
        return false;
    *out = grown;
    *capacity = larger;
    return true;
}

static int inflate_some(z_stream *stream, char *out, size_t capacity)
{
    stream->next_out = (Bytef *)out + stream->total_out;
    stream->avail_out = (uInt)(capacity - stream->total_out);
    return inflate(stream, Z_NO_FLUSH);
}

static enum ct_otlp_gunzip inflate_all(z_stream *stream, size_t limit, char **out)
{
    size_t capacity = 0;
    int status = Z_OK;
    while (status == Z_OK && stream->total_out <= limit) {
        if (stream->total_out == capacity && !grow(out, &capacity, limit))
            return CT_OTLP_GUNZIP_FAILED;
        status = inflate_some(stream, *out, capacity);
    }
    if (stream->total_out > limit)
        return CT_OTLP_GUNZIP_TOO_LONG;
    return status == Z_STREAM_END ? CT_OTLP_GUNZIP_OK : CT_OTLP_GUNZIP_FAILED;
}

enum ct_otlp_gunzip ct_otlp_gunzip(const void *bytes, size_t size, size_t limit, char **out,
                                   size_t *out_size)
{
    z_stream stream = {.next_in = (Bytef *)(uintptr_t)bytes, .avail_in = (uInt)size};
    if (size > UINT_MAX || limit > UINT_MAX / 2 || inflateInit2(&stream, GZIP_WINDOW_BITS) != Z_OK)
        return CT_OTLP_GUNZIP_FAILED;
    char *plain = NULL;
    enum ct_otlp_gunzip result = inflate_all(&stream, limit, &plain);
    *out_size = stream.total_out;
    inflateEnd(&stream);
    if (result == CT_OTLP_GUNZIP_OK)
        *out = plain;
    else
        free(plain);
    return result;
}
