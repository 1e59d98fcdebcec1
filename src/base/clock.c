/* SPDX-License-Identifier: Apache-2.0 */
/* How the fast clock's line is measured, renewed and given up. See clock.h for what it is. */
#include "base/clock.h"

#include "base/fork.h"

struct ct_clock_timeline ct_clock_timeline;
struct ct_clock_wall ct_clock_wall;

/* How long a comparison of the wall clock with the monotonic one holds. */
#define WALL_GOOD_FOR_NS CT_NS_PER_SECOND

void ct_clock_wall_refresh(void)
{
    uint64_t before = ct_clock_monotonic_ns();
    uint64_t wall = ct_clock_unix_ns();
    uint64_t after = ct_clock_monotonic_ns();
    uint64_t offset = wall - (before + (after - before) / 2);
    /* Release on the limit: a reader that sees it set must not add an offset that is not. Two
     * threads here at once mix two comparisons of the same moment. */
    atomic_store_explicit(&ct_clock_wall.offset_ns, offset, memory_order_relaxed);
    atomic_store_explicit(&ct_clock_wall.stale_at_ns, after + WALL_GOOD_FOR_NS,
                          memory_order_release);
}

#if defined(__x86_64__)

#include <cpuid.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

/* The first line needs two pairs this far apart: what a pair is wrong by (some 20 ns) divided by
 * this is the error of its slope. */
#define FIRST_BASELINE_NS (10 * CT_NS_PER_MS)
/* A line is used this many times longer than what it was measured over... */
#define TRUST_FACTOR 8
/* ... but no longer than this. The product with the slope must fit 64 bits (4.2 s would). */
#define LINE_GOOD_FOR_MAX_NS CT_NS_PER_SECOND
/* A pair is a counter read just before a clock read; wider than this, something came between. */
#define PAIR_WINDOW_MAX_TICKS 2000
#define PAIR_TRIES 5
/* A line off by more was not drifting: suspend, a restored checkpoint, a changed counter. */
#define SLEW_MAX_NS INT64_C(200000)
/* Neither does a slope change by more than a part in so many: clocks are steered by 0.0005. */
#define SLOPE_CHANGE_PARTS 1000
/* How far a counter may seem behind the line's start when read before a renewal. */
#define BEHIND_MAX_TICKS (INT64_C(1) << 24)

__extension__ typedef unsigned __int128 uint128;

enum phase {
    PHASE_UNKNOWN,   /* not yet asked whether the counter can be trusted */
    PHASE_SYSTEM,    /* it cannot */
    PHASE_MEASURING, /* one pair taken, waiting for the second */
    PHASE_RUNNING,
};

struct pair {
    uint64_t tsc;
    uint64_t ns;
};

/* The same as struct ct_clock_line, read in one piece. */
struct line {
    uint64_t tsc;
    uint64_t ns;
    uint64_t ns_per_tick;
    uint64_t good_for;
};

static _Atomic int phase = PHASE_UNKNOWN;
/* Fork epoch of the process in which a thread is renewing the line, 0 for none. A child takes
 * over the lock of a thread that it does not have. */
static _Atomic uint32_t writer_epoch;
/* The newest pair and the slope (32.32) up to it; guarded by writer_epoch. */
static struct pair anchor;
static uint64_t anchor_slope;
/* Before this no second pair is worth taking. */
static _Atomic uint64_t measure_at_ns;

static bool writer_try_lock(uint32_t self, bool *inherited)
{
    uint32_t holder = atomic_load_explicit(&writer_epoch, memory_order_relaxed);
    if (holder == self)
        return false;
    *inherited = holder != 0;
    /* Acquire: what the last writer did to `anchor` happened before. */
    return atomic_compare_exchange_strong_explicit(&writer_epoch, &holder, self,
                                                   memory_order_acquire, memory_order_relaxed);
}

static void writer_unlock(void)
{
    atomic_store_explicit(&writer_epoch, 0, memory_order_release);
}

static bool cpu_has_invariant_tsc(void)
{
    unsigned eax, ebx, ecx, edx;
    return __get_cpuid(0x80000007, &eax, &ebx, &ecx, &edx) && (edx & (1u << 8));
}

/* The kernel watches the counter against other clocks; when it distrusts it, so do we. */
static bool kernel_keeps_time_by_tsc(void)
{
    static const char path[] = "/sys/devices/system/clocksource/clocksource0/current_clocksource";
    char name[8];
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return false;
    ssize_t size = read(fd, name, sizeof(name));
    (void)close(fd); /* only read from: nothing to lose */
    return size == 4 && memcmp(name, "tsc\n", 4) == 0;
}

/* The counter is read before the clock, so the line runs ahead of the clock by at most the time
 * between the two and changing over from the clock to the line never goes back. */
static bool pair_take(struct pair *out)
{
    uint64_t best = UINT64_MAX;
    for (int i = 0; i < PAIR_TRIES; i++) {
        uint64_t tsc = __builtin_ia32_rdtsc();
        uint64_t ns = ct_clock_monotonic_ns();
        uint64_t window = __builtin_ia32_rdtsc() - tsc;
        if (window < best) {
            best = window;
            *out = (struct pair){tsc, ns};
        }
    }
    return best <= PAIR_WINDOW_MAX_TICKS;
}

static struct line line_load(void)
{
    struct line copy;
    uint64_t version, again;
    do { /* orders as in ct_clock_fast_ns() */
        version = atomic_load_explicit(&ct_clock_timeline.version, memory_order_acquire);
        struct ct_clock_line *line = &ct_clock_timeline.lines[version & 1];
        copy.tsc = atomic_load_explicit(&line->tsc, memory_order_acquire);
        copy.ns = atomic_load_explicit(&line->ns, memory_order_acquire);
        copy.ns_per_tick = atomic_load_explicit(&line->ns_per_tick, memory_order_acquire);
        copy.good_for = atomic_load_explicit(&line->good_for, memory_order_acquire);
        again = atomic_load_explicit(&ct_clock_timeline.version, memory_order_relaxed);
    } while (version != again);
    return copy;
}

static void line_store(const struct line *next)
{
    /* Relaxed: only the writer, which we are, changes it. */
    uint64_t version = atomic_load_explicit(&ct_clock_timeline.version, memory_order_relaxed) + 1;
    struct ct_clock_line *line = &ct_clock_timeline.lines[version & 1];
    /* Release on each: a reader that still is in this line from two versions ago and meets a new
     * field must also meet the version that retired it. */
    atomic_store_explicit(&line->tsc, next->tsc, memory_order_release);
    atomic_store_explicit(&line->ns, next->ns, memory_order_release);
    atomic_store_explicit(&line->ns_per_tick, next->ns_per_tick, memory_order_release);
    atomic_store_explicit(&line->good_for, next->good_for, memory_order_release);
    atomic_store_explicit(&ct_clock_timeline.version, version, memory_order_release);
}

static uint64_t line_at(const struct line *line, uint64_t ticks)
{
    return line->ns + (uint64_t)(((uint128)ticks * line->ns_per_tick) >> 32);
}

/* Nanoseconds a tick between `anchor` and `now`, 32.32; 0 when either of them stood still. */
static uint64_t slope_to(const struct pair *now)
{
    if (now->tsc <= anchor.tsc || now->ns <= anchor.ns)
        return 0;
    return (uint64_t)(((uint128)(now->ns - anchor.ns) << 32) / (now->tsc - anchor.tsc));
}

/* Makes `now` the anchor and puts a line in force that starts `ahead_ns` above it and comes down
 * to the clock while it lasts. */
static void line_begin(const struct pair *now, uint64_t slope, uint64_t ahead_ns)
{
    uint64_t baseline_ns = now->ns - anchor.ns;
    uint64_t lasts_ns = LINE_GOOD_FOR_MAX_NS;
    if (baseline_ns < LINE_GOOD_FOR_MAX_NS / TRUST_FACTOR)
        lasts_ns = baseline_ns * TRUST_FACTOR;
    struct line line = {
        .tsc = now->tsc,
        .ns = now->ns + ahead_ns,
        .ns_per_tick = (uint64_t)((uint128)slope * (lasts_ns - ahead_ns) / lasts_ns),
        .good_for = (uint64_t)(((uint128)lasts_ns << 32) / slope),
    };
    anchor = *now;
    anchor_slope = slope;
    line_store(&line);
}

/* Back to the system's clock, to ask and measure again from the start. */
static void line_give_up(void)
{
    static const struct line none = {0, 0, 0, 0};
    line_store(&none);
    atomic_store_explicit(&phase, PHASE_UNKNOWN, memory_order_release);
}

/* Under an emulator that makes the counter slow the first pair fails, and that is the answer. */
static void measure_begin(void)
{
    if (!cpu_has_invariant_tsc() || !kernel_keeps_time_by_tsc() || !pair_take(&anchor)) {
        atomic_store_explicit(&phase, PHASE_SYSTEM, memory_order_release);
        return;
    }
    atomic_store_explicit(&measure_at_ns, anchor.ns + FIRST_BASELINE_NS, memory_order_relaxed);
    atomic_store_explicit(&phase, PHASE_MEASURING, memory_order_release);
}

static void measure_end(void)
{
    struct pair now;
    if (!pair_take(&now))
        return;
    if (now.ns < atomic_load_explicit(&measure_at_ns, memory_order_relaxed))
        return; /* another thread has begun anew meanwhile */
    uint64_t slope = slope_to(&now);
    if (slope == 0) {
        line_give_up();
        return;
    }
    line_begin(&now, slope, 0);
    atomic_store_explicit(&phase, PHASE_RUNNING, memory_order_release);
}

static bool slope_is_plausible(uint64_t slope)
{
    uint64_t change = slope > anchor_slope ? slope - anchor_slope : anchor_slope - slope;
    return slope != 0 && change <= anchor_slope / SLOPE_CHANGE_PARTS;
}

static void line_renew(void)
{
    struct line line = line_load();
    struct pair now;
    if (!pair_take(&now))
        return;
    uint64_t ticks = now.tsc - line.tsc;
    if (ticks < line.good_for)
        return; /* another thread has just done it */
    uint64_t slope = slope_to(&now);
    /* Nobody has read a line beyond twice its life, see running_ns(): no need to continue it. */
    bool idle = ticks >= 2 * line.good_for;
    int64_t ahead_ns = idle ? 0 : (int64_t)(line_at(&line, ticks) - now.ns);
    if (!slope_is_plausible(slope) || ahead_ns > SLEW_MAX_NS || ahead_ns < -SLEW_MAX_NS) {
        line_give_up();
        return;
    }
    line_begin(&now, slope, ahead_ns > 0 ? (uint64_t)ahead_ns : 0);
}

static void (*const phase_actions[])(void) = {
    [PHASE_UNKNOWN] = measure_begin,
    [PHASE_MEASURING] = measure_end,
    [PHASE_RUNNING] = line_renew,
};

/* Does what the phase `seen` asks for, unless another thread is at it. */
static void phase_advance(int seen)
{
    bool inherited;
    if (!writer_try_lock(ct_fork_epoch(), &inherited))
        return;
    /* The lock orders this after the last writer: a phase it has left is not done twice. */
    int current = atomic_load_explicit(&phase, memory_order_relaxed);
    if (inherited)
        line_give_up(); /* the parent's writer may have left the anchor half written */
    else if (current == seen)
        phase_actions[seen]();
    writer_unlock();
}

/* Reads the line when the counter is within `good_for` of its start, or just before it. */
static bool line_read(const struct line *line, uint64_t good_for, uint64_t *ns)
{
    int64_t ticks = (int64_t)(__builtin_ia32_rdtsc() - line->tsc);
    if (ticks < -BEHIND_MAX_TICKS || ticks >= (int64_t)good_for)
        return false;
    *ns = ticks < 0 ? line->ns : line_at(line, (uint64_t)ticks);
    return true;
}

/* A thread that finds the line being renewed by another goes on with the old one for as long
 * again, since a change to the clock and back could show as a step. */
static uint64_t running_ns(void)
{
    uint64_t ns;
    struct line line = line_load();
    if (line_read(&line, line.good_for, &ns))
        return ns;
    phase_advance(PHASE_RUNNING);
    line = line_load();
    return line_read(&line, 2 * line.good_for, &ns) ? ns : ct_clock_monotonic_ns();
}

uint64_t ct_clock_fast_slow_path_ns(void)
{
    /* Acquire: a phase comes with the line or the time that belongs to it. */
    int seen = atomic_load_explicit(&phase, memory_order_acquire);
    if (seen == PHASE_RUNNING)
        return running_ns();
    uint64_t now = ct_clock_monotonic_ns();
    if (seen == PHASE_SYSTEM)
        return now;
    if (seen == PHASE_UNKNOWN || now >= atomic_load_explicit(&measure_at_ns, memory_order_relaxed))
        phase_advance(seen);
    return now;
}

#else

uint64_t ct_clock_fast_slow_path_ns(void)
{
    return ct_clock_monotonic_ns();
}

#endif
