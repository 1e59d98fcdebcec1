/* SPDX-License-Identifier: Apache-2.0 */
#include "exporters/otlp/encode/request.h"

#include "exporters/otlp/signal.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* Numbers of length-delimited fields. Those of opentelemetry/proto/{collector/trace,trace}/v1 and
 * of {collector/metrics,metrics}/v1 are the same; where one names spans, the other has metrics. */
enum {
    REQUEST_RESOURCE_RECORDS = 1,
    RESOURCE_RECORDS_RESOURCE = 1,
    RESOURCE_RECORDS_SCOPE_RECORDS = 2,
    RESOURCE_RECORDS_SCHEMA_URL = 3,
    SCOPE_RECORDS_SCOPE = 1,
    SCOPE_RECORDS_SCHEMA_URL = 3,
    WIRE_LENGTH_DELIMITED = 2
};

static size_t varint_size(size_t value)
{
    size_t size = 1;
    for (; value >= 0x80; value >>= 7)
        size++;
    return size;
}

/* A tag of one byte, a length, and what it is the length of. */
static size_t field_size(size_t content)
{
    return 1 + varint_size(content) + content;
}

static char *put_head(char *at, unsigned field, size_t content)
{
    *at++ = (char)(field << 3 | WIRE_LENGTH_DELIMITED);
    for (; content >= 0x80; content >>= 7)
        *at++ = (char)(content | 0x80);
    *at++ = (char)content;
    return at;
}

static char *put_field(char *at, unsigned field, cotel_str content)
{
    at = put_head(at, field, content.size);
    if (content.size > 0)
        memcpy(at, content.data, content.size);
    return at + content.size;
}

static size_t schema_url_size(cotel_str url)
{
    return url.size > 0 ? field_size(url.size) : 0;
}

static char *put_schema_url(char *at, unsigned field, cotel_str url)
{
    return url.size > 0 ? put_field(at, field, url) : at;
}

static size_t scope_records_size(const cotel_batch_group *group)
{
    return field_size(group->scope->encoded.size) + schema_url_size(group->scope->schema_url) +
           group->bytes.size;
}

static size_t resource_records_size(const cotel_batch *batch)
{
    const cotel_resource *resource = cotel_batch_resource(batch);
    size_t size = field_size(cotel_resource_encoded(resource).size) +
                  schema_url_size(cotel_resource_schema_url(resource));
    size_t count = 0;
    const cotel_batch_group *groups = cotel_batch_groups(batch, &count);
    for (size_t i = 0; i < count; i++)
        size += field_size(scope_records_size(&groups[i]));
    return size;
}

static size_t records_size(const cotel_batch_group *groups, size_t count)
{
    size_t size = 0;
    for (size_t i = 0; i < count; i++)
        size += groups[i].bytes.size;
    return size;
}

static bool reserve(struct ct_otlp_request *request, size_t heads, size_t pieces)
{
    if (heads > request->heads_capacity) {
        char *grown = realloc(request->heads, heads);
        if (grown == NULL)
            return false;
        request->heads = grown;
        request->heads_capacity = heads;
    }
    if (pieces > request->piece_capacity) {
        struct ct_otlp_piece *grown =
            realloc(request->pieces, pieces * sizeof(struct ct_otlp_piece));
        if (grown == NULL)
            return false;
        request->pieces = grown;
        request->piece_capacity = pieces;
    }
    return true;
}

static char *put_batch_head(char *at, const cotel_batch *batch, size_t size)
{
    const cotel_resource *resource = cotel_batch_resource(batch);
    at = put_head(at, REQUEST_RESOURCE_RECORDS, size);
    at = put_field(at, RESOURCE_RECORDS_RESOURCE, cotel_resource_encoded(resource));
    return put_schema_url(at, RESOURCE_RECORDS_SCHEMA_URL, cotel_resource_schema_url(resource));
}

/* The schema url comes before the records, though its number is higher: the order of fields is
 * free, and this way a group needs one head and no tail. */
static char *put_group_head(char *at, const cotel_batch_group *group)
{
    at = put_head(at, RESOURCE_RECORDS_SCOPE_RECORDS, scope_records_size(group));
    at = put_field(at, SCOPE_RECORDS_SCOPE, group->scope->encoded);
    return put_schema_url(at, SCOPE_RECORDS_SCHEMA_URL, group->scope->schema_url);
}

static void add_piece(struct ct_otlp_request *request, const char *data, size_t size)
{
    request->pieces[request->piece_count++] = (struct ct_otlp_piece){data, size};
}

static bool frame(struct ct_otlp_request *request, const cotel_batch *batch)
{
    size_t count = 0;
    const cotel_batch_group *groups = cotel_batch_groups(batch, &count);
    size_t inner = resource_records_size(batch);
    size_t size = field_size(inner);
    size_t heads = size - records_size(groups, count);
    if (!reserve(request, heads, 2 * count))
        return false;

    request->plain_size = size;
    request->piece_count = 0;
    char *start = request->heads;
    char *at = put_batch_head(start, batch, inner);
    for (size_t i = 0; i < count; i++) {
        at = put_group_head(at, &groups[i]);
        add_piece(request, start, (size_t)(at - start));
        add_piece(request, groups[i].bytes.data, groups[i].bytes.size);
        start = at;
    }
    assert((size_t)(at - request->heads) == heads);
    return true;
}

/* All pieces as one block; NULL: memory is out. */
static char *gather(const struct ct_otlp_request *request)
{
    char *block = malloc(request->plain_size);
    if (block == NULL)
        return NULL;
    size_t at = 0;
    for (size_t i = 0; i < request->piece_count; i++) {
        memcpy(block + at, request->pieces[i].data, request->pieces[i].size);
        at += request->pieces[i].size;
    }
    return block;
}

static void replace_pieces(struct ct_otlp_request *request, const char *data, size_t size)
{
    request->piece_count = 0;
    add_piece(request, data, size);
    request->size = size;
}

static bool write_json(struct ct_otlp_request *request, cotel_signal signal)
{
    char *block = gather(request);
    if (block == NULL)
        return false;
    request->json.size = 0;
    request->json.failed = false;
    bool done = ct_proto_json_append(&request->json, ct_otlp_signal_of(signal)->request, block,
                                     request->plain_size);
    free(block);
    if (done)
        replace_pieces(request, request->json.data, request->json.size);
    request->plain_size = request->json.size;
    return done;
}

static bool compress(struct ct_otlp_request *request, cotel_otlp_compression compression)
{
    struct ct_otlp_packed *packed = &request->packed;
    if (!ct_otlp_compress(compression, request->pieces, request->piece_count, packed))
        return false;
    replace_pieces(request, packed->data, packed->size);
    return true;
}

bool ct_otlp_request_build(struct ct_otlp_request *request, const cotel_batch *batch,
                           const struct ct_otlp_format *format)
{
    request->at = 0;
    request->offset = 0;
    if (!frame(request, batch))
        return false;
    request->size = request->plain_size;
    if (format->encoding == COTEL_OTLP_ENCODING_JSON &&
        !write_json(request, cotel_batch_signal(batch)))
        return false;
    return format->compression == COTEL_OTLP_COMPRESSION_NONE ||
           compress(request, format->compression);
}

size_t ct_otlp_request_read(struct ct_otlp_request *request, char *out, size_t capacity)
{
    size_t read = 0;
    while (read < capacity && request->at < request->piece_count) {
        const struct ct_otlp_piece *piece = &request->pieces[request->at];
        size_t left = piece->size - request->offset;
        size_t take = left < capacity - read ? left : capacity - read;
        memcpy(out + read, piece->data + request->offset, take);
        read += take;
        request->offset += take;
        if (take == left) {
            request->at++;
            request->offset = 0;
        }
    }
    return read;
}

bool ct_otlp_request_is_read(const struct ct_otlp_request *request)
{
    return request->at == request->piece_count;
}

bool ct_otlp_request_seek(struct ct_otlp_request *request, size_t position)
{
    if (position > request->size)
        return false;
    size_t at = 0;
    while (at < request->piece_count && position >= request->pieces[at].size)
        position -= request->pieces[at++].size;
    request->at = at;
    request->offset = position;
    return true;
}

void ct_otlp_request_fini(struct ct_otlp_request *request)
{
    free(request->heads);
    free(request->pieces);
    free(request->json.data);
    free(request->packed.data);
    *request = (struct ct_otlp_request){0};
}
