/* SPDX-License-Identifier: Apache-2.0 */
/* A request body made smaller: gzip, and zstd where the library was there. */
#ifndef COTEL_EXPORTERS_OTLP_ENCODE_COMPRESS_H
#define COTEL_EXPORTERS_OTLP_ENCODE_COMPRESS_H

#include <cotel/exporters/otlp_common.h>

/* A part of a body that lies somewhere else. */
struct ct_otlp_piece {
    const char *data;
    size_t size;
};

/* Zero-initialise it; free `data`. It keeps its memory from one body to the next. */
struct ct_otlp_packed {
    char *data;
    size_t size;
    size_t capacity;
};

/* Whether this build can do it. */
bool ct_otlp_can_compress(cotel_otlp_compression compression);

/* The name that HTTP and gRPC have for it, such as "gzip"; NULL for none. Static. */
const char *ct_otlp_compression_name(cotel_otlp_compression compression);

/* Compresses the pieces, one behind the other, as one stream; not by COTEL_OTLP_COMPRESSION_NONE.
 * false: memory is out. */
bool ct_otlp_compress(cotel_otlp_compression compression, const struct ct_otlp_piece *pieces,
                      size_t count, struct ct_otlp_packed *out);

#endif
