/* SPDX-License-Identifier: Apache-2.0 */
#include "sdk/resource/percent.h"

#include "base/hex.h"

/* A percent sign and two digits. */
#define ESCAPE_SIZE 3

bool ct_percent_decode(cotel_str in, char *out, size_t *out_size)
{
    size_t size = 0;
    for (size_t i = 0; i < in.size; i++) {
        if (in.data[i] != '%') {
            out[size++] = in.data[i];
            continue;
        }
        uint8_t byte;
        if (in.size - i < ESCAPE_SIZE || !ct_hex_decode(&byte, &in.data[i + 1], 1))
            return false;
        out[size++] = (char)byte;
        i += ESCAPE_SIZE - 1;
    }
    *out_size = size;
    return true;
}
