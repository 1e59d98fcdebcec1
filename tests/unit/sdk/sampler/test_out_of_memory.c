/* SPDX-License-Identifier: Apache-2.0 */
/* Each allocation of a sampler's making fails in its turn: it says so, has taken nothing over and,
 * as AddressSanitizer sees, leaves nothing behind. The linker puts these in place of the C
 * library's. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>

#include "parameters.h"
#include "sdk/sampler/composable.h"

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
char *__real_strdup(const char *text);
FILE *__real_open_memstream(char **text, size_t *size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
char *__wrap_strdup(const char *text);
int __wrap_asprintf(char **out, const char *format, ...);
FILE *__wrap_open_memstream(char **text, size_t *size);

static int succeed_first = -1; /* how many do before one fails; -1: all do */

static bool fails(void)
{
    return succeed_first >= 0 && succeed_first-- == 0;
}

void *__wrap_malloc(size_t size)
{
    return fails() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
    return fails() ? NULL : __real_calloc(count, size);
}

char *__wrap_strdup(const char *text)
{
    return fails() ? NULL : __real_strdup(text);
}

int __wrap_asprintf(char **out, const char *format, ...)
{
    va_list arguments;
    if (fails())
        return -1; /* what *out holds then is not said */
    va_start(arguments, format);
    int size = vasprintf(out, format, arguments);
    va_end(arguments);
    return size;
}

FILE *__wrap_open_memstream(char **text, size_t *size)
{
    return fails() ? NULL : __real_open_memstream(text, size);
}

/* ---- one of each that owns its parts; `tenth` and `ratio` are the parts ---- */

static cotel_composable_sampler *tenth;
static cotel_sampler *ratio;

static cotel_status make_probability(cotel_sampler **out)
{
    return cotel_sampler_probability_create(0.1, out);
}

static cotel_status make_always_record(cotel_sampler **out)
{
    return cotel_sampler_always_record_create(ratio, out);
}

static cotel_status make_composite(cotel_sampler **out)
{
    return cotel_sampler_composite_create(tenth, out);
}

static cotel_status make_composable_probability(cotel_composable_sampler **out)
{
    return cotel_composable_probability_create(0.1, out);
}

static cotel_status make_parent_threshold(cotel_composable_sampler **out)
{
    return cotel_composable_parent_threshold_create(tenth, out);
}

static cotel_status make_annotating(cotel_composable_sampler **out)
{
    const cotel_attribute attribute = cotel_attribute_string("key", "value");
    return cotel_composable_annotating_create(&attribute, 1, tenth, out);
}

static cotel_status make_rule_based(cotel_composable_sampler **out)
{
    static const char *const texts[] = {"a", "b"};
    const cotel_sampling_rule rules[] = {
        {.size = sizeof *rules,
         .sampler = tenth,
         .attribute_values = {"key", texts, 2},
         .attribute_patterns = {"key", texts, 2, texts, 1}},
        {.size = sizeof *rules, .sampler = cotel_composable_always_off()},
    };
    return cotel_composable_rule_based_create(rules, 2, out);
}

/* Lets one allocation more succeed each time; returns how many failures there were. */
#define FAIL_IN_TURN(make, out)                                   \
    do {                                                          \
        int failures = 0;                                         \
        for (;; failures++) {                                     \
            succeed_first = failures;                             \
            cotel_status status = make(&out);                     \
            succeed_first = -1;                                   \
            if (status == COTEL_STATUS_OK)                        \
                break;                                            \
            assert_int_equal(status, COTEL_STATUS_OUT_OF_MEMORY); \
            assert_null(out);                                     \
        }                                                         \
        assert_true(failures > 0);                                \
    } while (0)

static void samplers_tell_that_memory_is_out(void **state)
{
    cotel_status (*const makers[])(cotel_sampler **) = {make_probability, make_always_record,
                                                        make_composite};
    for (size_t i = 0; i < sizeof makers / sizeof *makers; i++) {
        cotel_sampler *sampler = NULL;
        assert_int_equal(cotel_sampler_trace_id_ratio_create(0.1, &ratio), COTEL_STATUS_OK);
        assert_int_equal(cotel_composable_probability_create(0.1, &tenth), COTEL_STATUS_OK);
        FAIL_IN_TURN(makers[i], sampler);
        cotel_sampler_destroy(sampler);
        if (makers[i] != make_always_record)
            cotel_sampler_destroy(ratio);
        if (makers[i] != make_composite)
            cotel_composable_sampler_destroy(tenth);
    }
}

static void composable_samplers_tell_that_memory_is_out(void **state)
{
    cotel_status (*const makers[])(cotel_composable_sampler **) = {
        make_composable_probability, make_parent_threshold, make_annotating, make_rule_based};
    for (size_t i = 0; i < sizeof makers / sizeof *makers; i++) {
        cotel_composable_sampler *sampler = NULL;
        assert_int_equal(cotel_composable_probability_create(0.1, &tenth), COTEL_STATUS_OK);
        FAIL_IN_TURN(makers[i], sampler);
        cotel_composable_sampler_destroy(sampler);
        if (makers[i] == make_composable_probability)
            cotel_composable_sampler_destroy(tenth);
    }
}

/* The threshold can't be told then, but nothing else is lost. */
static void without_memory_for_a_tracestate_the_parents_goes_on(void **state)
{
    cotel_sampler *sampler = NULL;
    cotel_span none = no_parent();
    cotel_tracestate *parents = cotel_tracestate_parse("a=1", 3);
    assert_int_equal(make_probability(&sampler), COTEL_STATUS_OK);
    cotel_sampling_parameters parameters = {.size = sizeof parameters,
                                            .parent = &none,
                                            .trace_id = trace_id_of(1, UINT64_MAX),
                                            .tracestate = parents};
    cotel_sampling_result result = {.size = sizeof result};
    succeed_first = 0;
    sampler->ops->should_sample(sampler, &parameters, &result);
    succeed_first = -1;
    assert_int_equal(result.decision, COTEL_SAMPLING_RECORD_AND_SAMPLE);
    assert_true(!result.sets_tracestate || result.tracestate == parents);
    if (result.sets_tracestate)
        cotel_tracestate_unref(result.tracestate);
    cotel_tracestate_unref(parents);
    cotel_sampler_destroy(sampler);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(samplers_tell_that_memory_is_out),
        cmocka_unit_test(composable_samplers_tell_that_memory_is_out),
        cmocka_unit_test(without_memory_for_a_tracestate_the_parents_goes_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
