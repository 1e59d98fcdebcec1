/* SPDX-License-Identifier: Apache-2.0 */
#include "view/inflate.h"

#include <stdbool.h>
#include <stdlib.h>
#include <zlib.h>

enum {
    GZIP_ONLY = 15 + 16, /* zlib's way to say: window of any size, gzip head and tail */
    FIRST_CAPACITY = 64 * 1024
};

struct output {
    uint8_t *bytes;
    size_t size;
    size_t capacity;
    size_t limit;
};

/* One byte above the limit is allowed for, since only that byte tells a full output from one that
 * is too large. */
static bool grow(struct output *output)
{
    size_t capacity = output->capacity ? output->capacity * 2 : FIRST_CAPACITY;
    if (capacity > output->limit + 1)
        capacity = output->limit + 1;

    uint8_t *bytes = realloc(output->bytes, capacity);
    if (!bytes)
        return false;
    output->bytes = bytes;
    output->capacity = capacity;
    return true;
}

static int inflate_some(z_stream *stream, struct output *output)
{
    size_t room = output->capacity - output->size;

    stream->next_out = output->bytes + output->size;
    stream->avail_out = (uInt)room;
    int result = inflate(stream, Z_NO_FLUSH);
    output->size += room - stream->avail_out;
    return result;
}

/* A gzip file may consist of several, one behind the other. */
static bool at_end(z_stream *stream, int result)
{
    return result == Z_STREAM_END && (stream->avail_in == 0 || inflateReset(stream) != Z_OK);
}

static enum ct_inflate_result inflate_all(z_stream *stream, struct output *output)
{
    for (;;) {
        if (output->size == output->capacity && !grow(output))
            return CT_INFLATE_OUT_OF_MEMORY;

        int result = inflate_some(stream, output);
        if (output->size > output->limit)
            return CT_INFLATE_TOO_LARGE;
        if (at_end(stream, result))
            return CT_INFLATE_OK;
        if (result == Z_MEM_ERROR)
            return CT_INFLATE_OUT_OF_MEMORY;
        if (result != Z_OK && result != Z_STREAM_END)
            return CT_INFLATE_MALFORMED;
    }
}

enum ct_inflate_result ct_inflate(const uint8_t *bytes, size_t size_bytes, size_t limit_bytes,
                                  uint8_t **out, size_t *out_size_bytes)
{
    struct output output = {.limit = limit_bytes};
    z_stream stream = {.next_in = (Bytef *)(uintptr_t)bytes, .avail_in = (uInt)size_bytes};

    *out = NULL;
    if (size_bytes != stream.avail_in)
        return CT_INFLATE_TOO_LARGE;
    if (inflateInit2(&stream, GZIP_ONLY) != Z_OK)
        return CT_INFLATE_OUT_OF_MEMORY;
    enum ct_inflate_result result = inflate_all(&stream, &output);
    inflateEnd(&stream);

    if (result != CT_INFLATE_OK) {
        free(output.bytes);
        return result;
    }
    *out = output.bytes;
    *out_size_bytes = output.size;
    return CT_INFLATE_OK;
}
