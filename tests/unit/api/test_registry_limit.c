/* SPDX-License-Identifier: Apache-2.0 */
/* Alone in its process: it fills the registry. */
#include "suite.h"

#include "api/registry.h"

static cotel_tracer *numbered(unsigned number)
{
    char name[32];
    snprintf(name, sizeof name, "tracer.%u", number);
    return cotel_tracer_get(name, NULL);
}

static void beyond_the_limit_one_shared_tracer_is_given_out(void **state)
{
    cotel_tracer *first = numbered(0);
    cotel_tracer *last = NULL;
    for (unsigned i = 1; i < CT_REGISTRY_MAX; i++)
        last = numbered(i);

    cotel_tracer *shared = numbered(CT_REGISTRY_MAX);
    assert_non_null(shared);
    assert_ptr_not_equal(shared, last);
    assert_ptr_equal(numbered(CT_REGISTRY_MAX + 1), shared);
    assert_ptr_equal(numbered(0), first);
    assert_ptr_equal(numbered(CT_REGISTRY_MAX - 1), last);

    assert_false(cotel_tracer_enabled(shared));
    cotel_span span = cotel_span_start(shared, "work", NULL);
    assert_false(cotel_span_is_recording(&span));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(beyond_the_limit_one_shared_tracer_is_given_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
