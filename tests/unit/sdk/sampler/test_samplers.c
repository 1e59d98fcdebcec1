/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "parameters.h"
#include "sdk/sampler/sampler.h"

static void always_on_takes_every_span(void **state)
{
    cotel_span none = no_parent(), unsampled = a_parent(0);
    cotel_sampler *on = cotel_sampler_always_on();
    assert_int_equal(ask(on, &none, false, trace_id_of(0, 1)), COTEL_SAMPLING_RECORD_AND_SAMPLE);
    assert_int_equal(ask(on, &unsampled, true, trace_id_of(9, UINT64_MAX)),
                     COTEL_SAMPLING_RECORD_AND_SAMPLE);
}

static void always_off_takes_none(void **state)
{
    cotel_span none = no_parent(), sampled = a_parent(COTEL_TRACE_FLAG_SAMPLED);
    cotel_sampler *off = cotel_sampler_always_off();
    assert_int_equal(ask(off, &none, false, trace_id_of(0, 1)), COTEL_SAMPLING_DROP);
    assert_int_equal(ask(off, &sampled, false, trace_id_of(0, 1)), COTEL_SAMPLING_DROP);
}

static void their_descriptions_are_those_of_the_specification(void **state)
{
    assert_string_equal(ct_sampler_description(cotel_sampler_always_on()), "AlwaysOnSampler");
    assert_string_equal(ct_sampler_description(cotel_sampler_always_off()), "AlwaysOffSampler");
}

static void the_static_ones_survive_being_destroyed(void **state)
{
    cotel_sampler_destroy(cotel_sampler_always_on());
    cotel_sampler_destroy(cotel_sampler_always_off());
    cotel_sampler_destroy(NULL);
    always_on_takes_every_span(state);
}

static void a_sampler_of_an_older_header_is_used_as_far_as_it_goes(void **state)
{
    cotel_sampler_ops ops = *cotel_sampler_always_on()->ops;
    cotel_sampler sampler = {&ops};
    ops.size = offsetof(cotel_sampler_ops, description);
    assert_true(ct_sampler_is_usable(&sampler));
    assert_string_equal(ct_sampler_description(&sampler), "Unnamed");
    cotel_sampler_destroy(&sampler);
}

static void one_that_cannot_be_asked_is_not_usable(void **state)
{
    cotel_sampler_ops ops = {.size = sizeof ops};
    cotel_sampler mute = {&ops}, empty = {NULL};
    assert_false(ct_sampler_is_usable(&mute));
    assert_false(ct_sampler_is_usable(&empty));
    assert_false(ct_sampler_is_usable(NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(always_on_takes_every_span),
        cmocka_unit_test(always_off_takes_none),
        cmocka_unit_test(their_descriptions_are_those_of_the_specification),
        cmocka_unit_test(the_static_ones_survive_being_destroyed),
        cmocka_unit_test(a_sampler_of_an_older_header_is_used_as_far_as_it_goes),
        cmocka_unit_test(one_that_cannot_be_asked_is_not_usable),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
