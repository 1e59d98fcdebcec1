/* SPDX-License-Identifier: Apache-2.0 */
/* Clocks: the two of the system, and a fast one for the start and end of spans.
 *
 * The fast clock reads CLOCK_MONOTONIC's timeline off the processor's time-stamp counter (TSC),
 * which takes half the time. A line through two (counter, clock) pairs translates the one into the
 * other. The line is good for about a second of use; then whichever thread notices measures anew
 * and bends it back to the clock, never down below what was already read. Where the counter cannot
 * be trusted (another architecture, no invariant TSC, a kernel that itself keeps time otherwise)
 * the fast clock is CLOCK_MONOTONIC itself. */
#ifndef COTEL_SRC_BASE_CLOCK_H
#define COTEL_SRC_BASE_CLOCK_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#include "base/compiler.h"

#define CT_NS_PER_SECOND UINT64_C(1000000000)
#define CT_NS_PER_MS UINT64_C(1000000)

static inline uint64_t ct_clock_read_ns(clockid_t clock)
{
    struct timespec now = {0, 0};
    /* Cannot fail for the clocks below: Linux always has them. */
    (void)clock_gettime(clock, &now);
    return (uint64_t)now.tv_sec * CT_NS_PER_SECOND + (uint64_t)now.tv_nsec;
}

static inline uint64_t ct_clock_monotonic_ns(void)
{
    return ct_clock_read_ns(CLOCK_MONOTONIC);
}

static inline uint64_t ct_clock_unix_ns(void)
{
    return ct_clock_read_ns(CLOCK_REALTIME);
}

/* One straight piece of the translation: `tsc` reads as `ns`, a tick later is `ns_per_tick`
 * (32.32 fixed point) more. `good_for` ticks it stands unexamined; 0 is no line. */
struct ct_clock_line {
    _Atomic uint64_t tsc;
    _Atomic uint64_t ns;
    _Atomic uint64_t ns_per_tick;
    _Atomic uint64_t good_for;
};

/* Two lines, of which bit 0 of `version` says which is in force. The writer fills the other one
 * and then counts `version` up, so readers never wait, not even for a writer that was preempted or
 * does not exist in this process any more. */
struct ct_clock_timeline {
    _Atomic uint64_t version;
    struct ct_clock_line lines[2];
};

extern struct ct_clock_timeline ct_clock_timeline __attribute__((visibility("hidden")));

/* When the wall clock was last compared: what to add to CLOCK_MONOTONIC, and until when to. */
struct ct_clock_wall {
    _Atomic uint64_t offset_ns;
    _Atomic uint64_t stale_at_ns;
};

extern struct ct_clock_wall ct_clock_wall __attribute__((visibility("hidden")));

uint64_t ct_clock_fast_slow_path_ns(void);
void ct_clock_wall_refresh(void);

/* Now on CLOCK_MONOTONIC's timeline, some 10 ns a call. Does not run backwards in a thread, except
 * when the counter has turned out to be wrong (a restored checkpoint), which ends its use until it
 * is measured anew. Any thread, also in a forked child. */
static inline uint64_t ct_clock_fast_ns(void)
{
#if defined(__x86_64__)
    /* Acquire on `version` pairs with the writer's release of it. Acquire on the fields keeps the
     * second read of `version` behind them: a field of a line being rewritten comes with a newer
     * version. On x86 each is a plain load. */
    uint64_t version = atomic_load_explicit(&ct_clock_timeline.version, memory_order_acquire);
    const struct ct_clock_line *line = &ct_clock_timeline.lines[version & 1];
    uint64_t tsc = atomic_load_explicit(&line->tsc, memory_order_acquire);
    uint64_t ns = atomic_load_explicit(&line->ns, memory_order_acquire);
    uint64_t ns_per_tick = atomic_load_explicit(&line->ns_per_tick, memory_order_acquire);
    uint64_t good_for = atomic_load_explicit(&line->good_for, memory_order_acquire);
    uint64_t ticks = __builtin_ia32_rdtsc() - tsc;
    bool same = atomic_load_explicit(&ct_clock_timeline.version, memory_order_relaxed) == version;
    /* A counter behind `tsc` has wrapped to something enormous. */
    if (CT_LIKELY(same && ticks < good_for))
        return ns + ((ticks * ns_per_tick) >> 32);
    return ct_clock_fast_slow_path_ns();
#else
    return ct_clock_monotonic_ns();
#endif
}

/* Nanoseconds since 1970 of a reading of ct_clock_fast_ns() or CLOCK_MONOTONIC. Follows a step of
 * the wall clock within a second: to keep a duration right, translate its start only and add. */
static inline uint64_t ct_clock_fast_to_unix_ns(uint64_t fast_ns)
{
    /* Acquire pairs with the release of the limit: who sees it sees an offset no older. */
    uint64_t stale_at_ns = atomic_load_explicit(&ct_clock_wall.stale_at_ns, memory_order_acquire);
    if (CT_UNLIKELY(fast_ns >= stale_at_ns))
        ct_clock_wall_refresh();
    return fast_ns + atomic_load_explicit(&ct_clock_wall.offset_ns, memory_order_relaxed);
}

#endif
