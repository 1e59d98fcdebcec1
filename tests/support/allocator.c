/* SPDX-License-Identifier: Apache-2.0 */
#include "allocator.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/mman.h>

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *block, size_t size);
int __real_posix_memalign(void **out, size_t align, size_t size);
void *__real_mmap64(void *at, size_t size, int protection, int flags, int fd, off_t offset);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *block, size_t size);
int __wrap_posix_memalign(void **out, size_t align, size_t size);
void *__wrap_mmap64(void *at, size_t size, int protection, int flags, int fd, off_t offset);

_Thread_local unsigned allocations;

/* The one that fails, counted down to 0. */
static _Atomic long fails_in = -1;
static _Atomic bool later_ones_too;
static _Atomic bool failed;

void allocations_fail(long number, bool and_later_ones)
{
    atomic_store(&failed, false);
    atomic_store(&later_ones_too, and_later_ones);
    atomic_store(&fails_in, number);
}

bool allocations_fail_for_good(void)
{
    return atomic_load(&later_ones_too) && atomic_load(&fails_in) >= 0;
}

bool allocations_succeed(void)
{
    atomic_store(&fails_in, -1);
    return atomic_load(&failed);
}

static bool fails(void)
{
    allocations++;
    if (atomic_load(&fails_in) < 0)
        return false;
    long left = atomic_fetch_sub(&fails_in, 1);
    if (left == 0 && atomic_load(&later_ones_too))
        atomic_store(&fails_in, 0);
    if (left == 0)
        atomic_store(&failed, true);
    return left == 0;
}

void *__wrap_malloc(size_t size)
{
    return fails() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
    return fails() ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *block, size_t size)
{
    return fails() ? NULL : __real_realloc(block, size);
}

int __wrap_posix_memalign(void **out, size_t align, size_t size)
{
    return fails() ? ENOMEM : __real_posix_memalign(out, align, size);
}

void *__wrap_mmap64(void *at, size_t size, int protection, int flags, int fd, off_t offset)
{
    return fails() ? MAP_FAILED : __real_mmap64(at, size, protection, flags, fd, offset);
}
