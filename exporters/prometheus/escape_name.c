/* SPDX-License-Identifier: Apache-2.0 */
/* The escaping schemes of Prometheus, character by character. */
#include <stdio.h>

#include "name.h"
#include "name_internal.h"

/* The character at `at` of a name that is UTF-8, and its size; what is not counts as one byte. */
static unsigned long decode(cotel_str name, size_t at, size_t *size)
{
    const unsigned char *bytes = (const unsigned char *)name.data + at;
    size_t more = bytes[0] < 0xc0 ? 0 : bytes[0] < 0xe0 ? 1 : bytes[0] < 0xf0 ? 2 : 3;
    if (more >= name.size - at)
        more = name.size - at - 1;
    *size = more + 1;
    unsigned long character = more == 0 ? bytes[0] : bytes[0] & (0x3fu >> more);
    for (size_t i = 1; i <= more; i++)
        character = character << 6 | (bytes[i] & 0x3fu);
    return character;
}

/* U__, by which a reader knows that it can be undone. */
static const char values_prefix[] = "U__";

static void put_code(struct ct_prom_text *out, unsigned long character)
{
    char code[24];
    int size = snprintf(code, sizeof code, "_%lx_", character);
    if (size > 0)
        ct_prom_text_put(out, cotel_str_n(code, (size_t)size));
}

static void put_other(struct ct_prom_text *out, cotel_prometheus_escaping escaping,
                      unsigned long character)
{
    if (escaping == COTEL_PROMETHEUS_ESCAPE_VALUES)
        put_code(out, character);
    else if (escaping == COTEL_PROMETHEUS_ESCAPE_DOTS)
        ct_prom_text_puts(out, character == '.' ? "_dot_" : "__");
    else
        ct_prom_text_putc(out, '_');
}

static void put_characters(struct ct_prom_text *out, cotel_prometheus_escaping escaping,
                           cotel_str name, enum ct_prom_name_kind kind)
{
    for (size_t at = 0, size; at < name.size; at += size) {
        unsigned long character = decode(name, at, &size);
        char c = name.data[at];
        bool leads = at == 0 && c >= '0' && c <= '9';
        if (!ct_prom_is_plain_char(c, kind) || leads)
            put_other(out, escaping, character);
        else if (c == '_' && escaping != COTEL_PROMETHEUS_ESCAPE_UNDERSCORES)
            ct_prom_text_puts(out, "__");
        else
            ct_prom_text_putc(out, c);
    }
}

void ct_prom_name_escape(struct ct_prom_text *out, cotel_prometheus_escaping escaping,
                         cotel_str name, enum ct_prom_name_kind kind)
{
    bool doubles = escaping == COTEL_PROMETHEUS_ESCAPE_DOTS;
    if (escaping == COTEL_PROMETHEUS_ALLOW_UTF8 || name.size == 0 ||
        (!doubles && ct_prom_name_is_plain(name, kind))) {
        ct_prom_text_put(out, name);
        return;
    }
    if (escaping == COTEL_PROMETHEUS_ESCAPE_VALUES)
        ct_prom_text_puts(out, values_prefix);
    put_characters(out, escaping, name, kind);
}
