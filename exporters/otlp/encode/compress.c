/* SPDX-License-Identifier: Apache-2.0 */
/* At the fastest level: spans shrink to a seventh by it already, and the worker has other things to
 * do than to win the last tenth. */
#include "exporters/otlp/encode/compress.h"

#include <limits.h>
#include <stdlib.h>
#include <zlib.h>

#ifdef CT_HAVE_ZSTD
#include <zstd.h>
#endif

enum {
    LEVEL = 1,
    /* deflateInit2(): the largest window, with gzip's head and tail around the stream. */
    GZIP_WINDOW_BITS = 15 + 16,
    DEFAULT_MEMORY_LEVEL = 8
};

#ifdef CT_HAVE_ZSTD
static const bool has_zstd = true;
#else
static const bool has_zstd = false;
#endif

bool ct_otlp_can_compress(cotel_otlp_compression compression)
{
    return compression != COTEL_OTLP_COMPRESSION_ZSTD || has_zstd;
}

const char *ct_otlp_compression_name(cotel_otlp_compression compression)
{
    switch (compression) {
    case COTEL_OTLP_COMPRESSION_GZIP:
        return "gzip";
    case COTEL_OTLP_COMPRESSION_ZSTD:
        return "zstd";
    case COTEL_OTLP_COMPRESSION_NONE:
        break;
    }
    return NULL;
}

static bool reserve(struct ct_otlp_packed *out, size_t capacity)
{
    out->size = 0;
    if (capacity <= out->capacity)
        return true;
    char *grown = realloc(out->data, capacity);
    if (grown == NULL)
        return false;
    out->data = grown;
    out->capacity = capacity;
    return true;
}

static size_t total(const struct ct_otlp_piece *pieces, size_t count)
{
    size_t size = 0;
    for (size_t i = 0; i < count; i++)
        size += pieces[i].size;
    return size;
}

/* There is room for the worst case, so each call takes all its input; zlib would call it an error
 * if there were none. */
static bool deflate_all(z_stream *stream, const struct ct_otlp_piece *pieces, size_t count)
{
    int status = Z_OK;
    for (size_t i = 0; i < count && status == Z_OK; i++) {
        if (pieces[i].size == 0)
            continue;
        stream->next_in = (Bytef *)(uintptr_t)pieces[i].data;
        stream->avail_in = (uInt)pieces[i].size;
        status = deflate(stream, Z_NO_FLUSH);
    }
    return status == Z_OK && deflate(stream, Z_FINISH) == Z_STREAM_END;
}

static bool gzip(const struct ct_otlp_piece *pieces, size_t count, struct ct_otlp_packed *out)
{
    z_stream stream = {0};
    size_t size = total(pieces, count);
    if (size > UINT_MAX / 2 || /* zlib counts in int */
        deflateInit2(&stream, LEVEL, Z_DEFLATED, GZIP_WINDOW_BITS, DEFAULT_MEMORY_LEVEL,
                     Z_DEFAULT_STRATEGY) != Z_OK)
        return false;
    bool done = reserve(out, deflateBound(&stream, size));
    if (done) {
        stream.next_out = (Bytef *)out->data;
        stream.avail_out = (uInt)out->capacity;
        done = deflate_all(&stream, pieces, count);
        out->size = stream.total_out;
    }
    deflateEnd(&stream);
    return done;
}

#ifdef CT_HAVE_ZSTD
static bool zstd_all(ZSTD_CCtx *context, const struct ct_otlp_piece *pieces, size_t count,
                     struct ct_otlp_packed *out)
{
    ZSTD_outBuffer to = {out->data, out->capacity, 0};
    for (size_t i = 0; i < count; i++) {
        ZSTD_inBuffer from = {pieces[i].data, pieces[i].size, 0};
        ZSTD_EndDirective end = i + 1 < count ? ZSTD_e_continue : ZSTD_e_end;
        size_t left;
        do {
            left = ZSTD_compressStream2(context, &to, &from, end);
            if (ZSTD_isError(left) || to.pos == to.size)
                return false;
        } while (from.pos < from.size || (end == ZSTD_e_end && left > 0));
    }
    out->size = to.pos;
    return true;
}

static bool zstd(const struct ct_otlp_piece *pieces, size_t count, struct ct_otlp_packed *out)
{
    ZSTD_CCtx *context = ZSTD_createCCtx();
    /* A byte more: a buffer that is full to the last byte would look like one that is too small. */
    bool done = context != NULL && reserve(out, ZSTD_compressBound(total(pieces, count)) + 1) &&
                !ZSTD_isError(ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, LEVEL)) &&
                zstd_all(context, pieces, count, out);
    ZSTD_freeCCtx(context);
    return done;
}
#endif

bool ct_otlp_compress(cotel_otlp_compression compression, const struct ct_otlp_piece *pieces,
                      size_t count, struct ct_otlp_packed *out)
{
#ifdef CT_HAVE_ZSTD
    if (compression == COTEL_OTLP_COMPRESSION_ZSTD)
        return zstd(pieces, count, out);
#endif
    return compression == COTEL_OTLP_COMPRESSION_GZIP && gzip(pieces, count, out);
}
