/* SPDX-License-Identifier: Apache-2.0 */
#include "base/random.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <sys/random.h>
#include <unistd.h>

#include "base/clock.h"

/* Steps a counter by the golden ratio and scrambles it: SplitMix64, by which the authors of
 * xoshiro advise to fill its state. */
static uint64_t scramble(uint64_t *counter)
{
    uint64_t x = *counter += UINT64_C(0x9e3779b97f4a7c15);
    x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
    return x ^ (x >> 31);
}

/* Different for each call in a process, and very likely among processes. */
static void seed_from_surroundings(struct ct_random *random)
{
    static _Atomic uint64_t calls;
    const uint64_t sources[] = {
        ct_clock_unix_ns(),
        ct_clock_monotonic_ns(),
        (uint64_t)getpid(),
        (uint64_t)gettid(),
        (uint64_t)(uintptr_t)random,
        (uint64_t)(uintptr_t)&calls,
        atomic_fetch_add_explicit(&calls, 1, memory_order_relaxed), /* only has to differ */
    };
    uint64_t counter = 0;
    for (size_t i = 0; i < sizeof(sources) / sizeof(sources[0]); i++) {
        counter ^= sources[i];
        counter = scramble(&counter);
    }
    for (size_t i = 0; i < 4; i++)
        random->state[i] = scramble(&counter);
}

static bool is_zero(const struct ct_random *random)
{
    const uint64_t *s = random->state;
    return (s[0] | s[1] | s[2] | s[3]) == 0;
}

void ct_random_seed(struct ct_random *random)
{
    /* So short a read is whole or fails; GRND_NONBLOCK fails with EAGAIN instead of waiting. A
     * state of zeros would yield zeros for ever. */
    ssize_t size = getrandom(random->state, sizeof(random->state), GRND_NONBLOCK);
    if (size != (ssize_t)sizeof(random->state) || is_zero(random))
        seed_from_surroundings(random);
}
