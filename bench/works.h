/* SPDX-License-Identifier: Apache-2.0 */
/* The measurements, by the names they have in docs/benchmarks.md. Each adds its figures to the
 * report. */
#ifndef COTEL_BENCH_WORKS_H
#define COTEL_BENCH_WORKS_H

#include <stdbool.h>
#include <stddef.h>

/* How much of everything. */
struct effort {
    size_t repeats;
    size_t spans;    /* of one repeat of the short ones */
    size_t w2_spans; /* a million */
    size_t w2_repeats;
    size_t w2b_runs;
};

void work_span(const struct effort *effort);      /* floor, W1, W1n, W4, W4b */
void work_frame(const struct effort *effort);     /* W1x, W3 */
void work_propagate(const struct effort *effort); /* W5 */
void work_metrics(const struct effort *effort);   /* W7 */
void work_otlp(const struct effort *effort);      /* W2, W2b */

#endif
