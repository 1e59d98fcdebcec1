/* SPDX-License-Identifier: Apache-2.0 */
#include "api/propagation/baggage_member.h"

#include "api/propagation/counts.h"
#include "base/hex.h"
#include "wire/str.h"

/* RFC 7230, section 3.2.6. */
static bool is_token_char(char c)
{
    static const char marks[] = {'!', '#', '$', '%', '&', '\'', '*', '+',
                                 '-', '.', '^', '_', '`', '|',  '~'};
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'))
        return true;
    return memchr(marks, c, sizeof marks);
}

static bool is_baggage_octet(char c)
{
    return c > ' ' && c <= '~' && c != '"' && c != ',' && c != ';' && c != '\\';
}

/* A percent sign must be encoded. A plus need not be, but there are readers that take it for a
 * blank, as in forms. */
static bool is_plain_in_value(char c)
{
    return is_baggage_octet(c) && c != '%' && c != '+';
}

static bool all_are(cotel_str text, bool (*is_fine)(char c))
{
    for (size_t i = 0; i < text.size; i++) {
        if (!is_fine(text.data[i]))
            return false;
    }
    return true;
}

static bool is_token(cotel_str text)
{
    return text.size > 0 && all_are(text, is_token_char);
}

cotel_str ct_baggage_take_piece(cotel_str *text, char separator)
{
    const char *end = text->size > 0 ? memchr(text->data, separator, text->size) : NULL;
    size_t size = end ? (size_t)(end - text->data) : text->size;
    size_t step = end ? size + 1 : size;
    cotel_str piece = cotel_str_n(text->data, size);
    if (step > 0)
        *text = cotel_str_n(text->data + step, text->size - step);
    return piece;
}

/* NULL when that is not left. */
static char *take(struct ct_baggage_room *room, size_t size)
{
    if (size > room->left)
        return NULL;
    char *taken = room->at;
    room->at += size;
    room->left -= size;
    return taken;
}

static bool put(struct ct_baggage_room *room, const char *bytes, size_t size)
{
    char *to = take(room, size);
    if (to)
        memcpy(to, bytes, size);
    return to;
}

static bool put_encoded(struct ct_baggage_room *room, cotel_str text, bool (*is_plain)(char c))
{
    static const char digits[] = "0123456789ABCDEF";
    for (size_t i = 0; i < text.size; i++) {
        unsigned char byte = (unsigned char)text.data[i];
        const char encoded[] = {'%', digits[byte >> 4], digits[byte & 15]};
        if (!(is_plain(text.data[i]) ? put(room, &text.data[i], 1)
                                     : put(room, encoded, sizeof encoded)))
            return false;
    }
    return true;
}

/* A percent sign without two digits behind it stands for itself: the grammar allows it, and nobody
 * is served by losing the value. */
static cotel_str decode(cotel_str text, char *to)
{
    size_t size = 0;
    for (size_t i = 0; i < text.size; i++) {
        uint8_t byte;
        if (text.data[i] == '%' && text.size - i > 2 &&
            ct_hex_decode(&byte, &text.data[i + 1], 1)) {
            to[size++] = (char)byte;
            i += 2;
        } else {
            to[size++] = text.data[i];
        }
    }
    return cotel_str_n(to, size);
}

/* One property behind its semicolon. Its value is encoded already, where somebody took care. */
static enum ct_baggage_verdict put_property(struct ct_baggage_room *room, cotel_str property)
{
    bool has_value = memchr(property.data, '=', property.size);
    cotel_str key = ct_str_trim(ct_baggage_take_piece(&property, '='));
    if (!is_token(key))
        return CT_BAGGAGE_MALFORMED;
    bool fits = put(room, ";", 1) && put(room, key.data, key.size);
    if (has_value)
        fits =
            fits && put(room, "=", 1) && put_encoded(room, ct_str_trim(property), is_baggage_octet);
    return fits ? CT_BAGGAGE_GOOD : CT_BAGGAGE_NO_ROOM;
}

/* False when there is no room for all that are good. */
static bool put_properties(struct ct_baggage_room *room, cotel_str properties)
{
    while (properties.size > 0) {
        cotel_str property = ct_str_trim(ct_baggage_take_piece(&properties, ';'));
        if (property.size == 0)
            continue;
        enum ct_baggage_verdict verdict = put_property(room, property);
        if (verdict == CT_BAGGAGE_NO_ROOM)
            return false;
        ct_propagation_count(CT_PROPAGATION_MALFORMED, verdict == CT_BAGGAGE_MALFORMED);
    }
    return true;
}

enum ct_baggage_verdict ct_baggage_member_read(cotel_str text, struct ct_baggage_room *room,
                                               cotel_baggage_entry *out)
{
    cotel_str value = ct_baggage_take_piece(&text, ';');
    if (!memchr(value.data, '=', value.size))
        return CT_BAGGAGE_MALFORMED;
    cotel_str key = ct_str_trim(ct_baggage_take_piece(&value, '='));
    value = ct_str_trim(value);
    if (!is_token(key) || !all_are(value, is_baggage_octet))
        return CT_BAGGAGE_MALFORMED;

    struct ct_baggage_room rest = *room;
    char *decoded = take(&rest, strlen(",=") + key.size + value.size);
    const char *properties = rest.at;
    if (!decoded || !put_properties(&rest, text))
        return CT_BAGGAGE_NO_ROOM;
    size_t size = (size_t)(rest.at - properties);
    out->name = key;
    out->value = decode(value, decoded);
    out->metadata = size > 0 ? cotel_str_n(properties + 1, size - 1) : cotel_str_n(NULL, 0);
    *room = rest;
    return CT_BAGGAGE_GOOD;
}

enum ct_baggage_verdict ct_baggage_member_write(const cotel_baggage_entry *entry,
                                                struct ct_baggage_room *room)
{
    struct ct_baggage_room rest = *room;
    if (!is_token(entry->name))
        return CT_BAGGAGE_MALFORMED;
    if (!put(&rest, ",", 1) || !put(&rest, entry->name.data, entry->name.size) ||
        !put(&rest, "=", 1) || !put_encoded(&rest, entry->value, is_plain_in_value) ||
        !put_properties(&rest, entry->metadata))
        return CT_BAGGAGE_NO_ROOM;
    *room = rest;
    return CT_BAGGAGE_GOOD;
}
