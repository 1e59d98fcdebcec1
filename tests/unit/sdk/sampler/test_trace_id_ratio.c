/* SPDX-License-Identifier: Apache-2.0 */
#include <cotel/sdk/diagnostics.h>

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/random.h"
#include "parameters.h"
#include "sdk/sampler/sampler.h"

#define TRACES 20000

static cotel_sampler *ratio(double value)
{
    cotel_sampler *sampler = NULL;
    assert_int_equal(cotel_sampler_trace_id_ratio_create(value, &sampler), COTEL_STATUS_OK);
    return sampler;
}

static bool takes(cotel_sampler *sampler, uint64_t high, uint64_t low)
{
    cotel_span none = no_parent();
    return ask(sampler, &none, false, trace_id_of(high, low)) == COTEL_SAMPLING_RECORD_AND_SAMPLE;
}

/* Numbers that are the same in every run. */
static struct ct_random fixed_numbers(void)
{
    return (struct ct_random){.state = {1, 2, 3, 4}};
}

static void ratio_one_takes_every_trace(void **state)
{
    cotel_sampler *all = ratio(1);
    assert_true(takes(all, 0, UINT64_MAX));
    assert_true(takes(all, 0, 1));
    cotel_sampler_destroy(all);
}

static void ratio_zero_takes_none(void **state)
{
    cotel_sampler *none = ratio(0);
    assert_false(takes(none, 1, 0));
    assert_false(takes(none, 1, UINT64_MAX));
    cotel_sampler_destroy(none);
}

static void the_threshold_is_the_ratio_of_the_low_half_as_in_go_and_python(void **state)
{
    cotel_sampler *half = ratio(0.5);
    assert_true(takes(half, UINT64_MAX, (UINT64_C(1) << 63) - 1));
    assert_false(takes(half, 0, UINT64_C(1) << 63));
    cotel_sampler_destroy(half);
    cotel_sampler *least = ratio(0x1p-64);
    assert_true(takes(least, 1, 0));
    assert_false(takes(least, 1, 1));
    cotel_sampler_destroy(least);
}

static void a_larger_ratio_takes_whatever_a_smaller_one_takes(void **state)
{
    const double ratios[] = {0.0, 1e-6, 0.001, 0.1, 0.25, 0.5, 0.75, 0.999, 1.0};
    enum { RATIOS = sizeof ratios / sizeof *ratios };
    cotel_sampler *samplers[RATIOS];
    for (size_t i = 0; i < RATIOS; i++)
        samplers[i] = ratio(ratios[i]);
    struct ct_random random = fixed_numbers();
    for (int n = 0; n < TRACES; n++) {
        uint64_t high = ct_random_next(&random), low = ct_random_next(&random);
        for (size_t i = 1; i < RATIOS; i++) {
            if (takes(samplers[i - 1], high, low))
                assert_true(takes(samplers[i], high, low));
        }
    }
    for (size_t i = 0; i < RATIOS; i++)
        cotel_sampler_destroy(samplers[i]);
}

static void the_share_that_is_taken_is_the_ratio(void **state)
{
    const double ratios[] = {0.01, 0.2, 0.5, 0.9};
    for (size_t i = 0; i < sizeof ratios / sizeof *ratios; i++) {
        cotel_sampler *sampler = ratio(ratios[i]);
        struct ct_random random = fixed_numbers();
        int taken = 0;
        for (int n = 0; n < TRACES; n++)
            taken += takes(sampler, 0, ct_random_next(&random));
        /* Five standard deviations of a fair draw. */
        double slack = 5 * sqrt(TRACES * ratios[i] * (1 - ratios[i]));
        assert_true(fabs(taken - TRACES * ratios[i]) < slack);
        cotel_sampler_destroy(sampler);
    }
}

static void it_decides_the_same_whatever_the_parent_says(void **state)
{
    cotel_sampler *half = ratio(0.5);
    cotel_span sampled = a_parent(COTEL_TRACE_FLAG_SAMPLED), unsampled = a_parent(0);
    assert_int_equal(ask(half, &sampled, true, trace_id_of(1, UINT64_MAX)), COTEL_SAMPLING_DROP);
    assert_int_equal(ask(half, &unsampled, true, trace_id_of(1, 1)),
                     COTEL_SAMPLING_RECORD_AND_SAMPLE);
    cotel_sampler_destroy(half);
}

static void the_description_has_six_decimals(void **state)
{
    const struct {
        double ratio;
        const char *description;
    } rows[] = {
        {0.0001, "TraceIdRatioBased{0.000100}"}, {1, "TraceIdRatioBased{1.000000}"},
        {0, "TraceIdRatioBased{0.000000}"},      {-0.0, "TraceIdRatioBased{0.000000}"},
        {0.25, "TraceIdRatioBased{0.250000}"},   {0.9999999, "TraceIdRatioBased{1.000000}"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        cotel_sampler *sampler = ratio(rows[i].ratio);
        assert_string_equal(ct_sampler_description(sampler), rows[i].description);
        cotel_sampler_destroy(sampler);
    }
}

static void a_ratio_that_is_none_is_refused(void **state)
{
    const double bad[] = {-0.1, 1.0000001, NAN, INFINITY, -INFINITY};
    cotel_sampler *untouched = NULL;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(cotel_sampler_trace_id_ratio_create(bad[i], &untouched),
                         COTEL_STATUS_INVALID_ARGUMENT);
    assert_null(untouched);
    assert_int_equal(cotel_sampler_trace_id_ratio_create(0.5, NULL), COTEL_STATUS_INVALID_ARGUMENT);
}

static void count_message(void *user, cotel_log_level level, const char *component,
                          const char *message)
{
    ++*(int *)user;
}

static void that_it_decides_over_children_is_told_once(void **state)
{
    int told = 0;
    cotel_diagnostics_set(count_message, &told, COTEL_LOG_WARNING);
    cotel_sampler *half = ratio(0.5);
    assert_true(takes(half, 0, 1));
    assert_int_equal(told, 0);
    cotel_span parent = a_parent(0);
    for (int i = 0; i < 3; i++)
        (void)ask(half, &parent, false, trace_id_of(1, 1));
    assert_int_equal(told, 1);
    cotel_diagnostics_set(NULL, NULL, COTEL_LOG_ERROR);
    cotel_sampler_destroy(half);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ratio_one_takes_every_trace),
        cmocka_unit_test(ratio_zero_takes_none),
        cmocka_unit_test(the_threshold_is_the_ratio_of_the_low_half_as_in_go_and_python),
        cmocka_unit_test(a_larger_ratio_takes_whatever_a_smaller_one_takes),
        cmocka_unit_test(the_share_that_is_taken_is_the_ratio),
        cmocka_unit_test(it_decides_the_same_whatever_the_parent_says),
        cmocka_unit_test(the_description_has_six_decimals),
        cmocka_unit_test(a_ratio_that_is_none_is_refused),
        cmocka_unit_test(that_it_decides_over_children_is_told_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
