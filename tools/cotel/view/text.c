/* SPDX-License-Identifier: Apache-2.0 */
#include "view/text.h"

#include <stdbool.h>
#include <string.h>
#include <wchar.h>

#define ELLIPSIS "\xE2\x80\xA6"

enum { ESCAPE_SIZE = 16 };

/* A character of the text, or an escape in its place. */
struct glyph {
    const char *data;
    size_t size;
    size_t columns;
    size_t consumed;
    char escape[ESCAPE_SIZE];
};

/* Characters of no width that reorder what stands around them. */
static bool turns_the_line(wchar_t character)
{
    return (character >= 0x200E && character <= 0x200F) ||
           (character >= 0x202A && character <= 0x202E) ||
           (character >= 0x2066 && character <= 0x2069) || character == 0x061C;
}

static void escape(struct glyph *glyph, unsigned code, bool is_byte)
{
    switch (is_byte ? 0 : code) {
    case '\n':
        strcpy(glyph->escape, "\\n");
        break;
    case '\r':
        strcpy(glyph->escape, "\\r");
        break;
    case '\t':
        strcpy(glyph->escape, "\\t");
        break;
    default:
        snprintf(glyph->escape, sizeof(glyph->escape), code <= 0xFF ? "\\x%02x" : "\\u{%x}", code);
    }
    glyph->data = glyph->escape;
    glyph->size = glyph->columns = strlen(glyph->escape);
}

static void read_glyph(struct glyph *glyph, const char *data, size_t size)
{
    mbstate_t state = {0};
    wchar_t character = 0;

    size_t length = mbrtowc(&character, data, size, &state);
    glyph->consumed = length == 0 || length > size ? 1 : length;
    if (length > size) {
        escape(glyph, (unsigned char)*data, true);
        return;
    }
    int columns = wcwidth(character);
    if (length == 0 || columns < 0 || turns_the_line(character)) {
        escape(glyph, (unsigned)character, false);
        return;
    }
    glyph->data = data;
    glyph->size = length;
    glyph->columns = (size_t)columns;
}

static bool fits(struct ct_text text, size_t max_columns)
{
    size_t columns = 0;

    for (size_t i = 0; i < text.size && columns <= max_columns;) {
        struct glyph glyph;
        read_glyph(&glyph, text.data + i, text.size - i);
        columns += glyph.columns;
        i += glyph.consumed;
    }
    return columns <= max_columns;
}

size_t ct_text_print(FILE *out, struct ct_text text, size_t max_columns)
{
    bool is_whole = fits(text, max_columns);
    size_t room = is_whole || max_columns == 0 ? max_columns : max_columns - 1;
    size_t columns = 0;

    for (size_t i = 0; i < text.size;) {
        struct glyph glyph;
        read_glyph(&glyph, text.data + i, text.size - i);
        if (columns + glyph.columns > room)
            break;
        if (out)
            fwrite(glyph.data, 1, glyph.size, out);
        columns += glyph.columns;
        i += glyph.consumed;
    }
    if (is_whole || max_columns == 0)
        return columns;
    if (out)
        fputs(ELLIPSIS, out);
    return columns + 1;
}

struct ct_text ct_text_of(const char *literal)
{
    return (struct ct_text){literal, strlen(literal)};
}
