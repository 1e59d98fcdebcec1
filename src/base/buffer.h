/* SPDX-License-Identifier: Apache-2.0 */
/* A growing run of bytes. */
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

/* Makes `extra` bytes of room; what ct_buffer_reserve() does when there is less. */
bool ct_buffer_grow(struct ct_buffer *buffer, size_t extra);

/* Room for `extra` bytes behind `size`, for the caller to fill. False when memory is out. */
static inline bool ct_buffer_reserve(struct ct_buffer *buffer, size_t extra)
{
    return extra <= buffer->capacity - buffer->size || ct_buffer_grow(buffer, extra);
}

/* False, with nothing appended, when memory is out. */
bool ct_buffer_append(struct ct_buffer *buffer, const void *data, size_t size);

#endif
