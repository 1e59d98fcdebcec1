/* SPDX-License-Identifier: Apache-2.0 */
/* Memory for what lives and dies together: taken piece by piece, given back at once. A span with
 * all its texts and attributes lies in one, so that keeping and dropping it is one step and its
 * size is known. */
#ifndef COTEL_TOOLS_COTEL_VIEW_ARENA_H
#define COTEL_TOOLS_COTEL_VIEW_ARENA_H

#include <stddef.h>

struct ct_arena_block;

/* Zeroed is empty. */
struct ct_arena {
    struct ct_arena_block *blocks;
    size_t size_bytes; /* of all blocks, as taken from malloc */
};

/* Zeroed memory fit for any type, or NULL when there is none. A size of 0 is fine. */
void *ct_arena_alloc(struct ct_arena *arena, size_t size_bytes);

/* The same for an array; NULL also when the product overflows. */
void *ct_arena_array(struct ct_arena *arena, size_t count, size_t element_bytes);

/* Gives everything back. The struct itself may lie in its own memory: it is read first. */
void ct_arena_fini(struct ct_arena *arena);

#endif
