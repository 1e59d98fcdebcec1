/* SPDX-License-Identifier: Apache-2.0 */
/* Quantiles of streams of any order, in batches of any size, for any objectives: the value that is
 * told has a rank within the error. A byte of the input says where among those before it the next
 * value falls, so that few bytes make orders that are hard. */
#include "fuzz.h"

#include "exporters/prometheus/face/quantiles.h"

#include <math.h>

#define VALUES_MAX 4096

static size_t take_objectives(struct input *input,
                              cotel_prom_objective objectives[COTEL_PROM_MAX_OBJECTIVES])
{
    size_t count = 1 + take_byte(input) % 4;
    for (size_t i = 0; i < count; i++) {
        objectives[i].quantile = take_byte(input) / 255.0;
        objectives[i].error = COTEL_PROM_MIN_ERROR * pow(2, take_byte(input) % 11);
    }
    return count;
}

/* Below all, above all, again, or between two of those that came last. */
static double next_value(const double *values, size_t count, uint8_t where)
{
    double last = count > 0 ? values[count - 1] : 0, before = count > 1 ? values[count - 2] : 1;
    switch (where % 4) {
    case 0:
        return last + where;
    case 1:
        return last - where;
    case 2:
        return last;
    default:
        return last + (before - last) * (where / 512.0);
    }
}

static int ascending(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

static void check(const struct ct_quantiles *quantiles, const struct ct_target *target,
                  double error, const double *sorted, size_t count)
{
    double value = ct_quantiles_at(quantiles, target);
    size_t below = 0, not_above = 0;
    for (size_t i = 0; i < count; i++) {
        below += sorted[i] < value;
        not_above += sorted[i] <= value;
    }
    double wanted = ceil(target->quantile * (double)count), slack = error * (double)count + 1;
    MUST(not_above > below); /* it is one of them */
    MUST((double)not_above >= wanted - slack && (double)below + 1 <= wanted + slack);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static double values[VALUES_MAX], sorted[VALUES_MAX];
    cotel_prom_objective objectives[COTEL_PROM_MAX_OBJECTIVES];
    struct input input = {data, size};
    struct ct_targets targets;
    struct ct_quantiles quantiles = {NULL, 0, 0, 0};
    size_t objective_count = take_objectives(&input, objectives), count = 0, added = 0;
    size_t batch = 1 + take_byte(&input);
    ct_targets_init(&targets, objectives, objective_count);
    while (count < VALUES_MAX && input.left > 0) {
        values[count] = next_value(values, count, take_byte(&input));
        count++;
        if (count - added < batch && input.left > 0 && count < VALUES_MAX)
            continue;
        memcpy(sorted + added, values + added, (count - added) * sizeof *values);
        qsort(sorted + added, count - added, sizeof *sorted, ascending);
        MUST(ct_quantiles_add(&quantiles, &targets, sorted + added, count - added) ==
             CT_QUANTILES_KEPT);
        added = count;
    }
    MUST(quantiles.n == count);
    qsort(sorted, count, sizeof *sorted, ascending);
    for (size_t i = 0; count > 0 && i < objective_count; i++)
        check(&quantiles, &targets.items[i], objectives[i].error, sorted, count);
    ct_quantiles_fini(&quantiles);
    return 0;
}
