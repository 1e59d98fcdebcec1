/* SPDX-License-Identifier: Apache-2.0 */
/* A growing run of bytes, for cold paths. */
#ifndef COTEL_SRC_BASE_BUFFER_H
#define COTEL_SRC_BASE_BUFFER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ct_buffer {
    uint8_t *data; /* NULL until the first append */
    size_t size;
    size_t capacity;
};

/* The same as all zeros. */
#define CT_BUFFER_INIT                         \
    {                                          \
        .data = NULL, .size = 0, .capacity = 0 \
    }

/* Frees, and leaves an empty buffer. */
void ct_buffer_fini(struct ct_buffer *buffer);

/* Sees to it that `extra` more bytes can be appended without memory. False, with nothing changed,
 * when it is out. */
bool ct_buffer_reserve(struct ct_buffer *buffer, size_t extra);

/* False, with nothing appended, when memory is out. */
bool ct_buffer_append(struct ct_buffer *buffer, const void *data, size_t size);

#endif
