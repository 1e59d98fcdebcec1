/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/json_text.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    NUMBER_SIZE = 32, /* of any number as text */
    FIRST_CAPACITY = 4096
};

void ct_json_put(struct ct_json *json, const char *text, size_t size)
{
    if (json->failed)
        return;
    if (size > json->capacity - json->size) {
        size_t capacity = json->capacity ? json->capacity : FIRST_CAPACITY;
        while (capacity - json->size < size && capacity <= SIZE_MAX / 2)
            capacity *= 2;
        char *grown = capacity - json->size < size ? NULL : realloc(json->data, capacity);
        if (!grown) {
            json->failed = true;
            return;
        }
        json->data = grown;
        json->capacity = capacity;
    }
    memcpy(json->data + json->size, text, size);
    json->size += size;
}

void ct_json_put_char(struct ct_json *json, char c)
{
    ct_json_put(json, &c, 1);
}

void ct_json_put_text(struct ct_json *json, const char *text)
{
    ct_json_put(json, text, strlen(text));
}

/* Whether a byte of a string can stand for itself. */
static bool is_plain(uint8_t byte)
{
    return byte >= 0x20 && byte != '"' && byte != '\\' && byte != 0x7f;
}

static void put_escaped(struct ct_json *json, uint8_t byte)
{
    char escape[8];
    if (byte == '"' || byte == '\\')
        snprintf(escape, sizeof escape, "\\%c", byte);
    else
        snprintf(escape, sizeof escape, "\\u%04x", byte);
    ct_json_put_text(json, escape);
}

void ct_json_put_string(struct ct_json *json, const uint8_t *bytes, size_t size)
{
    ct_json_put_char(json, '"');
    for (size_t at = 0; at < size;) {
        size_t plain = 0;
        while (at + plain < size && is_plain(bytes[at + plain]))
            plain++;
        ct_json_put(json, (const char *)bytes + at, plain);
        at += plain;
        if (at < size)
            put_escaped(json, bytes[at++]);
    }
    ct_json_put_char(json, '"');
}

void ct_json_put_hex(struct ct_json *json, const uint8_t *bytes, size_t size)
{
    static const char digits[] = "0123456789abcdef";
    ct_json_put_char(json, '"');
    for (size_t i = 0; i < size; i++) {
        const char pair[] = {digits[bytes[i] >> 4], digits[bytes[i] & 0xf]};
        ct_json_put(json, pair, sizeof pair);
    }
    ct_json_put_char(json, '"');
}

/* `size` is 1 to 3. */
static void put_base64_group(struct ct_json *json, const uint8_t *bytes, size_t size)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    uint32_t bits = (uint32_t)bytes[0] << 16;
    bits |= size > 1 ? (uint32_t)bytes[1] << 8 : 0;
    bits |= size > 2 ? bytes[2] : 0;
    const char group[] = {digits[bits >> 18], digits[bits >> 12 & 63],
                          size > 1 ? digits[bits >> 6 & 63] : '=',
                          size > 2 ? digits[bits & 63] : '='};
    ct_json_put(json, group, sizeof group);
}

void ct_json_put_base64(struct ct_json *json, const uint8_t *bytes, size_t size)
{
    ct_json_put_char(json, '"');
    for (size_t at = 0; at < size; at += 3)
        put_base64_group(json, bytes + at, size - at < 3 ? size - at : 3);
    ct_json_put_char(json, '"');
}

/* The shortest text that reads back as the same number. printf() writes the decimal point of the
 * program's locale, of whatever bytes it is: all that is no part of a number becomes one point. */
static void put_finite(struct ct_json *json, double number)
{
    char text[NUMBER_SIZE], clean[NUMBER_SIZE];
    for (int precision = 15; precision <= 17; precision++) {
        snprintf(text, sizeof text, "%.*g", precision, number);
        if (strtod(text, NULL) == number)
            break;
    }
    size_t size = 0;
    for (const char *c = text; *c; c++) {
        bool is_part = strchr("0123456789+-e", *c) != NULL;
        if (is_part || (size > 0 && clean[size - 1] != '.'))
            clean[size++] = is_part ? *c : '.';
    }
    ct_json_put(json, clean, size);
}

void ct_json_put_double(struct ct_json *json, double number)
{
    if (isnan(number))
        ct_json_put_text(json, "\"NaN\"");
    else if (isinf(number))
        ct_json_put_text(json, number > 0 ? "\"Infinity\"" : "\"-Infinity\"");
    else
        put_finite(json, number);
}

void ct_json_put_signed(struct ct_json *json, int64_t number, bool quoted)
{
    char text[NUMBER_SIZE];
    snprintf(text, sizeof text, quoted ? "\"%" PRId64 "\"" : "%" PRId64, number);
    ct_json_put_text(json, text);
}

void ct_json_put_unsigned(struct ct_json *json, uint64_t number, bool quoted)
{
    char text[NUMBER_SIZE];
    snprintf(text, sizeof text, quoted ? "\"%" PRIu64 "\"" : "%" PRIu64, number);
    ct_json_put_text(json, text);
}

/* parent_span_id is parentSpanId. */
void ct_json_put_name(struct ct_json *json, const char *name)
{
    ct_json_put_char(json, '"');
    for (const char *c = name; *c; c++) {
        if (*c == '_' && c[1] >= 'a' && c[1] <= 'z')
            ct_json_put_char(json, (char)(*++c - 'a' + 'A'));
        else
            ct_json_put_char(json, *c);
    }
    ct_json_put_text(json, "\":");
}
