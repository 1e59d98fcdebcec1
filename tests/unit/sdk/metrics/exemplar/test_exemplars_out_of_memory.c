/* SPDX-License-Identifier: Apache-2.0 */
/* Each allocation fails in its turn: then there are no exemplars, and nothing stays behind. And
 * once they are there, nothing is allocated any more. The linker puts these in place of the C
 * library's.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "sdk/metrics/exemplar/default_factory.h"
#include "sdk/metrics/exemplar/exemplars.h"
#include "sdk/metrics/view/key_filter.h"
#include "wire/field_numbers.h"

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *old, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *old, size_t size);

static int succeed_first = -1; /* how many do before one fails; -1: all do */
static int allocations;

static bool fails(void)
{
    allocations++;
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

void *__wrap_realloc(void *old, size_t size)
{
    return fails() ? NULL : __real_realloc(old, size);
}

static const double boundaries[] = {1, 2, 3};
static const struct ct_explicit_config buckets = {.boundaries = boundaries, .count = 3};

static struct ct_exemplars *make_after(int successes, cotel_exemplar_reservoir_factory factory)
{
    succeed_first = successes;
    struct ct_exemplars *exemplars = ct_exemplars_create(&factory, true);
    succeed_first = -1;
    return exemplars;
}

static void without_memory_there_are_no_exemplars(void **state)
{
    for (int successes = 0; successes < 2; successes++) {
        assert_null(make_after(successes, ct_exemplar_factory_single()));
        assert_null(make_after(successes, ct_exemplar_factory_explicit(&buckets)));
    }
    struct ct_exemplars *exemplars = make_after(2, ct_exemplar_factory_single());
    assert_non_null(exemplars);
    ct_exemplars_destroy(exemplars);
}

static void offering_and_taking_allocate_nothing(void **state)
{
    struct ct_exemplars *exemplars = make_after(-1, ct_exemplar_factory_explicit(&buckets));
    struct ct_key_filter *none = ct_key_filter_create(CT_KEYS_ONLY_LISTED, NULL, 0);
    struct ct_buffer bytes = CT_BUFFER_INIT;
    cotel_attribute items[64], attributes[64]; /* also maps too large to be compared in place */
    for (size_t i = 0; i < 64; i++)
        items[i] = cotel_attribute_int("item", 1);
    for (size_t i = 0; i < 64; i++)
        attributes[i] = (cotel_attribute){cotel_str_of("map"), cotel_value_map(items, i)};
    assert_true(ct_buffer_reserve(&bytes, ct_exemplars_most_bytes(exemplars)));
    const int before = allocations;
    for (size_t i = 0; i < 64; i++) {
        const cotel_measurement measurement = {
            .floating = (double)i, .attributes = attributes, .attribute_count = i};
        ct_exemplars_offer(exemplars, &measurement, none);
    }
    ct_exemplars_take(exemplars, CT_HISTOGRAM_POINT_EXEMPLARS, &bytes);
    assert_int_equal(allocations, before);
    assert_true(bytes.size > 0);
    ct_buffer_fini(&bytes);
    ct_exemplars_destroy(exemplars);
    ct_key_filter_destroy(none);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_memory_there_are_no_exemplars),
        cmocka_unit_test(offering_and_taking_allocate_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
