/* SPDX-License-Identifier: Apache-2.0 */
#include "view/arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>

enum { BLOCK_BYTES = 1024 };

struct ct_arena_block {
    struct ct_arena_block *next;
    size_t used;
    size_t capacity;
    alignas(max_align_t) unsigned char bytes[];
};

static struct ct_arena_block *add_block(struct ct_arena *arena, size_t at_least)
{
    size_t capacity = BLOCK_BYTES - sizeof(struct ct_arena_block);
    if (at_least > capacity)
        capacity = at_least;

    struct ct_arena_block *block = calloc(1, sizeof(*block) + capacity);
    if (!block)
        return NULL;
    block->capacity = capacity;
    block->next = arena->blocks;
    arena->blocks = block;
    arena->size_bytes += sizeof(*block) + capacity;
    return block;
}

void *ct_arena_alloc(struct ct_arena *arena, size_t size_bytes)
{
    if (size_bytes > SIZE_MAX / 2)
        return NULL;
    size_t size = (size_bytes + alignof(max_align_t) - 1) & ~(alignof(max_align_t) - 1);

    struct ct_arena_block *block = arena->blocks;
    if (!block || block->capacity - block->used < size)
        block = add_block(arena, size);
    if (!block)
        return NULL;

    void *piece = block->bytes + block->used;
    block->used += size;
    return piece;
}

void *ct_arena_array(struct ct_arena *arena, size_t count, size_t element_bytes)
{
    size_t size;
    if (__builtin_mul_overflow(count, element_bytes, &size))
        return NULL;
    return ct_arena_alloc(arena, size);
}

void ct_arena_fini(struct ct_arena *arena)
{
    struct ct_arena_block *block = arena->blocks;

    *arena = (struct ct_arena){0};
    while (block) {
        struct ct_arena_block *next = block->next;
        free(block);
        block = next;
    }
}
