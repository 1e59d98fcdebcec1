/* SPDX-License-Identifier: Apache-2.0 */
#include "sdk/pipeline/chunk_pool.h"

#include <assert.h>
#include <stdlib.h>
#include <sys/mman.h>

/* A small queue gets small chunks, so that there are enough of them to go round. */
#define CHUNKS_AT_LEAST 16u
#define TRIM_AT_A_TIME 8u

static uint32_t chunk_size_for(size_t max_bytes)
{
    uint32_t size = CT_CHUNK_MAX_SIZE;
    while (size > CT_CHUNK_MIN_SIZE && max_bytes / size < CHUNKS_AT_LEAST)
        size /= 2;
    return size;
}

static size_t mapped_bytes(const struct ct_chunk_pool *pool)
{
    return (size_t)pool->chunk_count * pool->chunk_size;
}

bool ct_chunk_pool_init(struct ct_chunk_pool *pool, size_t max_bytes)
{
    uint32_t size = chunk_size_for(max_bytes);
    size_t count = max_bytes / size;
    if (count > UINT32_MAX - 1)
        count = UINT32_MAX - 1;
    *pool = (struct ct_chunk_pool){.chunk_size = size, .chunk_count = (uint32_t)count};
    pool->free = malloc(count * sizeof(*pool->free));
    if (pool->free == NULL)
        return false;
    void *base = mmap(NULL, mapped_bytes(pool), PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (base == MAP_FAILED) {
        free(pool->free);
        return false;
    }
    pool->base = base;
    return true;
}

void ct_chunk_pool_fini(struct ct_chunk_pool *pool)
{
    int result = munmap(pool->base, mapped_bytes(pool));
    assert(result == 0); /* it is our own mapping */
    (void)result;
    free(pool->free);
}

static struct ct_chunk *chunk_at(const struct ct_chunk_pool *pool, uint32_t index)
{
    return (struct ct_chunk *)(pool->base + (size_t)index * pool->chunk_size);
}

struct ct_chunk *ct_chunk_pool_take(struct ct_chunk_pool *pool)
{
    uint32_t index;
    if (pool->free_count > 0)
        index = pool->free[--pool->free_count];
    else if (pool->unused < pool->chunk_count)
        index = pool->unused++;
    else
        return NULL;
    if (pool->clean > pool->free_count)
        pool->clean = pool->free_count;
    struct ct_chunk *chunk = chunk_at(pool, index);
    chunk->index = index;
    chunk->capacity = pool->chunk_size - (uint32_t)sizeof(*chunk);
    return chunk;
}

void ct_chunk_pool_give(struct ct_chunk_pool *pool, struct ct_chunk *chunk)
{
    assert(pool->free_count < pool->chunk_count);
    pool->free[pool->free_count++] = chunk->index;
}

/* The advice can fail only where it is not understood (memory locked by mlockall): the chunk then
 * keeps its memory, which does no harm. */
bool ct_chunk_pool_trim(struct ct_chunk_pool *pool)
{
    for (uint32_t i = 0; i < TRIM_AT_A_TIME; i++) {
        if (pool->clean + CT_POOL_SLACK >= pool->free_count)
            return false;
        (void)madvise(chunk_at(pool, pool->free[pool->clean++]), pool->chunk_size, MADV_DONTNEED);
    }
    return true;
}

void ct_chunk_pool_reset(struct ct_chunk_pool *pool)
{
    (void)madvise(pool->base, mapped_bytes(pool), MADV_DONTNEED);
    pool->free_count = 0;
    pool->clean = 0;
    pool->unused = 0;
}
