/* SPDX-License-Identifier: Apache-2.0 */
/* Timing and medians. The machine is noisy: everything is measured several times, the runs of what
 * is compared alternate, and medians are compared. */
#ifndef COTEL_BENCH_MEASURE_H
#define COTEL_BENCH_MEASURE_H

#include <stddef.h>
#include <stdint.h>
#include <time.h>

/* The most repeats of one figure. */
#define MEASURE_MOST 31

static inline uint64_t clock_ns(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return (uint64_t)now.tv_sec * UINT64_C(1000000000) + (uint64_t)now.tv_nsec;
}

struct samples {
    double values[MEASURE_MOST];
    size_t count;
};

void samples_add(struct samples *samples, double value);
double samples_median(struct samples *samples);
double samples_worst(struct samples *samples);

#endif
