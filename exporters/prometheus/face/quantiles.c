/* SPDX-License-Identifier: Apache-2.0 */
#include "quantiles.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

void ct_targets_init(struct ct_targets *targets, const cotel_prom_objective *objectives,
                     size_t count)
{
    targets->count = count;
    for (size_t i = 0; i < count; i++) {
        double quantile = objectives[i].quantile, error = 2 * objectives[i].error;
        /* At the ends there is nothing on one side; HUGE_VAL allows it anything. */
        targets->items[i] = (struct ct_target){
            .quantile = quantile,
            .at = error,
            .above = quantile > 0 ? error / quantile : HUGE_VAL,
            .below = quantile < 1 ? error / (1 - quantile) : HUGE_VAL,
        };
    }
}

/* How wide the doubt (from, to] of n values may be. */
static double allowed(const struct ct_targets *targets, double from, double to, double n)
{
    double least = HUGE_VAL;
    for (size_t i = 0; i < targets->count; i++) {
        const struct ct_target *target = &targets->items[i];
        double rank = target->quantile * n, width = target->at * n;
        if (from >= rank)
            width = target->above * from;
        else if (to < rank)
            width = target->below * (n - to);
        least = width < least ? width : least;
    }
    return least;
}

/* From the last one down, each value is joined to the one kept above it when what is then in doubt
 * is allowed. The least and the greatest value stay, so that they are always exact. What is kept
 * gathers at the end of the array. */
static void compress(struct ct_quantiles *quantiles, const struct ct_targets *targets, double slack)
{
    struct ct_sample *samples = quantiles->samples;
    if (quantiles->count < 3)
        return;
    size_t kept = quantiles->count - 1;
    uint64_t rank = quantiles->n - samples[kept].width; /* r of the value below `kept` */
    for (size_t i = quantiles->count - 1; i-- > 1;) {
        uint64_t from = rank - samples[i].width;
        uint64_t doubt = samples[i].width + samples[kept].width + samples[kept].spread;
        double n = (double)quantiles->n;
        if ((double)doubt <= slack * allowed(targets, (double)from, (double)(from + doubt), n)) {
            samples[kept].width += samples[i].width;
        } else {
            samples[--kept] = samples[i];
        }
        rank = from;
    }
    samples[--kept] = samples[0];
    quantiles->count -= kept;
    memmove(samples, samples + kept, quantiles->count * sizeof *samples);
}

/* Merges from behind. A new value may have any rank that the doubt in which it falls has. */
static void merge(struct ct_quantiles *quantiles, const double *values, size_t count)
{
    struct ct_sample *samples = quantiles->samples;
    size_t old = quantiles->count, at = old + count;
    uint64_t spread = 0;
    while (count > 0) {
        if (old > 0 && samples[old - 1].value > values[count - 1]) {
            samples[--at] = samples[--old];
            spread = samples[at].width + samples[at].spread - 1;
        } else {
            samples[--at] = (struct ct_sample){values[--count], 1, spread};
        }
    }
}

static bool make_room(struct ct_quantiles *quantiles, size_t count)
{
    if (count <= quantiles->capacity)
        return true;
    size_t capacity = count + count / 4;
    struct ct_sample *samples = realloc(quantiles->samples, capacity * sizeof *samples);
    if (!samples)
        return false;
    quantiles->samples = samples;
    quantiles->capacity = capacity;
    return true;
}

enum ct_quantiles_result ct_quantiles_add(struct ct_quantiles *quantiles,
                                          const struct ct_targets *targets, const double *values,
                                          size_t count)
{
    if (!make_room(quantiles, quantiles->count + count))
        return CT_QUANTILES_LOST;
    merge(quantiles, values, count);
    quantiles->count += count;
    quantiles->n += count;
    compress(quantiles, targets, 1);
    if (quantiles->count <= CT_QUANTILES_MAX_SAMPLES)
        return CT_QUANTILES_KEPT;
    for (uint64_t slack = 2; quantiles->count > CT_QUANTILES_MAX_SAMPLES; slack *= 2)
        compress(quantiles, targets, (double)slack);
    return CT_QUANTILES_INEXACT;
}

double ct_quantiles_at(const struct ct_quantiles *quantiles, const struct ct_target *target)
{
    if (quantiles->count == 0)
        return NAN;
    double n = (double)quantiles->n;
    double bound = ceil(target->quantile * n) + target->at / 2 * n;
    uint64_t rank = 0;
    for (size_t i = 0; i < quantiles->count; i++) {
        const struct ct_sample *sample = &quantiles->samples[i];
        rank += sample->width;
        if ((double)(rank + sample->spread) > bound)
            return quantiles->samples[i > 0 ? i - 1 : 0].value;
    }
    return quantiles->samples[quantiles->count - 1].value;
}

void ct_quantiles_clear(struct ct_quantiles *quantiles)
{
    quantiles->count = 0;
    quantiles->n = 0;
}

void ct_quantiles_fini(struct ct_quantiles *quantiles)
{
    free(quantiles->samples);
    *quantiles = (struct ct_quantiles){NULL, 0, 0, 0};
}
