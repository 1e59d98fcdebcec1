/* SPDX-License-Identifier: Apache-2.0 */
/* A growing run of bytes, for cold paths. Failure sticks: after one allocation that failed every
 * append does nothing, so a writer of many pieces checks `failed` once, at its end. */
#ifndef COTEL_SRC_BASE_BUFFER_H
#define COTEL_SRC_BASE_BUFFER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ct_buffer {
    uint8_t *data; /* NULL until the first append */
    size_t size;
    size_t capacity;
    bool failed;
};

/* The same as all zeros. */
#define CT_BUFFER_INIT                                          \
    {                                                           \
        .data = NULL, .size = 0, .capacity = 0, .failed = false \
    }

/* Frees, and leaves an empty buffer that has not failed. */
void ct_buffer_fini(struct ct_buffer *buffer);

/* Empties, keeps the memory, and forgets a failure. */
void ct_buffer_clear(struct ct_buffer *buffer);

/* Gives the bytes to the caller, who frees them; the buffer is empty then. NULL, and nothing
 * to free, when it has failed or nothing was ever appended. */
uint8_t *ct_buffer_take(struct ct_buffer *buffer);

/* Each returns whether it was done: false means that `failed` is set and `size` as before. */
bool ct_buffer_reserve(struct ct_buffer *buffer, size_t extra);
bool ct_buffer_append(struct ct_buffer *buffer, const void *data, size_t size);
bool ct_buffer_append_byte(struct ct_buffer *buffer, uint8_t byte);
bool ct_buffer_append_text(struct ct_buffer *buffer, const char *text);
bool ct_buffer_append_format(struct ct_buffer *buffer, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
