/* SPDX-License-Identifier: Apache-2.0 */
/* A summary's values: the sum and number of all, and the quantiles of those that are not too old.
 *
 * What is recorded goes into a buffer under a lock that is held for an addition. Who finds it full
 * swaps it for an empty one, and then sorts and merges it with the recording going on beside: two
 * locks, of which the second is held for some ten microseconds.
 *
 * Values can't be taken out of quantiles again, so there is a stream for each step of the age,
 * every value goes into all of them, and in turn each is emptied: the one that was emptied longest
 * ago is what is told. A buffer belongs to one step; the first call behind its end merges it.
 *
 * Bound: streams times (CT_QUANTILES_MAX_SAMPLES + CT_WINDOW_BUFFER) samples of 24 bytes, with a
 * quarter of slack; with usual objectives it is a tenth of that, since few samples are kept. */
#ifndef COTEL_EXPORTERS_PROMETHEUS_FACE_WINDOW_H
#define COTEL_EXPORTERS_PROMETHEUS_FACE_WINDOW_H

#include "fork_lock.h"
#include "quantiles.h"

/* Few make merging dear, many cost memory in each stream. */
#define CT_WINDOW_BUFFER 256

/* What all summaries of a metric have in common. */
struct ct_window_settings {
    struct ct_targets targets; /* none: only sum and number are kept */
    uint64_t step_ns;
    uint32_t steps; /* streams */
};

struct ct_window_buffer {
    size_t count;
    double values[CT_WINDOW_BUFFER];
};

struct ct_window {
    struct ct_face_lock lock; /* of what stands up to `streams_lock` */
    uint32_t generation;      /* of the process whose values these are */
    uint64_t start_unix_ns;
    uint64_t count;
    double sum;
    uint64_t step_ends_ns;            /* of the step of the buffer */
    uint32_t hot;                     /* which of the buffers; swapped under both locks */
    struct ct_window_buffer *buffers; /* two: the other one is of the other lock, and empty, but for
                                         who is merging it. NULL: no quantiles */

    struct ct_face_lock streams_lock; /* taken with or without the other one, which goes first */
    uint32_t oldest;                  /* the stream that is told */
    uint64_t inexact;                 /* merges that lost values or exactness, and were not seen */
    struct ct_quantiles *streams;
};

/* What a window holds at a moment. */
struct ct_window_view {
    uint64_t start_unix_ns;
    uint64_t count;
    double sum;
    uint64_t inexact; /* merges since the last look that lost values or exactness */
    double values[COTEL_PROM_MAX_OBJECTIVES]; /* by target */
};

/* False when memory is out. `now_ns` is of a clock that does not go back, here and below; only
 * differences count. */
bool ct_window_init(struct ct_window *window, const struct ct_window_settings *settings,
                    uint64_t now_ns);

void ct_window_add(struct ct_window *window, const struct ct_window_settings *settings,
                   double value, uint64_t now_ns);

void ct_window_look(struct ct_window *window, const struct ct_window_settings *settings,
                    uint64_t now_ns, struct ct_window_view *view);

void ct_window_fini(struct ct_window *window, const struct ct_window_settings *settings);

#endif
