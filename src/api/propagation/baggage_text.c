/* SPDX-License-Identifier: Apache-2.0 */
#include "api/propagation/baggage_text.h"

#include "api/propagation/counts.h"
#include "base/hex.h"

void ct_baggage_count(enum ct_baggage_verdict verdict)
{
    ct_propagation_count(CT_PROPAGATION_MALFORMED, verdict == CT_BAGGAGE_MALFORMED);
    ct_propagation_count(CT_PROPAGATION_OVER_LIMIT, verdict == CT_BAGGAGE_NO_ROOM);
}

static bool is_token_char(char c)
{
    static const char marks[] = {'!', '#', '$', '%', '&', '\'', '*', '+',
                                 '-', '.', '^', '_', '`', '|',  '~'};
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'))
        return true;
    return memchr(marks, c, sizeof marks);
}

bool ct_is_token(cotel_str text)
{
    for (size_t i = 0; i < text.size; i++) {
        if (!is_token_char(text.data[i]))
            return false;
    }
    return text.size > 0;
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

char *ct_room_take(struct ct_baggage_room *room, size_t size)
{
    if (size > room->left)
        return NULL;
    char *taken = room->at;
    room->at += size;
    room->left -= size;
    return taken;
}

bool ct_room_put(struct ct_baggage_room *room, cotel_str text)
{
    char *to = ct_room_take(room, text.size);
    if (to && text.size > 0)
        memcpy(to, text.data, text.size);
    return to;
}

bool ct_room_put_encoded(struct ct_baggage_room *room, cotel_str text, bool (*is_plain)(char c))
{
    static const char digits[] = "0123456789ABCDEF";
    for (size_t i = 0; i < text.size; i++) {
        unsigned char byte = (unsigned char)text.data[i];
        const char encoded[] = {'%', digits[byte >> 4], digits[byte & 15]};
        if (!ct_room_put(room, is_plain(text.data[i]) ? cotel_str_n(&text.data[i], 1)
                                                      : cotel_str_n(encoded, sizeof encoded)))
            return false;
    }
    return true;
}

cotel_str ct_percent_read(char *to, cotel_str text)
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
