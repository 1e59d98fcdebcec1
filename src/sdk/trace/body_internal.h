/* SPDX-License-Identifier: Apache-2.0 */
/* Shared by the files of the span's body: making room, and taking things out. */
#ifndef COTEL_SRC_SDK_TRACE_BODY_INTERNAL_H
#define COTEL_SRC_SDK_TRACE_BODY_INTERNAL_H

#include "base/compiler.h"
#include "sdk/trace/body.h"

/* The slow ways of making room. @return false, counted, when memory is out. */
bool ct_body_grow(struct ct_body *body, size_t size);
bool ct_body_grow_index(struct ct_body *body);

/* Takes the length-delimited field at `offset` out, and mends every offset behind it. */
void ct_body_take_out(struct ct_body *body, uint32_t offset);

/* Makes sure that `size` bytes can be written at data + size. */
static inline bool ct_body_room(struct ct_body *body, size_t size)
{
    if (CT_LIKELY(body->size <= body->capacity && size <= body->capacity - body->size))
        return true;
    return ct_body_grow(body, size);
}

/* What was written from data + size up to `end` belongs to the body now. */
static inline void ct_body_append(struct ct_body *body, const uint8_t *end)
{
    body->size = (uint32_t)(end - body->data);
}

#endif
