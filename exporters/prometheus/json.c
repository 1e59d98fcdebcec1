/* SPDX-License-Identifier: Apache-2.0 */
#include "json.h"

#include <math.h>
#include <stdio.h>

#include "number.h"

/* The letter of a short escape; 0: it has none. */
static char short_escape(char c)
{
    switch (c) {
    case '\b':
        return 'b';
    case '\f':
        return 'f';
    case '\n':
        return 'n';
    case '\r':
        return 'r';
    case '\t':
        return 't';
    case '"':
    case '\\':
        return c;
    default:
        return 0;
    }
}

static void put_character(struct ct_prom_text *out, char c)
{
    char letter = short_escape(c), code[8];
    if (letter) {
        ct_prom_text_putc(out, '\\');
        ct_prom_text_putc(out, letter);
    } else if ((unsigned char)c < 0x20) {
        (void)snprintf(code, sizeof code, "\\u%04x", (unsigned)c);
        ct_prom_text_puts(out, code);
    } else {
        ct_prom_text_putc(out, c);
    }
}

void ct_prom_json_string(struct ct_prom_text *out, cotel_str text)
{
    ct_prom_text_putc(out, '"');
    for (size_t i = 0; i < text.size; i++)
        put_character(out, text.data[i]);
    ct_prom_text_putc(out, '"');
}

void ct_prom_json_bool(struct ct_prom_text *out, bool value)
{
    ct_prom_text_puts(out, value ? "true" : "false");
}

void ct_prom_json_double(struct ct_prom_text *out, double number, bool is_nested)
{
    if (isfinite(number)) {
        ct_prom_number_double(out, number);
        return;
    }
    const char *name = isnan(number) ? "NaN" : number > 0 ? "Infinity" : "-Infinity";
    if (is_nested)
        ct_prom_json_string(out, cotel_str_of(name));
    else
        ct_prom_text_puts(out, name);
}

void ct_prom_json_base64(struct ct_prom_text *out, cotel_str bytes)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (size_t i = 0; i < bytes.size; i += 3) {
        size_t left = bytes.size - i;
        uint32_t bits = (uint32_t)(unsigned char)bytes.data[i] << 16;
        if (left > 1)
            bits |= (uint32_t)(unsigned char)bytes.data[i + 1] << 8;
        if (left > 2)
            bits |= (unsigned char)bytes.data[i + 2];
        ct_prom_text_putc(out, digits[bits >> 18]);
        ct_prom_text_putc(out, digits[bits >> 12 & 63]);
        ct_prom_text_putc(out, left > 1 ? digits[bits >> 6 & 63] : '=');
        ct_prom_text_putc(out, left > 2 ? digits[bits & 63] : '=');
    }
}
