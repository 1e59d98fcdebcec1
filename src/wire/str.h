/* SPDX-License-Identifier: Apache-2.0 */
/* Small things on text with a length. */
#ifndef COTEL_SRC_WIRE_STR_H
#define COTEL_SRC_WIRE_STR_H

#include <cotel/attribute.h>

/* What a caller gave as pointer and size, with NULL read as the empty text. */
static inline cotel_str ct_str(const char *data, size_t size)
{
    return cotel_str_n(data, data ? size : 0);
}

static inline bool ct_str_equal(cotel_str a, cotel_str b)
{
    return a.size == b.size && (a.size == 0 || memcmp(a.data, b.data, a.size) == 0);
}

static inline bool ct_str_has_nul(cotel_str text)
{
    return text.size > 0 && memchr(text.data, '\0', text.size);
}

/* Without the optional white space of HTTP, blanks and tabs, on both ends. */
static inline cotel_str ct_str_trim(cotel_str text)
{
    while (text.size > 0 && (text.data[0] == ' ' || text.data[0] == '\t')) {
        text.data++;
        text.size--;
    }
    while (text.size > 0 && (text.data[text.size - 1] == ' ' || text.data[text.size - 1] == '\t'))
        text.size--;
    return text;
}

static inline char ct_ascii_lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* Equal but for the case of ASCII letters. */
static inline bool ct_str_equal_ascii(cotel_str a, cotel_str b)
{
    if (a.size != b.size)
        return false;
    for (size_t i = 0; i < a.size; i++) {
        if (ct_ascii_lower(a.data[i]) != ct_ascii_lower(b.data[i]))
            return false;
    }
    return true;
}

#endif
