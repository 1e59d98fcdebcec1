/* SPDX-License-Identifier: Apache-2.0 */
/* JSON as text that grows: the forms that OTLP/JSON has for values. */
#ifndef COTEL_PROTO_JSON_TEXT_H
#define COTEL_PROTO_JSON_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Zero-initialise it; free `data`. It keeps its memory from one text to the next. */
struct ct_json {
    char *data; /* not NUL-terminated */
    size_t size;
    size_t capacity;
    bool
        failed; /* memory was out, or what was to be written made no sense; nothing is added then */
};

void ct_json_put(struct ct_json *json, const char *text, size_t size);
void ct_json_put_char(struct ct_json *json, char c);
void ct_json_put_text(struct ct_json *json, const char *text);

/* Valid UTF-8, quoted and escaped. */
void ct_json_put_string(struct ct_json *json, const uint8_t *bytes, size_t size);

/* Bytes, quoted. */
void ct_json_put_hex(struct ct_json *json, const uint8_t *bytes, size_t size);
void ct_json_put_base64(struct ct_json *json, const uint8_t *bytes, size_t size);

/* A number; NaN and the infinities as strings. */
void ct_json_put_double(struct ct_json *json, double number);

/* A number, in quotes where 64 bits would be too much for a reader of JSON. */
void ct_json_put_signed(struct ct_json *json, int64_t number, bool quoted);
void ct_json_put_unsigned(struct ct_json *json, uint64_t number, bool quoted);

/* The name of a member, from the schema's spelling to JSON's, with its colon: parent_span_id is
 * "parentSpanId":. */
void ct_json_put_name(struct ct_json *json, const char *name);

#endif
