/* SPDX-License-Identifier: Apache-2.0 */
#include "exporters/prometheus/gzip.h"

#include <limits.h>
#include <zlib.h>

/* The largest window, with a head and a sum as gzip has them. */
#define WINDOW_BITS (15 + 16)
#define MEMORY_LEVEL 8

/* `out` has room for all, so one call does it. */
static bool deflate_all(z_stream *stream, const struct ct_prom_text *in, struct ct_prom_text *out)
{
    stream->next_in = (Bytef *)in->data;
    stream->avail_in = (uInt)in->size;
    stream->next_out = (Bytef *)out->data;
    stream->avail_out = (uInt)out->capacity;
    if (deflate(stream, Z_FINISH) != Z_STREAM_END)
        return false;
    out->size = stream->total_out;
    return true;
}

static bool compress_text(const struct ct_prom_text *in, struct ct_prom_text *out)
{
    z_stream stream = {.zalloc = Z_NULL, .zfree = Z_NULL, .opaque = Z_NULL};
    /* The fastest level: names repeat, so that it finds most of what there is to find. */
    if (deflateInit2(&stream, Z_BEST_SPEED, Z_DEFLATED, WINDOW_BITS, MEMORY_LEVEL,
                     Z_DEFAULT_STRATEGY) != Z_OK)
        return false;
    bool done = ct_prom_text_room(out, deflateBound(&stream, in->size)) != NULL &&
                out->capacity <= UINT_MAX && deflate_all(&stream, in, out);
    (void)deflateEnd(&stream);
    return done;
}

bool ct_prom_gzip(struct ct_prom_text *text)
{
    struct ct_prom_text packed = {NULL, 0, 0, false};
    if (text->size > UINT_MAX || !compress_text(text, &packed)) {
        ct_prom_text_fini(&packed);
        return false;
    }
    ct_prom_text_fini(text);
    *text = packed;
    return true;
}
