/* SPDX-License-Identifier: Apache-2.0 */
#include "exporters/otlp/encode/text.h"

#include <assert.h>

static char printable(unsigned char c)
{
    if (c < 0x20 || c == 0x7f)
        return ' ';
    return c < 0x7f ? (char)c : '?';
}

void ct_otlp_printable(char *out, size_t capacity, const void *text, size_t size)
{
    assert(capacity > 0);
    const unsigned char *in = text;
    size_t count = size < capacity - 1 ? size : capacity - 1;
    for (size_t i = 0; i < count; i++)
        out[i] = printable(in[i]);
    out[count] = '\0';
}
