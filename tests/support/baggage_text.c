/* SPDX-License-Identifier: Apache-2.0 */
#include "baggage_text.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

static void append(struct baggage_text *out, const char *text, size_t size)
{
    assert_true(size <= sizeof out->text - out->used);
    memcpy(out->text + out->used, text, size);
    out->used += size;
}

static void begin_entry(struct baggage_text *out)
{
    assert_true(out->count < CASE_MAX_LINES);
    out->entries[out->count++] = out->text + out->used;
}

static void append_decoded(struct baggage_text *out, const char *text, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        char c = text[i];
        if (c == '%' && size - i > 2 && isxdigit((unsigned char)text[i + 1]) &&
            isxdigit((unsigned char)text[i + 2])) {
            const char digits[] = {text[i + 1], text[i + 2], '\0'};
            c = (char)strtoul(digits, NULL, 16);
            i += 2;
        }
        append(out, &c, 1);
    }
}

/* NAME or NAME=VALUE. */
static void append_pair(struct baggage_text *out, const char *pair, size_t size)
{
    const char *equals = memchr(pair, '=', size);
    size_t name_size = equals ? (size_t)(equals - pair) + 1 : size;
    append(out, pair, name_size);
    append_decoded(out, pair + name_size, size - name_size);
}

static void append_member(struct baggage_text *out, const char *member, size_t size)
{
    size_t at = strcspn(member, ";,");
    begin_entry(out);
    append_pair(out, member, at);
    while (at < size) {
        size_t begin = at + 1;
        at = begin + strcspn(member + begin, ";,");
        append(out, "\n;", 2);
        append_pair(out, member + begin, at - begin);
    }
    append(out, "", 1);
}

void baggage_text_of_header(struct baggage_text *out, const char *header)
{
    out->count = out->used = 0;
    while (*header) {
        size_t size = strcspn(header, ",");
        append_member(out, header, size);
        header += size + (header[size] == ',');
    }
}

void baggage_text_of_case(struct baggage_text *out, const struct header_case *c)
{
    out->count = out->used = 0;
    for (size_t i = 0; i < c->line_count; i++) {
        const char *rest = c->lines[i].rest;
        if (strcmp(c->lines[i].word, "entry") == 0) {
            begin_entry(out);
        } else if (strcmp(c->lines[i].word, "property") == 0) {
            assert_true(out->used > 0);
            out->used--; /* over the NUL */
            append(out, "\n;", 2);
        } else {
            continue;
        }
        append(out, rest, strlen(rest) + 1);
    }
}

static bool has_entry(const struct baggage_text *text, const char *entry)
{
    for (size_t i = 0; i < text->count; i++) {
        if (strcmp(text->entries[i], entry) == 0)
            return true;
    }
    return false;
}

bool baggage_text_equal(const struct baggage_text *one, const struct baggage_text *other)
{
    if (one->count != other->count)
        return false;
    for (size_t i = 0; i < one->count; i++) {
        if (!has_entry(other, one->entries[i]) || !has_entry(one, other->entries[i]))
            return false;
    }
    return true;
}
