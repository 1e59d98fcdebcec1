/* SPDX-License-Identifier: Apache-2.0 */
/* Every public macro and inline function, as pedantic C11, linked against the shared library. */
#include "suite.h"

static void literals_of_attributes_can_be_written_in_place(void **state)
{
    const int64_t integers[] = {1, 2};
    const bool booleans[] = {true, false};
    const double floatings[] = {0.5};
    const cotel_str strings[] = {cotel_str_of("a"), cotel_str_n("bc", 1)};
    const cotel_value items[] = {cotel_value_empty(), cotel_value_int(1)};
    const cotel_attribute attributes[] = {
        cotel_attribute_string("string", "text"),
        cotel_attribute_bool("bool", true),
        cotel_attribute_int("int", 1),
        cotel_attribute_double("double", 0.5),
        cotel_attribute_of("bytes", cotel_value_bytes("\0\1", 2)),
        cotel_attribute_of("array", cotel_value_array(items, 2)),
        cotel_attribute_of("strings", cotel_value_string_array(strings, 2)),
        cotel_attribute_of("bools", cotel_value_bool_array(booleans, 2)),
        cotel_attribute_of("ints", cotel_value_int_array(integers, 2)),
        cotel_attribute_of("doubles", cotel_value_double_array(floatings, 1)),
    };
    const cotel_attribute map =
        cotel_attribute_of("map", cotel_value_map(attributes, COUNT_OF(attributes)));
    assert_int_equal(map.value.type, COTEL_VALUE_MAP);
    assert_int_equal(map.value.as.map.count, 10);
    assert_int_equal(attributes[4].value.as.bytes.size, 2);
    assert_int_equal(attributes[0].value.as.string.size, 4);
    assert_int_equal(cotel_str_of(NULL).size, 0);
}

static void options_are_initialised_by_their_macros(void **state)
{
    cotel_tracer_options tracer_options = COTEL_TRACER_OPTIONS_INIT;
    cotel_span_options span_options = COTEL_SPAN_OPTIONS_INIT;
    assert_int_equal(tracer_options.size, sizeof tracer_options);
    assert_int_equal(span_options.size, sizeof span_options);
    assert_int_equal(span_options.kind, COTEL_SPAN_KIND_INTERNAL);
}

static void one_setter_takes_every_number_and_text(void **state)
{
    COTEL_SPAN_SCOPE(scope, cotel_tracer_get("macros", NULL), "work", NULL);
    const cotel_span *span = &scope.span;
    char text[] = "text";
    cotel_span_set(span, "const char *", "literal");
    cotel_span_set(span, "char *", text);
    cotel_span_set(span, "float", 1.5f);
    cotel_span_set(span, "double", 1.5);
    cotel_span_set(span, "short", (short)1);
    cotel_span_set(span, "int", 1);
    cotel_span_set(span, "unsigned", 1u);
    cotel_span_set(span, "long", 1l);
    cotel_span_set(span, "long long", 1ll);
    assert_false(cotel_span_is_recording(span));
}

static void the_fast_path_takes_null_and_evaluates_once(void **state)
{
    cotel_span spans[2] = {cotel_span_none(), cotel_span_none()};
    const cotel_span *next = spans;
    int evaluated = 0;
    cotel_span_set_string(NULL, NULL, NULL);
    cotel_span_set_bool(NULL, "key", evaluated++);
    cotel_span_set_int(next++, "key", evaluated++);
    cotel_span_set_double(NULL, "key", evaluated++);
    cotel_span_set_status(NULL, COTEL_STATUS_CODE_OK, NULL);
    spans[0] = cotel_span_start(NULL, NULL, NULL);
    assert_int_equal(evaluated, 3);
    assert_ptr_equal(next, &spans[1]);
}

static void the_functions_behind_the_macros_can_be_named(void **state)
{
    void (*set_int)(const cotel_span *, const char *, int64_t) = cotel_span_set_int;
    cotel_span (*start)(cotel_tracer *, const char *, const cotel_span_options *) =
        cotel_span_start;
    cotel_span span = start(NULL, "work", NULL);
    set_int(&span, "key", 1);
    (cotel_span_set_string)(&span, "key", "value");
    (cotel_span_end)(&span);
    assert_false(cotel_span_is_recording(&span));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(literals_of_attributes_can_be_written_in_place),
        cmocka_unit_test(options_are_initialised_by_their_macros),
        cmocka_unit_test(one_setter_takes_every_number_and_text),
        cmocka_unit_test(the_fast_path_takes_null_and_evaluates_once),
        cmocka_unit_test(the_functions_behind_the_macros_can_be_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
