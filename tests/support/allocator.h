/* SPDX-License-Identifier: Apache-2.0 */
/* Allocators in place of the C library's, which count and can be told to fail. The test is linked
 * with the `allocator_link_args` of tests/meson.build. */
#ifndef COTEL_TESTS_SUPPORT_ALLOCATOR_H
#define COTEL_TESTS_SUPPORT_ALLOCATOR_H

#include <stdbool.h>

/* What this thread has asked for; to be set to 0 by a test. */
extern _Thread_local unsigned allocations;

/* Of all threads, the allocation with this number, from 0, fails, and those after it too or not. */
void allocations_fail(long number, bool and_later_ones);

/* Whether all fail from some number on. */
bool allocations_fail_for_good(void);

/* From now on none fails. @return whether one did. */
bool allocations_succeed(void);

#endif
