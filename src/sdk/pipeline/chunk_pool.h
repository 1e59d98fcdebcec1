/* SPDX-License-Identifier: Apache-2.0 */
/* The chunks of one queue: one reservation of address space as large as the queue may grow, so the
 * bound in bytes holds by construction, and a forked child gives all of it back with one call.
 *
 * Free chunks are a stack: the last one used is the warmest. Those at the bottom that nobody has
 * needed for a while go back to the kernel, the address space stays. The queue's lock guards it. */
#ifndef COTEL_SRC_SDK_PIPELINE_CHUNK_POOL_H
#define COTEL_SRC_SDK_PIPELINE_CHUNK_POOL_H

#include "sdk/pipeline/chunk.h"

/* Free chunks that keep their memory, for the next burst. */
#define CT_POOL_SLACK 32u

struct ct_chunk_pool {
    char *base;
    uint32_t *free; /* a stack of indexes */
    uint32_t chunk_size;
    uint32_t chunk_count;
    uint32_t free_count;
    uint32_t clean;  /* the lowest so many of the stack hold no memory */
    uint32_t unused; /* from this index on, no chunk has been used yet */
};

/* @return false when memory is out. */
bool ct_chunk_pool_init(struct ct_chunk_pool *pool, size_t max_bytes);
void ct_chunk_pool_fini(struct ct_chunk_pool *pool);

/* An empty chunk; NULL when all are taken. */
struct ct_chunk *ct_chunk_pool_take(struct ct_chunk_pool *pool);
void ct_chunk_pool_give(struct ct_chunk_pool *pool, struct ct_chunk *chunk);

/* Gives the memory of some free chunks beyond the slack back to the kernel; of few at a time, since
 * producers wait for the lock. @return whether there are more. */
bool ct_chunk_pool_trim(struct ct_chunk_pool *pool);

/* All chunks are free again, and hold no memory. */
void ct_chunk_pool_reset(struct ct_chunk_pool *pool);

#endif
