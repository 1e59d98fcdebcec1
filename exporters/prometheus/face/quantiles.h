/* SPDX-License-Identifier: Apache-2.0 */
/* Quantiles of a stream of values, each within the error that was asked for it (the biased
 * quantiles of Cormode, Korn, Muthukrishnan and Srivastava, with targets).
 *
 * Kept are some of the values, ascending, each with what is known of its rank. r(i) is the least
 * rank that value i can have, `width` is r(i) - r(i - 1), and its rank is at most r(i) + `spread`.
 * Between two neighbours lies the doubt: (r(i - 1), r(i) + spread]. For each target, of quantile q
 * with error e, a doubt that
 *
 *     holds the rank q n         is at most 2 e n wide,
 *     lies above it, from a on   at most 2 e a / q,
 *     lies below it, up to b     at most 2 e (n - b) / (1 - q).
 *
 * More values only raise a, n - b and n. A doubt that the target reaches later, from above, has
 * a <= q n then, so that 2 e a / q <= 2 e n; likewise from below. So what once held does so for
 * ever, in whatever order values come. Looked up is the last value whose rank is at most q n + e n
 * for sure: the doubt behind it reaches further, so it begins above q n - e n.
 *
 * How many values have to be kept does hang on the order. It is some dozens for objectives as
 * people have them and values as they come; but those that close in on one point from both sides
 * all fall into the same doubt, and most of them can't be joined. So there is a bound, and beyond
 * it errors grow. */
#ifndef COTEL_EXPORTERS_PROMETHEUS_FACE_QUANTILES_H
#define COTEL_EXPORTERS_PROMETHEUS_FACE_QUANTILES_H

#include <cotel/prom.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The most values that are kept; beyond, errors are doubled until it is enough. */
#define CT_QUANTILES_MAX_SAMPLES 4096

/* A target, with what the rules above need of it. */
struct ct_target {
    double quantile;
    double at;    /* 2 e: by n */
    double above; /* 2 e / q: by a */
    double below; /* 2 e / (1 - q): by n - b */
};

struct ct_targets {
    size_t count;
    struct ct_target items[COTEL_PROM_MAX_OBJECTIVES];
};

void ct_targets_init(struct ct_targets *targets, const cotel_prom_objective *objectives,
                     size_t count);

struct ct_sample {
    double value;
    uint64_t width;
    uint64_t spread;
};

struct ct_quantiles {
    struct ct_sample *samples;
    size_t count;
    size_t capacity;
    uint64_t n; /* values that came */
};

/* What became of values. */
enum ct_quantiles_result {
    CT_QUANTILES_KEPT,
    CT_QUANTILES_INEXACT, /* and the errors are now greater than was asked for */
    CT_QUANTILES_LOST     /* memory is out */
};

/* Takes values that ascend. */
enum ct_quantiles_result ct_quantiles_add(struct ct_quantiles *quantiles,
                                          const struct ct_targets *targets, const double *values,
                                          size_t count);

/* The value at a target; NaN when there is none. */
double ct_quantiles_at(const struct ct_quantiles *quantiles, const struct ct_target *target);

/* Forgets all values; the memory stays. */
void ct_quantiles_clear(struct ct_quantiles *quantiles);

void ct_quantiles_fini(struct ct_quantiles *quantiles);

#endif
