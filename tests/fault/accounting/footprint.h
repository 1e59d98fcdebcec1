/* SPDX-License-Identifier: Apache-2.0 */
/* What this process holds: to see that what is done a thousand times leaves nothing behind. */
#ifndef COTEL_TESTS_FAULT_FOOTPRINT_H
#define COTEL_TESTS_FAULT_FOOTPRINT_H

#include <stddef.h>

/* Rounds before the first look, in which what is kept for good is made, and after it. Sanitizers
 * slow everything down some ten times, and see leaks by themselves. */
#if defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__)
enum { WARM_UP_ROUNDS = 30, ROUNDS = 90 };
#else
enum { WARM_UP_ROUNDS = 120, ROUNDS = 1000 };
#endif

struct footprint {
    size_t descriptors;
    size_t threads;
    size_t bytes; /* of the heap, in use */
};

/* To be called before anything else is done: threads share one heap then, whose use can be told. */
void footprint_prepare(void);

struct footprint footprint_now(void);

/* Fails when since `before`, in ROUNDS rounds, a descriptor or a thread was left over, or more of
 * the heap than `kept` and a byte a round. */
void footprint_compare(const struct footprint *before, const struct footprint *after, size_t kept);

#endif
