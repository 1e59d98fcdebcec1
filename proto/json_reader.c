/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/json_reader.h"

#include "proto/utf8.h"

#include <string.h>

static bool fail(struct ct_json_reader *reader, const char *fault)
{
    if (!reader->fault)
        reader->fault = fault;
    return false;
}

static size_t left(const struct ct_json_reader *reader)
{
    return (size_t)(reader->end - reader->at);
}

char ct_json_peek(struct ct_json_reader *reader)
{
    static const char spaces[] = {' ', '\t', '\n', '\r'};

    while (reader->at < reader->end && memchr(spaces, *reader->at, sizeof(spaces)))
        reader->at++;
    return reader->at < reader->end ? *reader->at : '\0';
}

static bool take(struct ct_json_reader *reader, char wanted)
{
    if (left(reader) == 0 || *reader->at != wanted)
        return false;
    reader->at++;
    return true;
}

bool ct_json_enter(struct ct_json_reader *reader, char bracket)
{
    if (ct_json_peek(reader) != bracket)
        return fail(reader, bracket == '{' ? "an object is expected" : "an array is expected");
    if (reader->depth == CT_JSON_READER_MAX_DEPTH)
        return fail(reader, "values nest too deep");
    reader->depth++;
    reader->at++;
    return true;
}

bool ct_json_next(struct ct_json_reader *reader, char bracket, bool *is_first)
{
    char next = ct_json_peek(reader);

    if (reader->fault)
        return false;
    if (next == (bracket == '{' ? '}' : ']')) {
        reader->at++;
        reader->depth--;
        return false;
    }
    if (!*is_first && !take(reader, ','))
        return fail(reader, "a comma or the end is expected");
    *is_first = false;
    return true;
}

static void put(struct ct_proto_buffer *out, const void *bytes, size_t size)
{
    if (out)
        ct_proto_buffer_put(out, bytes, size);
}

static void put_character(struct ct_proto_buffer *out, uint32_t character)
{
    uint8_t lead = character < 0x80      ? (uint8_t)character
                   : character < 0x800   ? (uint8_t)(0xC0 | character >> 6)
                   : character < 0x10000 ? (uint8_t)(0xE0 | character >> 12)
                                         : (uint8_t)(0xF0 | character >> 18);
    unsigned more = character < 0x80 ? 0 : character < 0x800 ? 1 : character < 0x10000 ? 2 : 3;

    put(out, &lead, 1);
    while (more-- > 0) {
        uint8_t byte = (uint8_t)(0x80 | (character >> (6 * more) & 0x3F));
        put(out, &byte, 1);
    }
}

static bool read_hex4(struct ct_json_reader *reader, uint32_t *out)
{
    static const char digits[] = "0123456789abcdefABCDEF";

    *out = 0;
    for (unsigned i = 0; i < 4; i++, reader->at++) {
        const char *digit = left(reader) ? memchr(digits, *reader->at, sizeof(digits) - 1) : NULL;
        if (!digit)
            return fail(reader, "\\u needs four hexadecimal digits");
        uint32_t value = (uint32_t)(digit - digits);
        *out = *out << 4 | (value < 16 ? value : value - 6);
    }
    return true;
}

/* Behind \u. Above U+FFFF a character takes two of them. */
static bool read_unicode(struct ct_json_reader *reader, struct ct_proto_buffer *out)
{
    uint32_t character, low;

    if (!read_hex4(reader, &character))
        return false;
    if (character >= 0xD800 && character <= 0xDBFF) {
        if (!take(reader, '\\') || !take(reader, 'u'))
            return fail(reader, "half of a surrogate pair");
        if (!read_hex4(reader, &low))
            return false;
        if (low < 0xDC00 || low > 0xDFFF)
            return fail(reader, "half of a surrogate pair");
        character = 0x10000 + ((character - 0xD800) << 10) + (low - 0xDC00);
    } else if (character >= 0xDC00 && character <= 0xDFFF) {
        return fail(reader, "half of a surrogate pair");
    }
    put_character(out, character);
    return true;
}

static bool read_escape(struct ct_json_reader *reader, struct ct_proto_buffer *out)
{
    static const char names[] = "\"\\/bfnrt", meanings[] = "\"\\/\b\f\n\r\t";

    if (take(reader, 'u'))
        return read_unicode(reader, out);
    const char *name = left(reader) ? memchr(names, *reader->at, sizeof(names) - 1) : NULL;
    if (!name)
        return fail(reader, "an escape is not known");
    put(out, &meanings[name - names], 1);
    reader->at++;
    return true;
}

/* Up to a quote, an escape, or what must not be in a string. */
static bool read_plain(struct ct_json_reader *reader, struct ct_proto_buffer *out)
{
    const uint8_t *start = (const uint8_t *)reader->at;
    size_t size = 0, most = left(reader);

    while (size < most && start[size] >= 0x20 && start[size] != '"' && start[size] != '\\')
        size++;
    size_t valid = ct_proto_utf8_valid_prefix(start, size);
    reader->at += valid;
    if (valid < size)
        return fail(reader, "text is not valid UTF-8");
    put(out, start, size);
    return true;
}

bool ct_json_read_string(struct ct_json_reader *reader, struct ct_proto_buffer *out)
{
    if (ct_json_peek(reader) != '"')
        return fail(reader, "a string is expected");
    reader->at++;
    while (read_plain(reader, out)) {
        if (take(reader, '"'))
            return true;
        if (!take(reader, '\\'))
            return fail(reader, left(reader) ? "a control character stands in a string"
                                             : "a string has no end");
        if (!read_escape(reader, out))
            return false;
    }
    return false;
}

bool ct_json_read_name(struct ct_json_reader *reader, struct ct_proto_buffer *out)
{
    if (!ct_json_read_string(reader, out))
        return false;
    return (ct_json_peek(reader) == ':' && take(reader, ':')) ||
           fail(reader, "a colon is expected");
}

static bool skip_digits(struct ct_json_reader *reader)
{
    const char *start = reader->at;

    while (left(reader) && *reader->at >= '0' && *reader->at <= '9')
        reader->at++;
    return reader->at > start;
}

static bool skip_number(struct ct_json_reader *reader)
{
    take(reader, '-');
    if (!take(reader, '0') && !skip_digits(reader))
        return false;
    if (take(reader, '.') && !skip_digits(reader))
        return false;
    if (!take(reader, 'e') && !take(reader, 'E'))
        return true;
    if (!take(reader, '+'))
        take(reader, '-');
    return skip_digits(reader);
}

bool ct_json_read_number(struct ct_json_reader *reader, struct ct_proto_buffer *out)
{
    ct_json_peek(reader);
    const char *start = reader->at;
    if (!skip_number(reader))
        return fail(reader, "a number is expected");
    put(out, start, (size_t)(reader->at - start));
    return true;
}

static bool take_word(struct ct_json_reader *reader, const char *word)
{
    size_t size = strlen(word);

    ct_json_peek(reader);
    if (left(reader) < size || memcmp(reader->at, word, size) != 0)
        return false;
    reader->at += size;
    return true;
}

bool ct_json_read_bool(struct ct_json_reader *reader, bool *out)
{
    *out = take_word(reader, "true");
    return *out || take_word(reader, "false") || fail(reader, "true or false is expected");
}

bool ct_json_read_null(struct ct_json_reader *reader)
{
    return take_word(reader, "null") || fail(reader, "null is expected");
}

/* As deep as ct_json_enter() allows. */
static bool skip_elements(struct ct_json_reader *reader, char bracket)
{
    bool is_first = true;

    if (!ct_json_enter(reader, bracket))
        return false;
    while (ct_json_next(reader, bracket, &is_first))
        if ((bracket == '{' && !ct_json_read_name(reader, NULL)) || !ct_json_skip(reader))
            return false;
    return !reader->fault;
}

bool ct_json_skip(struct ct_json_reader *reader)
{
    char next = ct_json_peek(reader);
    bool ignored;

    switch (next) {
    case '{':
    case '[':
        return skip_elements(reader, next);
    case '"':
        return ct_json_read_string(reader, NULL);
    case 't':
    case 'f':
        return ct_json_read_bool(reader, &ignored);
    case 'n':
        return ct_json_read_null(reader);
    default:
        return ct_json_read_number(reader, NULL);
    }
}

bool ct_json_read_end(struct ct_json_reader *reader)
{
    ct_json_peek(reader);
    return left(reader) == 0 || fail(reader, "something stands behind the end");
}
