/* SPDX-License-Identifier: Apache-2.0 */
#include "metrics/otlp_lines.h"

#include "proto/from_json.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_CAPACITY = 16 };

#define TYPE \
    (&ct_opentelemetry__proto__collector__metrics__v1__export_metrics_service_request__descriptor)

static bool add(struct ct_otlp_lines *lines, const struct ct_proto_buffer *bytes)
{
    if (lines->count == lines->capacity) {
        size_t capacity = lines->capacity ? 2 * lines->capacity : FIRST_CAPACITY;
        void *grown = reallocarray(lines->requests, capacity, sizeof(*lines->requests));
        if (!grown)
            return false;
        lines->requests = grown;
        lines->capacity = capacity;
    }
    void *request = protobuf_c_message_unpack(TYPE, NULL, bytes->size, bytes->data);
    if (!request)
        return false;
    lines->requests[lines->count++] = request;
    return true;
}

static bool take(struct ct_otlp_lines *lines, const char *text, size_t size, struct ct_fault *fault)
{
    struct ct_proto_buffer bytes = {0};
    struct ct_proto_fault why = {0};
    bool is_taken = false;

    switch (ct_proto_from_json(TYPE, text, size, &bytes, &why)) {
    case CT_FROM_JSON_OK:
        if (ct_proto_check(TYPE, bytes.data ? bytes.data : (const uint8_t *)"", bytes.size, &why) !=
            CT_PROTO_OK)
            (void)ct_fault_set(fault, why.reason);
        else
            is_taken = add(lines, &bytes) || ct_fault_set(fault, "memory is out");
        break;
    case CT_FROM_JSON_MALFORMED:
        (void)ct_fault_set(fault, why.reason);
        break;
    case CT_FROM_JSON_OUT_OF_MEMORY:
        (void)ct_fault_set(fault, "memory is out");
        break;
    }
    ct_proto_buffer_fini(&bytes);
    return is_taken;
}

static bool is_empty(const char *at, const char *end)
{
    while (at < end && isspace((unsigned char)*at))
        at++;
    return at == end;
}

static bool take_lines(struct ct_otlp_lines *lines, struct ct_text text, struct ct_fault *fault)
{
    const char *end = text.data + text.size;

    for (const char *at = text.data; at < end;) {
        const char *line_end = memchr(at, '\n', (size_t)(end - at));
        const char *stop = line_end ? line_end : end;
        fault->line++;
        if (!is_empty(at, stop) && !take(lines, at, (size_t)(stop - at), fault))
            return false;
        at = line_end ? line_end + 1 : end;
    }
    return true;
}

bool ct_otlp_lines_read(struct ct_otlp_lines *lines, struct ct_text text, struct ct_fault *fault)
{
    struct ct_fault of_all = {0};

    *fault = (struct ct_fault){0};
    if (take_lines(lines, text, fault))
        return true;
    return lines->count == 0 && take(lines, text.data, text.size, &of_all);
}

void ct_otlp_lines_fini(struct ct_otlp_lines *lines)
{
    for (size_t i = 0; i < lines->count; i++)
        protobuf_c_message_free_unpacked(&lines->requests[i]->base, NULL);
    free(lines->requests);
    *lines = (struct ct_otlp_lines){0};
}
