/* SPDX-License-Identifier: Apache-2.0 */
#include "suite.h"

#include "api/tracer.h"

static cotel_tracer *with_attributes(const char *name, const cotel_attribute *attributes,
                                     size_t count)
{
    cotel_tracer_options options = COTEL_TRACER_OPTIONS_INIT;
    options.attributes = attributes;
    options.attribute_count = count;
    return cotel_tracer_get(name, &options);
}

static cotel_tracer *with_value(const char *name, cotel_value value)
{
    const cotel_attribute attribute = cotel_attribute_of("key", value);
    return with_attributes(name, &attribute, 1);
}

static void the_same_name_gives_the_same_tracer(void **state)
{
    char name[] = "library";
    cotel_tracer *tracer = cotel_tracer_get(name, NULL);
    assert_non_null(tracer);
    memset(name, 'x', sizeof name - 1); /* it was copied */
    assert_ptr_equal(cotel_tracer_get("library", NULL), tracer);
    assert_ptr_not_equal(cotel_tracer_get("other", NULL), tracer);
}

static void null_and_empty_names_are_one_tracer(void **state)
{
    assert_non_null(cotel_tracer_get(NULL, NULL));
    assert_ptr_equal(cotel_tracer_get(NULL, NULL), cotel_tracer_get("", NULL));
}

static void version_and_schema_url_tell_tracers_apart(void **state)
{
    cotel_tracer_options options = COTEL_TRACER_OPTIONS_INIT;
    cotel_tracer *plain = cotel_tracer_get("versions", &options);
    options.version = "1";
    cotel_tracer *one = cotel_tracer_get("versions", &options);
    options.schema_url = "https://example.org/1";
    cotel_tracer *with_schema = cotel_tracer_get("versions", &options);
    assert_ptr_not_equal(plain, one);
    assert_ptr_not_equal(one, with_schema);
    assert_ptr_equal(cotel_tracer_get("versions", &options), with_schema);
    options.version = "";
    options.schema_url = "";
    assert_ptr_equal(cotel_tracer_get("versions", &options), plain);
}

static void options_that_are_cut_short_take_defaults(void **state)
{
    cotel_tracer_options options = COTEL_TRACER_OPTIONS_INIT;
    options.version = "1";
    cotel_tracer *one = cotel_tracer_get("short", &options);
    options.schema_url = "https://example.org/1";
    options.size = offsetof(cotel_tracer_options, schema_url);
    assert_ptr_equal(cotel_tracer_get("short", &options), one);
    options.size = 0;
    assert_ptr_equal(cotel_tracer_get("short", &options), cotel_tracer_get("short", NULL));
}

static void attributes_tell_tracers_apart(void **state)
{
    const cotel_attribute a[] = {cotel_attribute_int("a", 1), cotel_attribute_int("b", 2)};
    const cotel_attribute other[] = {cotel_attribute_int("a", 1), cotel_attribute_int("b", 3)};
    cotel_tracer *tracer = with_attributes("attributes", a, 2);
    assert_ptr_equal(with_attributes("attributes", a, 2), tracer);
    assert_ptr_not_equal(with_attributes("attributes", a, 1), tracer);
    assert_ptr_not_equal(with_attributes("attributes", other, 2), tracer);
    assert_ptr_not_equal(cotel_tracer_get("attributes", NULL), tracer);
}

static void the_order_of_attributes_does_not_matter(void **state)
{
    const cotel_attribute ab[] = {cotel_attribute_int("a", 1), cotel_attribute_int("b", 2)};
    const cotel_attribute ba[] = {cotel_attribute_int("b", 2), cotel_attribute_int("a", 1)};
    assert_ptr_equal(with_attributes("order", ab, 2), with_attributes("order", ba, 2));
}

static void of_equal_keys_the_last_one_counts_and_empty_keys_do_not(void **state)
{
    const cotel_attribute twice[] = {cotel_attribute_int("a", 1), cotel_attribute_int("", 7),
                                     cotel_attribute_int("a", 2)};
    const cotel_attribute once[] = {cotel_attribute_int("a", 2)};
    cotel_tracer *tracer = with_attributes("twice", twice, 3);
    assert_ptr_equal(with_attributes("twice", once, 1), tracer);
    assert_ptr_equal(with_attributes("twice", twice, 3), tracer);
    assert_int_equal(tracer->registered.scope.attribute_count, 1);
}

/* Values of every kind, all different; several calls give equal ones at other addresses. */
struct values {
    cotel_value all[16];
    cotel_value items[2];
    cotel_attribute members[2];
    cotel_str strings[2];
    bool booleans[2];
    int64_t integers[2];
    double floatings[2];
};

static size_t fill(struct values *v)
{
    size_t n = 0;
    v->items[0] = cotel_value_empty();
    v->items[1] = cotel_value_string(cotel_str_of("x"));
    v->members[0] = cotel_attribute_bool("m", true);
    v->members[1] = cotel_attribute_of("n", cotel_value_array(v->items, 2));
    v->strings[0] = cotel_str_of("s");
    v->strings[1] = cotel_str_n(NULL, 4);
    v->booleans[0] = true;
    v->booleans[1] = false;
    v->integers[0] = INT64_MIN;
    v->integers[1] = 2;
    v->floatings[0] = 0.5;
    v->floatings[1] = -0.5;
    v->all[n++] = cotel_value_empty();
    v->all[n++] = cotel_value_string(cotel_str_of("text"));
    v->all[n++] = cotel_value_string(cotel_str_of(""));
    v->all[n++] = cotel_value_bytes("text", 4);
    v->all[n++] = cotel_value_bool(true);
    v->all[n++] = cotel_value_bool(false);
    v->all[n++] = cotel_value_int(1);
    v->all[n++] = cotel_value_double(1);
    v->all[n++] = cotel_value_double(__builtin_nan(""));
    v->all[n++] = cotel_value_array(v->items, 2);
    v->all[n++] = cotel_value_map(v->members, 2);
    v->all[n++] = cotel_value_string_array(v->strings, 2);
    v->all[n++] = cotel_value_bool_array(v->booleans, 2);
    v->all[n++] = cotel_value_int_array(v->integers, 2);
    v->all[n++] = cotel_value_double_array(v->floatings, 2);
    v->all[n++] = cotel_value_array(NULL, 0);
    return n;
}

static void values_of_every_kind_are_copied_and_compared(void **state)
{
    struct values first, second;
    size_t count = fill(&first);
    assert_int_equal(fill(&second), count);
    cotel_tracer *tracers[COUNT_OF(first.all)];
    for (size_t i = 0; i < count; i++)
        tracers[i] = with_value("kinds", first.all[i]);
    memset(&first, 0xee, sizeof first); /* the copies are deep */
    for (size_t i = 0; i < count; i++) {
        assert_ptr_equal(with_value("kinds", second.all[i]), tracers[i]);
        for (size_t j = 0; j < i; j++)
            assert_ptr_not_equal(tracers[i], tracers[j]);
    }
}

static void arrays_of_other_lengths_or_items_are_others(void **state)
{
    const int64_t integers[] = {1, 2};
    const cotel_str strings[] = {cotel_str_of("a"), cotel_str_of("b")};
    const cotel_value items[] = {cotel_value_int(1), cotel_value_int(2)};
    assert_ptr_not_equal(with_value("lengths", cotel_value_int_array(integers, 2)),
                         with_value("lengths", cotel_value_int_array(integers, 1)));
    assert_ptr_not_equal(with_value("lengths", cotel_value_int_array(integers, 1)),
                         with_value("lengths", cotel_value_int_array(integers + 1, 1)));
    assert_ptr_not_equal(with_value("lengths", cotel_value_string_array(strings, 2)),
                         with_value("lengths", cotel_value_string_array(strings, 1)));
    assert_ptr_not_equal(with_value("lengths", cotel_value_string_array(strings, 1)),
                         with_value("lengths", cotel_value_string_array(strings + 1, 1)));
    assert_ptr_not_equal(with_value("lengths", cotel_value_array(items, 2)),
                         with_value("lengths", cotel_value_array(items, 1)));
    assert_ptr_not_equal(with_value("lengths", cotel_value_array(items, 1)),
                         with_value("lengths", cotel_value_array(items + 1, 1)));
}

static void values_without_data_have_no_elements(void **state)
{
    cotel_tracer *empty = with_value("missing", cotel_value_empty());
    assert_ptr_equal(with_value("missing", cotel_value_array(NULL, 5)),
                     with_value("missing", cotel_value_array(NULL, 0)));
    assert_ptr_equal(with_value("missing", cotel_value_map(NULL, 5)),
                     with_value("missing", cotel_value_map(NULL, 0)));
    assert_ptr_equal(with_value("missing", cotel_value_int_array(NULL, 5)),
                     with_value("missing", cotel_value_int_array(NULL, 0)));
    cotel_value unknown = cotel_value_int(3);
    unknown.type = (cotel_value_type)99;
    assert_ptr_equal(with_value("missing", unknown), empty);
    assert_ptr_equal(with_value("missing", cotel_value_string(cotel_str_n(NULL, 5))),
                     with_value("missing", cotel_value_string(cotel_str_of(""))));
    assert_ptr_equal(with_attributes("missing", NULL, 5), cotel_tracer_get("missing", NULL));
}

static void what_is_nested_too_deep_counts_as_empty(void **state)
{
    enum { DEPTH = 200 };
    cotel_value deep[DEPTH], flat[DEPTH];
    for (size_t i = 0; i < DEPTH; i++) {
        bool is_last = i + 1 == DEPTH;
        deep[i] = is_last ? cotel_value_int(1) : cotel_value_array(&deep[i + 1], 1);
        flat[i] = is_last ? cotel_value_int(2) : cotel_value_array(&flat[i + 1], 1);
    }
    /* They differ only below the 64th level. */
    assert_ptr_equal(with_value("deep", deep[0]), with_value("deep", flat[0]));
    assert_ptr_not_equal(with_value("deep", deep[DEPTH - 63]),
                         with_value("deep", flat[DEPTH - 63]));
}

static void many_tracers_are_all_found_again(void **state)
{
    enum { MANY = 10000 };
    cotel_tracer **tracers = calloc(MANY, sizeof(cotel_tracer *));
    char name[32];
    assert_non_null(tracers);
    for (int i = 0; i < MANY; i++) {
        snprintf(name, sizeof name, "many.%d", i);
        tracers[i] = cotel_tracer_get(name, NULL);
    }
    for (int i = 0; i < MANY; i++) {
        snprintf(name, sizeof name, "many.%d", i);
        assert_ptr_equal(cotel_tracer_get(name, NULL), tracers[i]);
    }
    free(tracers);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_name_gives_the_same_tracer),
        cmocka_unit_test(null_and_empty_names_are_one_tracer),
        cmocka_unit_test(version_and_schema_url_tell_tracers_apart),
        cmocka_unit_test(options_that_are_cut_short_take_defaults),
        cmocka_unit_test(attributes_tell_tracers_apart),
        cmocka_unit_test(the_order_of_attributes_does_not_matter),
        cmocka_unit_test(of_equal_keys_the_last_one_counts_and_empty_keys_do_not),
        cmocka_unit_test(values_of_every_kind_are_copied_and_compared),
        cmocka_unit_test(arrays_of_other_lengths_or_items_are_others),
        cmocka_unit_test(values_without_data_have_no_elements),
        cmocka_unit_test(what_is_nested_too_deep_counts_as_empty),
        cmocka_unit_test(many_tracers_are_all_found_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
