/* SPDX-License-Identifier: Apache-2.0 */
#include "base/buffer.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CAPACITY_MIN 64

void ct_buffer_fini(struct ct_buffer *buffer)
{
    free(buffer->data);
    *buffer = (struct ct_buffer)CT_BUFFER_INIT;
}

void ct_buffer_clear(struct ct_buffer *buffer)
{
    buffer->size = 0;
    buffer->failed = false;
}

uint8_t *ct_buffer_take(struct ct_buffer *buffer)
{
    uint8_t *data = buffer->failed ? NULL : buffer->data;
    if (data)
        *buffer = (struct ct_buffer)CT_BUFFER_INIT;
    else
        ct_buffer_fini(buffer);
    return data;
}

static bool fail(struct ct_buffer *buffer)
{
    buffer->failed = true;
    return false;
}

/* At least `needed`, and at least twice what there is, so that appending stays linear. */
static size_t grown_capacity(size_t capacity, size_t needed)
{
    size_t doubled = capacity > SIZE_MAX / 2 ? SIZE_MAX : capacity * 2;
    size_t grown = doubled > needed ? doubled : needed;
    return grown > CAPACITY_MIN ? grown : CAPACITY_MIN;
}

bool ct_buffer_reserve(struct ct_buffer *buffer, size_t extra)
{
    if (buffer->failed)
        return false;
    if (extra <= buffer->capacity - buffer->size)
        return true;
    if (extra > SIZE_MAX - buffer->size)
        return fail(buffer);
    size_t capacity = grown_capacity(buffer->capacity, buffer->size + extra);
    uint8_t *data = realloc(buffer->data, capacity);
    if (!data)
        return fail(buffer);
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

bool ct_buffer_append_byte(struct ct_buffer *buffer, uint8_t byte)
{
    return ct_buffer_append(buffer, &byte, 1);
}

bool ct_buffer_append_text(struct ct_buffer *buffer, const char *text)
{
    return ct_buffer_append(buffer, text, strlen(text));
}

bool ct_buffer_append_format(struct ct_buffer *buffer, const char *format, ...)
{
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    /* One more for the NUL that vsnprintf writes and the buffer does not count. */
    bool fits = length >= 0 ? ct_buffer_reserve(buffer, (size_t)length + 1) : fail(buffer);
    if (fits) {
        (void)vsnprintf((char *)buffer->data + buffer->size, (size_t)length + 1, format, again);
        buffer->size += (size_t)length;
    }
    va_end(again);
    return fits;
}
