/* SPDX-License-Identifier: Apache-2.0 */
/* Samplers asked by several threads at once; ThreadSanitizer has its eye on it. */
#include <cotel/sdk/composable_sampler.h>
#include <cotel/sdk/diagnostics.h>

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "parameters.h"

#define THREADS 4
#define QUESTIONS 2000

static cotel_sampler *shared;
static pthread_barrier_t all_there;
static atomic_uint warnings;

static void count_warning(void *user, cotel_log_level level, const char *component,
                          const char *message)
{
    /* Relaxed: read when the threads have been joined. */
    atomic_fetch_add_explicit(&warnings, 1, memory_order_relaxed);
}

/* Returns how many spans were taken. */
static void *ask_often(void *unused)
{
    const cotel_span parent = a_parent(COTEL_TRACE_FLAG_SAMPLED);
    uintptr_t taken = 0;
    (void)pthread_barrier_wait(&all_there);
    for (uint64_t i = 0; i < QUESTIONS; i++) {
        cotel_trace_id id = trace_id_of(1, i << 45); /* all over the 56 bits */
        taken += ask(shared, &parent, true, id) == COTEL_SAMPLING_RECORD_AND_SAMPLE;
    }
    return (void *)taken;
}

static uintptr_t ask_from_all(cotel_sampler *sampler)
{
    pthread_t threads[THREADS];
    uintptr_t taken = 0;
    shared = sampler;
    assert_int_equal(pthread_barrier_init(&all_there, NULL, THREADS), 0);
    for (size_t i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, ask_often, NULL), 0);
    for (size_t i = 0; i < THREADS; i++) {
        void *of_one;
        assert_int_equal(pthread_join(threads[i], &of_one), 0);
        taken += (uintptr_t)of_one;
    }
    (void)pthread_barrier_destroy(&all_there);
    cotel_sampler_destroy(sampler);
    return taken;
}

static void threads_decide_alike_and_the_warning_comes_once(void **state)
{
    cotel_sampler *half = NULL;
    uintptr_t expected = 0;
    for (uint64_t i = 0; i < QUESTIONS; i++)
        expected += THREADS * ((i << 45 & ((UINT64_C(1) << 56) - 1)) >= UINT64_C(1) << 55);
    assert_int_equal(cotel_sampler_probability_create(0.5, &half), COTEL_STATUS_OK);
    atomic_store(&warnings, 0);
    cotel_diagnostics_set(count_warning, NULL, COTEL_LOG_WARNING);
    assert_int_equal(ask_from_all(half), expected);
    cotel_diagnostics_set(NULL, NULL, COTEL_LOG_ERROR);
    assert_int_equal(atomic_load(&warnings), 1);
}

/* ---- half of the spans, by a number of each thread's own ---- */

static void want_half(cotel_composable_sampler *self, const cotel_composable_parameters *parameters,
                      cotel_sampling_intent *intent)
{
    intent->threshold = cotel_sampling_threshold(0.5);
}

static const cotel_composable_sampler_ops half_ops = {.size = sizeof half_ops,
                                                      .get_intent = want_half};
static cotel_composable_sampler half_of_them = {&half_ops};

static void each_thread_has_random_numbers_of_its_own(void **state)
{
    cotel_sampler *sampler = NULL;
    assert_int_equal(cotel_sampler_composite_create(&half_of_them, &sampler), COTEL_STATUS_OK);
    assert_in_range(ask_from_all(sampler), THREADS * QUESTIONS * 4 / 10,
                    THREADS * QUESTIONS * 6 / 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(threads_decide_alike_and_the_warning_comes_once),
        cmocka_unit_test(each_thread_has_random_numbers_of_its_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
