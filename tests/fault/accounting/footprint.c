/* SPDX-License-Identifier: Apache-2.0 */
#include "footprint.h"

#include <dirent.h>
#include <malloc.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

/* A sanitizer's allocator has no such setting, and tells nothing of its use. */
void footprint_prepare(void)
{
    (void)mallopt(M_ARENA_MAX, 1);
}

/* Of a directory, without . and .. */
static size_t entries_of(const char *path)
{
    size_t count = 0;
    DIR *directory = opendir(path);
    assert_non_null(directory);
    while (readdir(directory) != NULL)
        count++;
    closedir(directory);
    return count - 2;
}

struct footprint footprint_now(void)
{
    struct mallinfo2 heap = mallinfo2();
    return (struct footprint){
        .descriptors = entries_of("/proc/self/fd"),
        .threads = entries_of("/proc/self/task"),
        .bytes = heap.uordblks + heap.hblkhd,
    };
}

void footprint_compare(const struct footprint *before, const struct footprint *after, size_t kept)
{
    printf("%u rounds: %zu descriptors, then %zu; %zu threads, then %zu; %zu bytes, then %zu\n",
           (unsigned)ROUNDS, before->descriptors, after->descriptors, before->threads,
           after->threads, before->bytes, after->bytes);
    assert_int_equal(after->descriptors, before->descriptors);
    assert_int_equal(after->threads, before->threads);
    assert_true(after->bytes < before->bytes + kept + ROUNDS);
}
