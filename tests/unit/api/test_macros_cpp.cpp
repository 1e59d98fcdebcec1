/* SPDX-License-Identifier: Apache-2.0 */
/* The same as pedantic C++17. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

extern "C" {
#include <cmocka.h>
}

#include <cotel/cotel.h>

static void literals_of_attributes_can_be_written_in_place(void **)
{
    const int64_t integers[] = {1, 2};
    const cotel_attribute attributes[] = {
        cotel_attribute_string("string", "text"),
        cotel_attribute_bool("bool", true),
        cotel_attribute_int("int", 1),
        cotel_attribute_double("double", 0.5),
        cotel_attribute_of("ints", cotel_value_int_array(integers, 2)),
        cotel_attribute_of("bytes", cotel_value_bytes("\0\1", 2)),
    };
    const cotel_attribute map = cotel_attribute_of("map", cotel_value_map(attributes, 6));
    assert_int_equal(map.value.type, COTEL_VALUE_MAP);
    assert_int_equal(map.value.as.map.count, 6);
}

static void options_are_initialised_by_their_macros(void **)
{
    cotel_tracer_options tracer_options = COTEL_TRACER_OPTIONS_INIT;
    cotel_span_options span_options = COTEL_SPAN_OPTIONS_INIT;
    cotel_meter_options meter_options = COTEL_METER_OPTIONS_INIT;
    cotel_instrument_options instrument_options = COTEL_INSTRUMENT_OPTIONS_INIT;
    assert_int_equal(meter_options.size, sizeof meter_options);
    assert_int_equal(instrument_options.size, sizeof instrument_options);
    assert_int_equal(tracer_options.size, sizeof tracer_options);
    assert_int_equal(span_options.size, sizeof span_options);
}

static void one_setter_takes_every_number_text_and_boolean(void **)
{
    COTEL_SPAN_SCOPE(scope, cotel_tracer_get("macros", nullptr), "work", nullptr);
    const cotel_span *span = &scope.span;
    cotel_span_set(span, "text", "literal");
    cotel_span_set(span, "float", 1.5f);
    cotel_span_set(span, "double", 1.5);
    cotel_span_set(span, "int", 1);
    cotel_span_set(span, "long", 1l);
    cotel_span_set(span, "long long", 1ll);
    cotel_span_set(span, "bool", 1 == 1);
    cotel_span_set_status(span, COTEL_STATUS_CODE_OK, nullptr);
    assert_false(cotel_span_is_recording(span));
}

static void observe(cotel_observer *observer, void *user)
{
    cotel_observe(observer, static_cast<cotel_observable *>(user), 1, nullptr, 0);
}

static void metrics_are_recorded_bound_and_observed(void **)
{
    const cotel_attribute attributes[] = {cotel_attribute_string("key", "value")};
    cotel_instrument_options options = COTEL_INSTRUMENT_OPTIONS_INIT;
    options.unit = "{request}";
    cotel_meter *meter = cotel_meter_get("macros", nullptr);
    cotel_counter *counter = cotel_counter_get(meter, "requests", &options);
    cotel_counter_add(counter, 1, attributes, 1);
    cotel_bound_counter *bound = cotel_counter_bind(counter, attributes, 1);
    cotel_bound_counter_add(bound, 1);
    cotel_bound_counter_unbind(bound);
    cotel_observable *gauge =
        cotel_observable_double_gauge_get(meter, "gauge", nullptr, nullptr, nullptr);
    cotel_callback *callback = cotel_observable_add_callback(&gauge, 1, observe, gauge);
    assert_non_null(callback);
    cotel_callback_remove(callback);
    assert_false(cotel_counter_enabled(counter));
}

static void a_scope_object_makes_its_span_current(void **)
{
    cotel_span_context remote = cotel_span_context_none();
    remote.trace_id.bytes[0] = 1;
    remote.span_id.bytes[0] = 2;
    cotel_span parent = cotel_span_wrap(&remote);
    cotel_token token = cotel_span_activate(&parent);
    {
        cotel::Scope scope(cotel_tracer_get("macros", nullptr), "work");
        assert_int_equal(scope.span()->span_id.bytes[0], 2);
        assert_int_equal(cotel_span_current().span_id.bytes[0], 2);
    }
    cotel_context_detach(token);
    assert_int_equal(cotel_span_current().span_id.bytes[0], 0);
}

static void a_status_must_be_looked_at_and_has_a_name(void **)
{
    cotel_environment *environment = nullptr;
    cotel_status status = cotel_environment_create(nullptr, nullptr, &environment);
    assert_string_equal(cotel_status_name(status), "OK");
    cotel_environment_destroy(environment);
}

int main()
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(literals_of_attributes_can_be_written_in_place),
        cmocka_unit_test(options_are_initialised_by_their_macros),
        cmocka_unit_test(metrics_are_recorded_bound_and_observed),
        cmocka_unit_test(one_setter_takes_every_number_text_and_boolean),
        cmocka_unit_test(a_scope_object_makes_its_span_current),
        cmocka_unit_test(a_status_must_be_looked_at_and_has_a_name),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
