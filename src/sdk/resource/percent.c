/* SPDX-License-Identifier: Apache-2.0 */
#include "sdk/resource/percent.h"

/* -1 for what is no digit. */
static int digit_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

bool ct_percent_decode(cotel_str in, char *out, size_t *out_size)
{
    size_t size = 0;
    for (size_t i = 0; i < in.size; i++) {
        if (in.data[i] != '%') {
            out[size++] = in.data[i];
            continue;
        }
        int high = i + 2 < in.size ? digit_value(in.data[i + 1]) : -1;
        int low = i + 2 < in.size ? digit_value(in.data[i + 2]) : -1;
        if (high < 0 || low < 0)
            return false;
        out[size++] = (char)(high << 4 | low);
        i += 2;
    }
    *out_size = size;
    return true;
}
