/* SPDX-License-Identifier: Apache-2.0 */
/* Copying and comparing the few bytes of a key, a value or a number. An exposition is made of
 * hundreds of thousands of such pieces, and for them calling the C library takes longer than the
 * work: two words that may overlap do it in one go. */
#ifndef COTEL_EXPORTERS_PROMETHEUS_BYTES_H
#define COTEL_EXPORTERS_PROMETHEUS_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

static inline uint64_t ct_prom_load(const char *at)
{
    uint64_t word;
    memcpy(&word, at, sizeof word);
    return word;
}

/* The memory does not overlap. */
static inline void ct_prom_copy(char *to, const char *from, size_t size)
{
    if (size > 32) {
        memcpy(to, from, size);
    } else if (size > 16) {
        memcpy(to, from, 16);
        memcpy(to + size - 16, from + size - 16, 16);
    } else if (size >= 8) {
        memcpy(to, from, 8);
        memcpy(to + size - 8, from + size - 8, 8);
    } else if (size >= 4) {
        memcpy(to, from, 4);
        memcpy(to + size - 4, from + size - 4, 4);
    } else if (size > 0) {
        to[0] = from[0];
        to[size / 2] = from[size / 2];
        to[size - 1] = from[size - 1];
    }
}

static inline bool ct_prom_equal(const char *a, const char *b, size_t size)
{
    if (size < 8)
        return memcmp(a, b, size) == 0;
    for (size_t at = 0; at + 8 < size; at += 8) {
        if (ct_prom_load(a + at) != ct_prom_load(b + at))
            return false;
    }
    return ct_prom_load(a + size - 8) == ct_prom_load(b + size - 8);
}

#endif
