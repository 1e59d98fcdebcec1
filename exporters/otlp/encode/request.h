/* SPDX-License-Identifier: Apache-2.0 */
/* A batch as the body of a request.
 *
 * In protobuf, and not compressed, it is not copied: spans and metrics are encoded already.
 * What an ExportTraceServiceRequest or ExportMetricsServiceRequest adds, the messages around each
 * group of them, goes into one small
 * buffer, and the body is a list of pieces that alternate between that buffer and the batch. Its
 * size is known before the first byte is read, and it can be read again for a retry. Any other body
 * is made whole in memory first, as one piece.
 */
#ifndef COTEL_EXPORTERS_OTLP_ENCODE_REQUEST_H
#define COTEL_EXPORTERS_OTLP_ENCODE_REQUEST_H

#include "exporters/otlp/encode/compress.h"
#include "proto/json.h"

#include <cotel/sdk/exporter.h>

/* What a body is to look like. */
struct ct_otlp_format {
    cotel_otlp_compression compression;
    cotel_otlp_encoding encoding;
};

/* Zero-initialise it. It keeps its memory from one batch to the next. */
struct ct_otlp_request {
    size_t size;       /* of the whole body */
    size_t plain_size; /* the same before it was compressed */
    struct ct_otlp_piece *pieces;
    size_t piece_count;
    size_t piece_capacity;
    char *heads;
    size_t heads_capacity;
    struct ct_json json;          /* what a body in JSON is in */
    struct ct_otlp_packed packed; /* what a compressed body is in */
    size_t at;                    /* the piece that is read next, */
    size_t offset;                /* and from where in it */
};

/* Makes it the body of `batch`, which must outlive its use. false: memory. */
bool ct_otlp_request_build(struct ct_otlp_request *request, const cotel_batch *batch,
                           const struct ct_otlp_format *format);

/* Copies up to `capacity` bytes from where reading stands; returns how many, 0 at the end. */
size_t ct_otlp_request_read(struct ct_otlp_request *request, char *out, size_t capacity);

/* Whether reading stands at the end. */
bool ct_otlp_request_is_read(const struct ct_otlp_request *request);

/* Reading goes on at `position`; false: that is beyond the end. */
bool ct_otlp_request_seek(struct ct_otlp_request *request, size_t position);

/* Gives its memory back. */
void ct_otlp_request_fini(struct ct_otlp_request *request);

#endif
