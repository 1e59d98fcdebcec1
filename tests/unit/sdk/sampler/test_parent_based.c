/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "parameters.h"
#include "sdk/sampler/sampler.h"

/* A sampler that counts. */
struct counter {
    cotel_sampler base;
    int asked;
    int destroyed;
};

static void count_asked(cotel_sampler *self, const cotel_sampling_parameters *parameters,
                        cotel_sampling_result *result)
{
    ((struct counter *)self)->asked++;
    result->decision = COTEL_SAMPLING_RECORD_ONLY;
}

static const char *counter_description(const cotel_sampler *self)
{
    return "Counter";
}

static void count_destroyed(cotel_sampler *self)
{
    ((struct counter *)self)->destroyed++;
}

static const cotel_sampler_ops counter_ops = {.size = sizeof counter_ops,
                                              .should_sample = count_asked,
                                              .description = counter_description,
                                              .destroy = count_destroyed};

static struct counter a_counter(void)
{
    return (struct counter){.base = {&counter_ops}};
}

static cotel_sampler *follow(cotel_sampler *root)
{
    cotel_parent_based_options options = {.size = sizeof options, .root = root};
    cotel_sampler *sampler = NULL;
    assert_int_equal(cotel_sampler_parent_based_create(&options, &sampler), COTEL_STATUS_OK);
    return sampler;
}

static void each_kind_of_parent_has_its_own_sampler(void **state)
{
    struct counter root = a_counter(), remote_on = a_counter(), remote_off = a_counter(),
                   local_on = a_counter(), local_off = a_counter();
    cotel_parent_based_options options = {sizeof options,   &root.base,     &remote_on.base,
                                          &remote_off.base, &local_on.base, &local_off.base};
    cotel_sampler *sampler = NULL;
    assert_int_equal(cotel_sampler_parent_based_create(&options, &sampler), COTEL_STATUS_OK);
    const struct {
        cotel_span parent;
        bool is_remote;
        struct counter *expected;
    } rows[] = {
        {no_parent(), false, &root},
        {a_parent(COTEL_TRACE_FLAG_SAMPLED), true, &remote_on},
        {a_parent(COTEL_TRACE_FLAG_RANDOM), true, &remote_off},
        {a_parent(COTEL_TRACE_FLAG_SAMPLED | COTEL_TRACE_FLAG_RANDOM), false, &local_on},
        {a_parent(0), false, &local_off},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_int_equal(rows[i].expected->asked, 0);
        assert_int_equal(ask(sampler, &rows[i].parent, rows[i].is_remote, trace_id_of(1, 2)),
                         COTEL_SAMPLING_RECORD_ONLY);
        assert_int_equal(rows[i].expected->asked, 1);
    }
    assert_int_equal(root.asked + remote_on.asked + remote_off.asked, 3);
    cotel_sampler_destroy(sampler);
}

static void by_default_it_does_what_the_parent_did(void **state)
{
    cotel_sampler *sampler = follow(cotel_sampler_always_off());
    cotel_span none = no_parent(), sampled = a_parent(COTEL_TRACE_FLAG_SAMPLED),
               unsampled = a_parent(0);
    cotel_trace_id id = trace_id_of(1, 2);
    assert_int_equal(ask(sampler, &none, false, id), COTEL_SAMPLING_DROP);
    assert_int_equal(ask(sampler, &sampled, true, id), COTEL_SAMPLING_RECORD_AND_SAMPLE);
    assert_int_equal(ask(sampler, &unsampled, true, id), COTEL_SAMPLING_DROP);
    assert_int_equal(ask(sampler, &sampled, false, id), COTEL_SAMPLING_RECORD_AND_SAMPLE);
    assert_int_equal(ask(sampler, &unsampled, false, id), COTEL_SAMPLING_DROP);
    cotel_sampler_destroy(sampler);
}

static void a_parent_with_half_an_identity_is_none(void **state)
{
    cotel_sampler *sampler = follow(cotel_sampler_always_off());
    cotel_span without_span_id = a_parent(COTEL_TRACE_FLAG_SAMPLED);
    without_span_id.span_id.bytes[7] = 0;
    cotel_span without_trace_id = a_parent(COTEL_TRACE_FLAG_SAMPLED);
    without_trace_id.trace_id = trace_id_of(0, 0);
    cotel_trace_id id = trace_id_of(1, 2);
    assert_int_equal(ask(sampler, &without_span_id, false, id), COTEL_SAMPLING_DROP);
    assert_int_equal(ask(sampler, &without_trace_id, false, id), COTEL_SAMPLING_DROP);
    cotel_sampler_destroy(sampler);
}

static void its_description_names_all_five(void **state)
{
    cotel_sampler *sampler = follow(cotel_sampler_always_on());
    assert_string_equal(ct_sampler_description(sampler),
                        "ParentBased{root:AlwaysOnSampler,remoteParentSampled:AlwaysOnSampler,"
                        "remoteParentNotSampled:AlwaysOffSampler,"
                        "localParentSampled:AlwaysOnSampler,"
                        "localParentNotSampled:AlwaysOffSampler}");
    cotel_sampler_destroy(sampler);
}

static void it_destroys_what_it_was_given_once(void **state)
{
    struct counter root = a_counter();
    cotel_sampler_destroy(follow(&root.base));
    assert_int_equal(root.destroyed, 1);
}

static void without_a_root_it_is_refused_and_takes_nothing_over(void **state)
{
    struct counter given = a_counter();
    cotel_parent_based_options options = {.size = sizeof options, .local_sampled = &given.base};
    cotel_sampler *sampler = NULL;
    assert_int_equal(cotel_sampler_parent_based_create(&options, &sampler),
                     COTEL_STATUS_INVALID_ARGUMENT);
    assert_int_equal(cotel_sampler_parent_based_create(NULL, &sampler),
                     COTEL_STATUS_INVALID_ARGUMENT);
    options.root = cotel_sampler_always_on();
    assert_int_equal(cotel_sampler_parent_based_create(&options, NULL),
                     COTEL_STATUS_INVALID_ARGUMENT);
    assert_null(sampler);
    assert_int_equal(given.destroyed, 0);
}

static void the_same_sampler_twice_is_refused_unless_it_is_static(void **state)
{
    struct counter twice = a_counter();
    cotel_parent_based_options options = {
        .size = sizeof options, .root = &twice.base, .remote_sampled = &twice.base};
    cotel_sampler *sampler = NULL;
    assert_int_equal(cotel_sampler_parent_based_create(&options, &sampler),
                     COTEL_STATUS_INVALID_ARGUMENT);
    options.root = options.remote_sampled = cotel_sampler_always_off();
    assert_int_equal(cotel_sampler_parent_based_create(&options, &sampler), COTEL_STATUS_OK);
    cotel_sampler_destroy(sampler);
}

static void options_of_an_older_header_take_defaults(void **state)
{
    struct counter beyond = a_counter();
    cotel_parent_based_options options = {
        .size = offsetof(cotel_parent_based_options, remote_sampled),
        .root = cotel_sampler_always_off(),
        .remote_sampled = &beyond.base,
    };
    cotel_sampler *sampler = NULL;
    assert_int_equal(cotel_sampler_parent_based_create(&options, &sampler), COTEL_STATUS_OK);
    cotel_span sampled = a_parent(COTEL_TRACE_FLAG_SAMPLED);
    assert_int_equal(ask(sampler, &sampled, true, trace_id_of(1, 2)),
                     COTEL_SAMPLING_RECORD_AND_SAMPLE);
    assert_int_equal(beyond.asked, 0);
    cotel_sampler_destroy(sampler);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_kind_of_parent_has_its_own_sampler),
        cmocka_unit_test(by_default_it_does_what_the_parent_did),
        cmocka_unit_test(a_parent_with_half_an_identity_is_none),
        cmocka_unit_test(its_description_names_all_five),
        cmocka_unit_test(it_destroys_what_it_was_given_once),
        cmocka_unit_test(without_a_root_it_is_refused_and_takes_nothing_over),
        cmocka_unit_test(the_same_sampler_twice_is_refused_unless_it_is_static),
        cmocka_unit_test(options_of_an_older_header_take_defaults),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
