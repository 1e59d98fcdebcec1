/* SPDX-License-Identifier: Apache-2.0 */
/* Quantiles of streams against those of all values, sorted. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "exporters/prometheus/face/quantiles.h"

#define VALUES 100000
#define BATCH 256

static const cotel_prom_objective usual[] = {{.5, .05}, {.9, .01}, {.99, .001}};
static const cotel_prom_objective strict[] = {{0, .001},  {.01, .0005},  {.25, .002},
                                              {.5, .001}, {.999, .0001}, {1, .001}};

static double uniform(void)
{
    return (double)random() / ((double)RAND_MAX + 1);
}

/* ---- distributions and orders ---- */

static double normal(size_t i)
{
    (void)i;
    return 100 + 15 * sqrt(-2 * log(1 - uniform())) * cos(2 * M_PI * uniform());
}

static double exponential(size_t i)
{
    (void)i;
    return -log(1 - uniform());
}

static double pareto(size_t i)
{
    (void)i;
    return pow(1 - uniform(), -1 / 1.1);
}

static double ascending(size_t i)
{
    return (double)i;
}

static double descending(size_t i)
{
    return (double)(VALUES - i);
}

static double few(size_t i)
{
    (void)i;
    return floor(uniform() * 5);
}

/* Suddenly everything is slower, as services do. */
static double shifting(size_t i)
{
    return exponential(i) * (i < VALUES / 2 ? 1 : 50);
}

static double alike(size_t i)
{
    (void)i;
    return 7;
}

static const struct {
    const char *name;
    double (*at)(size_t i);
} streams[] = {
    {"normal", normal},         {"exponential", exponential},
    {"pareto", pareto},         {"ascending", ascending},
    {"descending", descending}, {"few", few},
    {"shifting", shifting},     {"alike", alike},
};

/* ---- exactness ---- */

static int by_value(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

/* How many of the sorted values are below, or not above, `value`. */
static size_t rank_of(const double *sorted, size_t count, double value, bool with_equals)
{
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (sorted[middle] < value || (with_equals && sorted[middle] == value))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* The ranks that the value has must come within the error of the one that was asked for. A rank is
 * a whole number, hence the 1. */
static void assert_within(const double *sorted, size_t count, const cotel_prom_objective *objective,
                          double value)
{
    double n = (double)count, wanted = objective->quantile * n, error = objective->error * n + 1;
    double least = (double)rank_of(sorted, count, value, false) + 1;
    double greatest = (double)rank_of(sorted, count, value, true);
    if (greatest < wanted - error || least > wanted + error)
        fail_msg("quantile %g of %zu: ranks %.0f to %.0f, wanted %.0f within %.0f",
                 objective->quantile, count, least, greatest, wanted, error);
}

static size_t min(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Adds values in batches, each sorted, and compares on the way: after 1, 2, 4, ... batches. */
static size_t check_stream(double (*at)(size_t), const cotel_prom_objective *objectives,
                           size_t objective_count, size_t batch)
{
    static double all[VALUES], sorted[VALUES];
    struct ct_targets targets;
    struct ct_quantiles quantiles = {NULL, 0, 0, 0};
    size_t most = 0;
    ct_targets_init(&targets, objectives, objective_count);
    for (size_t i = 0; i < VALUES; i++)
        all[i] = at(i);
    memcpy(sorted, all, sizeof all);
    for (size_t done = 0, look = batch; done < VALUES;) {
        size_t count = min(batch, VALUES - done);
        qsort(all + done, count, sizeof *all, by_value);
        assert_int_equal(ct_quantiles_add(&quantiles, &targets, all + done, count),
                         CT_QUANTILES_KEPT);
        done += count;
        most = quantiles.count > most ? quantiles.count : most;
        if (done < look && done < VALUES)
            continue;
        look *= 2;
        memcpy(sorted, all, done * sizeof *sorted);
        qsort(sorted, done, sizeof *sorted, by_value);
        for (size_t i = 0; i < objective_count; i++)
            assert_within(sorted, done, &objectives[i],
                          ct_quantiles_at(&quantiles, &targets.items[i]));
    }
    assert_true(quantiles.n == VALUES);
    ct_quantiles_fini(&quantiles);
    return most;
}

static void usual_objectives_are_kept_whatever_comes(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof streams / sizeof streams[0]; i++) {
        size_t most = check_stream(streams[i].at, usual, 3, BATCH);
        print_message("%s: %zu samples\n", streams[i].name, most);
        assert_true(most < 500);
    }
}

static void strict_objectives_are_kept_whatever_comes(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof streams / sizeof streams[0]; i++) {
        size_t most = check_stream(streams[i].at, strict, 6, BATCH);
        print_message("%s: %zu samples\n", streams[i].name, most);
        assert_true(most < CT_QUANTILES_MAX_SAMPLES);
    }
}

static void values_may_come_one_by_one(void **state)
{
    (void)state;
    (void)check_stream(exponential, usual, 3, 1);
    (void)check_stream(descending, usual, 3, 7);
}

static void the_ends_are_exact(void **state)
{
    (void)state;
    const cotel_prom_objective ends[] = {{0, .1}, {1, .1}};
    struct ct_targets targets;
    struct ct_quantiles quantiles = {NULL, 0, 0, 0};
    ct_targets_init(&targets, ends, 2);
    for (size_t i = 0; i < 10000; i++) {
        double value = (double)((i * 7919) % 10000);
        ct_quantiles_add(&quantiles, &targets, &value, 1);
    }
    assert_true(ct_quantiles_at(&quantiles, &targets.items[1]) == 9999);
    assert_true(quantiles.samples[0].value == 0);
    ct_quantiles_fini(&quantiles);
}

static void a_quantile_of_nothing_is_no_number(void **state)
{
    (void)state;
    struct ct_targets targets;
    struct ct_quantiles quantiles = {NULL, 0, 0, 0};
    const double value = 3;
    ct_targets_init(&targets, usual, 3);
    assert_true(isnan(ct_quantiles_at(&quantiles, &targets.items[0])));
    ct_quantiles_add(&quantiles, &targets, &value, 1);
    for (size_t i = 0; i < 3; i++)
        assert_true(ct_quantiles_at(&quantiles, &targets.items[i]) == 3);
    ct_quantiles_clear(&quantiles);
    assert_true(isnan(ct_quantiles_at(&quantiles, &targets.items[0])));
    ct_quantiles_fini(&quantiles);
}

static size_t add_closing(struct ct_quantiles *quantiles, const struct ct_targets *targets,
                          size_t from, size_t inexact)
{
    double values[BATCH];
    for (size_t j = 0; j < BATCH; j++)
        values[j] = j < BATCH / 2 ? (double)(from + j) : 2.0 * VALUES - (double)(from + BATCH - j);
    return inexact + (ct_quantiles_add(quantiles, targets, values, BATCH) == CT_QUANTILES_INEXACT);
}

/* The worst that there is: from both ends to the middle. */
static void an_order_made_to_be_bad_costs_exactness_and_not_memory(void **state)
{
    (void)state;
    struct ct_targets targets;
    struct ct_quantiles quantiles = {NULL, 0, 0, 0};
    size_t inexact = 0;
    ct_targets_init(&targets, usual, 3);
    for (size_t i = 0; i < VALUES - BATCH; i += BATCH / 2) {
        inexact = add_closing(&quantiles, &targets, i, inexact);
        assert_true(quantiles.count <= CT_QUANTILES_MAX_SAMPLES);
    }
    print_message("closing: %zu of %d batches were inexact\n", inexact, 2 * VALUES / BATCH);
    for (size_t i = 0; i < 3; i++) {
        double wanted = 2 * VALUES * usual[i].quantile;
        double off = fabs(ct_quantiles_at(&quantiles, &targets.items[i]) - wanted);
        print_message("%g: off by %g n\n", usual[i].quantile, off / (2 * VALUES));
        assert_true(off <= 2 * usual[i].error * 2 * VALUES);
    }
    ct_quantiles_fini(&quantiles);
}

/* Sixteen objectives all over, each with the least error: more than the bound allows. */
static void memory_is_bounded_and_errors_grow_instead(void **state)
{
    (void)state;
    cotel_prom_objective objectives[COTEL_PROM_MAX_OBJECTIVES];
    struct ct_targets targets;
    struct ct_quantiles quantiles = {NULL, 0, 0, 0};
    static double values[BATCH];
    bool inexact = false;
    for (size_t i = 0; i < COTEL_PROM_MAX_OBJECTIVES; i++)
        objectives[i] = (cotel_prom_objective){.06 * (double)(i + 1), COTEL_PROM_MIN_ERROR};
    ct_targets_init(&targets, objectives, COTEL_PROM_MAX_OBJECTIVES);
    for (size_t i = 0; i < 4000; i++) {
        for (size_t j = 0; j < BATCH; j++)
            values[j] = uniform();
        qsort(values, BATCH, sizeof *values, by_value);
        inexact |= ct_quantiles_add(&quantiles, &targets, values, BATCH) == CT_QUANTILES_INEXACT;
        assert_true(quantiles.count <= CT_QUANTILES_MAX_SAMPLES);
        assert_true(quantiles.capacity <= (CT_QUANTILES_MAX_SAMPLES + BATCH) * 5 / 4);
    }
    assert_true(inexact);
    for (size_t i = 0; i < COTEL_PROM_MAX_OBJECTIVES; i++) {
        double off = ct_quantiles_at(&quantiles, &targets.items[i]) - objectives[i].quantile;
        assert_true(fabs(off) < .01); /* still of use */
    }
    ct_quantiles_fini(&quantiles);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(usual_objectives_are_kept_whatever_comes),
        cmocka_unit_test(strict_objectives_are_kept_whatever_comes),
        cmocka_unit_test(values_may_come_one_by_one),
        cmocka_unit_test(the_ends_are_exact),
        cmocka_unit_test(a_quantile_of_nothing_is_no_number),
        cmocka_unit_test(an_order_made_to_be_bad_costs_exactness_and_not_memory),
        cmocka_unit_test(memory_is_bounded_and_errors_grow_instead),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
