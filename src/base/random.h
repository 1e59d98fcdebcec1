/* SPDX-License-Identifier: Apache-2.0 */
/* Random numbers for ids and sampling: unique, not secret. One generator a thread, no locks; its
 * owner seeds it again in a forked child (base/fork.h tells). The algorithm is xoshiro256++ of
 * Blackman and Vigna. */
#ifndef COTEL_SRC_BASE_RANDOM_H
#define COTEL_SRC_BASE_RANDOM_H

#include <stdint.h>

struct ct_random {
    uint64_t state[4];
};

/* From the kernel's generator. Never blocks and never fails: where the kernel has nothing to give
 * (early boot, a sandbox), from clocks, addresses, process and thread id. Costs a system call. */
void ct_random_seed(struct ct_random *random);

static inline uint64_t ct_random_rotate_left(uint64_t x, int by)
{
    return (x << by) | (x >> (64 - by));
}

/* `random` must have been seeded. */
static inline uint64_t ct_random_next(struct ct_random *random)
{
    uint64_t *s = random->state;
    uint64_t result = ct_random_rotate_left(s[0] + s[3], 23) + s[0];
    uint64_t shifted = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= shifted;
    s[3] = ct_random_rotate_left(s[3], 45);
    return result;
}

#endif
