/* SPDX-License-Identifier: Apache-2.0 */
#include "base/buffer.h"

#include <stdlib.h>
#include <string.h>

#define CAPACITY_MIN 64

void ct_buffer_fini(struct ct_buffer *buffer)
{
    free(buffer->data);
    *buffer = (struct ct_buffer)CT_BUFFER_INIT;
}

/* At least `needed`, and at least twice what there is, so that appending stays linear. */
static size_t grown_capacity(size_t capacity, size_t needed)
{
    size_t doubled = capacity > SIZE_MAX / 2 ? SIZE_MAX : capacity * 2;
    size_t grown = doubled > needed ? doubled : needed;
    return grown > CAPACITY_MIN ? grown : CAPACITY_MIN;
}

bool ct_buffer_grow(struct ct_buffer *buffer, size_t extra)
{
    if (extra > SIZE_MAX - buffer->size)
        return false;
    size_t capacity = grown_capacity(buffer->capacity, buffer->size + extra);
    uint8_t *data = realloc(buffer->data, capacity);
    if (!data)
        return false;
    buffer->data = data;
    buffer->capacity = capacity;
    return true;
}

bool ct_buffer_append(struct ct_buffer *buffer, const void *data, size_t size)
{
    if (!ct_buffer_reserve(buffer, size))
        return false;
    if (size > 0) /* memcpy takes no NULL, not even of nothing */
        memcpy(buffer->data + buffer->size, data, size);
    buffer->size += size;
    return true;
}
