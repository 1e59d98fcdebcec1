/* SPDX-License-Identifier: Apache-2.0 */
#include "suite.h"

/* A propagator that notes what it is asked: it writes its name as a header, and reads a span whose
 * last byte is its number. */
struct noting {
    cotel_propagator base;
    const char *name;
    const char *const *fields;
    uint8_t number; /* 0: extract returns NULL */
};

static char order[16];

static void note(const struct noting *self)
{
    strncat(order, self->name, sizeof order - strlen(order) - 1);
}

static void noting_inject(const cotel_propagator *base, const cotel_context *context,
                          const cotel_setter *setter, void *carrier)
{
    const struct noting *self = (const struct noting *)base;
    assert_non_null(context);
    note(self);
    setter->set(carrier, cotel_str_of("who"), cotel_str_of(self->name));
}

static cotel_context *noting_extract(const cotel_propagator *base, const cotel_context *context,
                                     const cotel_getter *getter, void *carrier)
{
    const struct noting *self = (const struct noting *)base;
    assert_non_null(context);
    note(self);
    if (self->number == 0)
        return NULL;
    cotel_span span = sample_span(self->number);
    return cotel_context_with_span(context, &span);
}

static const char *noting_field(const cotel_propagator *base, size_t index)
{
    return ((const struct noting *)base)->fields[index];
}

static const cotel_propagator_ops noting_ops = {
    .size = sizeof noting_ops,
    .inject = noting_inject,
    .extract = noting_extract,
    .field = noting_field,
};

static const char *const fields_of_a[] = {"who", "alpha", NULL};
static const char *const fields_of_b[] = {"who", "beta", "alpha", NULL};
static const struct noting a = {{&noting_ops}, "a", fields_of_a, 1};
static const struct noting b = {{&noting_ops}, "b", fields_of_b, 2};
static const struct noting returns_null = {{&noting_ops}, "n", fields_of_a, 0};

static int reset(void **state)
{
    order[0] = '\0';
    return 0;
}

static cotel_propagator *compose(const cotel_propagator *const *propagators, size_t count)
{
    cotel_propagator *composite = NULL;
    assert_int_equal(cotel_propagator_composite_create(propagators, count, &composite),
                     COTEL_STATUS_OK);
    assert_non_null(composite);
    return composite;
}

static cotel_context *extract(const cotel_propagator *propagator, const cotel_context *context)
{
    return propagator->ops->extract(propagator, context, &cotel_headers_getter, NULL);
}

static void assert_span_is(const cotel_context *context, uint8_t number)
{
    cotel_span expected = sample_span(number);
    assert_true(same_span_id(cotel_context_span_pointer(context), &expected));
}

static void all_inject_in_order_and_the_last_one_has_the_header(void **state)
{
    const cotel_propagator *const both[] = {&a.base, &b.base};
    cotel_propagator *composite = compose(both, 2);
    cotel_headers headers = {.count = 0};
    composite->ops->inject(composite, cotel_context_empty(), &cotel_headers_setter, &headers);
    assert_string_equal(order, "ab");
    assert_string_equal(cotel_headers_get(&headers, "who"), "b");
    cotel_propagator_composite_destroy(composite);
}

static void all_extract_in_order_and_the_last_one_wins(void **state)
{
    const cotel_propagator *const both[] = {&b.base, &a.base};
    cotel_propagator *composite = compose(both, 2);
    cotel_context *context = extract(composite, cotel_context_empty());
    assert_string_equal(order, "ba");
    assert_span_is(context, 1);
    cotel_context_unref(context);
    cotel_propagator_composite_destroy(composite);
}

static void what_the_context_had_and_others_found_stays(void **state)
{
    const cotel_context_key *key = cotel_context_key_create("k");
    int value;
    cotel_context *base = cotel_context_with_value(cotel_context_empty(), key, &value, NULL);
    const cotel_propagator *const mixed[] = {&a.base, cotel_propagator_tracecontext(),
                                             cotel_propagator_none()};
    cotel_propagator *composite = compose(mixed, COUNT_OF(mixed));
    cotel_headers bad = {.count = 0};
    assert_true(cotel_headers_set(&bad, cotel_str_of("traceparent"), cotel_str_of("bad")));
    cotel_context *context = composite->ops->extract(composite, base, &cotel_headers_getter, &bad);
    assert_span_is(context, 1);
    assert_ptr_equal(cotel_context_value(context, key), &value);
    cotel_context_unref(context);
    cotel_context_unref(base);
    cotel_propagator_composite_destroy(composite);
}

static void one_that_returns_null_takes_nothing_away(void **state)
{
    const cotel_propagator *const with_null[] = {&returns_null.base, &a.base, &returns_null.base};
    const cotel_propagator *const only_null[] = {&returns_null.base};
    cotel_propagator *composite = compose(with_null, 3);
    cotel_context *context = extract(composite, cotel_context_empty());
    assert_string_equal(order, "nan");
    assert_span_is(context, 1);
    cotel_propagator *alone = compose(only_null, 1);
    cotel_context *same = extract(alone, context);
    assert_ptr_equal(same, context);
    cotel_context_unref(same);
    cotel_context_unref(context);
    cotel_propagator_composite_destroy(alone);
    cotel_propagator_composite_destroy(composite);
}

static void one_without_functions_is_passed_over(void **state)
{
    static const cotel_propagator_ops no_functions = {.size = sizeof no_functions};
    static const cotel_propagator_ops short_table = {.size = sizeof(size_t)};
    const cotel_propagator empty = {&no_functions}, old = {&short_table};
    const cotel_propagator *const mixed[] = {&empty, &old, &a.base};
    cotel_propagator *composite = compose(mixed, COUNT_OF(mixed));
    cotel_headers headers = {.count = 0};
    composite->ops->inject(composite, NULL, &cotel_headers_setter, &headers);
    cotel_context *context = extract(composite, NULL);
    assert_string_equal(order, "aa");
    assert_string_equal(composite->ops->field(composite, 1), "alpha");
    cotel_context_unref(context);
    cotel_propagator_composite_destroy(composite);
}

static void fields_are_listed_once_each_in_order(void **state)
{
    const char *const expected[] = {"who", "alpha", "beta"};
    const cotel_propagator *const both[] = {&a.base, &b.base};
    cotel_propagator *composite = compose(both, 2);
    for (size_t i = 0; i < COUNT_OF(expected); i++)
        assert_string_equal(composite->ops->field(composite, i), expected[i]);
    assert_null(composite->ops->field(composite, COUNT_OF(expected)));
    assert_null(composite->ops->field(composite, SIZE_MAX));
    cotel_propagator_composite_destroy(composite);
}

static void composites_nest(void **state)
{
    const cotel_propagator *const one[] = {&a.base};
    cotel_propagator *inner = compose(one, 1);
    const cotel_propagator *const two[] = {inner, &b.base, inner};
    cotel_propagator *outer = compose(two, 3);
    cotel_context *context = extract(outer, cotel_context_empty());
    assert_string_equal(order, "aba");
    assert_span_is(context, 1);
    assert_string_equal(outer->ops->field(outer, 2), "beta");
    assert_null(outer->ops->field(outer, 3));
    cotel_context_unref(context);
    cotel_propagator_composite_destroy(outer);
    cotel_propagator_composite_destroy(inner);
}

static void assert_does_nothing(const cotel_propagator *propagator)
{
    cotel_headers headers = {.count = 0};
    cotel_span span = sample_span(9);
    cotel_context *context = cotel_context_with_span(NULL, &span);
    propagator->ops->inject(propagator, context, &cotel_headers_setter, &headers);
    assert_int_equal(headers.count, 0);
    assert_true(
        cotel_headers_set(&headers, cotel_str_of("traceparent"), cotel_str_of(TRACEPARENT)));
    cotel_context *same =
        propagator->ops->extract(propagator, context, &cotel_headers_getter, &headers);
    assert_ptr_equal(same, context);
    assert_null(propagator->ops->field(propagator, 0));
    cotel_context_unref(same);
    cotel_context_unref(context);
}

static void none_and_a_composite_of_none_do_nothing(void **state)
{
    cotel_propagator *composite = compose(NULL, 0);
    assert_does_nothing(composite);
    assert_does_nothing(cotel_propagator_none());
    cotel_propagator_composite_destroy(composite);
}

static void none_switches_propagation_off(void **state)
{
    cotel_headers headers = {.count = 0};
    cotel_span span = sample_span(1);
    cotel_token token = cotel_span_activate(&span);
    cotel_propagator_set_global(cotel_propagator_none());
    cotel_inject(NULL, &cotel_headers_setter, &headers);
    assert_int_equal(headers.count, 0);
    cotel_propagator_set_global(NULL);
    cotel_inject(NULL, &cotel_headers_setter, &headers);
    assert_int_equal(headers.count, 1);
    cotel_context_detach(token);
}

/* With and without a tracestate and baggage. */
static cotel_context *sample_of_what_is_sent(bool all)
{
    cotel_span_context identity = sample_context();
    cotel_tracestate *tracestate = all ? tracestate_of("vendor=value") : NULL;
    cotel_baggage *baggage = all ? cotel_baggage_set(NULL, "session.id", "s-17") : NULL;
    identity.tracestate = tracestate;
    cotel_context *bare = cotel_context_with_span_context(cotel_context_empty(), &identity);
    cotel_context *context = cotel_context_with_baggage(bare, baggage);
    cotel_context_unref(bare);
    cotel_baggage_unref(baggage);
    cotel_tracestate_unref(tracestate);
    return context;
}

/* Into `headers`, which are emptied first. */
static void inject(const cotel_propagator *propagator, const cotel_context *context,
                   cotel_headers *headers)
{
    *headers = (cotel_headers){.count = 0};
    propagator->ops->inject(propagator, context, &cotel_headers_setter, headers);
}

static void assert_same_headers(const cotel_headers *one, const cotel_headers *other)
{
    assert_int_equal(one->count, other->count);
    for (size_t i = 0; i < one->count; i++) {
        cotel_str key = cotel_headers_getter.key((void *)(uintptr_t)one, i);
        assert_str_is(cotel_headers_getter.key((void *)(uintptr_t)other, i), key.data);
        assert_string_equal(cotel_headers_get(one, key.data), cotel_headers_get(other, key.data));
    }
}

/* What is read shows in what is sent on. */
static void assert_both_do_the_same(const cotel_propagator *one, const cotel_propagator *other,
                                    const cotel_context *context, const cotel_context *base)
{
    cotel_headers from_one = {.count = 0}, from_other = {.count = 0};
    inject(one, context, &from_one);
    inject(other, context, &from_other);
    assert_same_headers(&from_one, &from_other);
    cotel_context *read_by_one = one->ops->extract(one, base, &cotel_headers_getter, &from_one);
    cotel_context *read_by_other =
        other->ops->extract(other, base, &cotel_headers_getter, &from_one);
    inject(other, read_by_one, &from_one);
    inject(other, read_by_other, &from_other);
    assert_same_headers(&from_one, &from_other);
    cotel_context_unref(read_by_one);
    cotel_context_unref(read_by_other);
}

static void the_default_does_what_a_composite_of_its_two_does(void **state)
{
    const cotel_propagator *const list[] = {cotel_propagator_tracecontext(),
                                            cotel_propagator_baggage()};
    const cotel_propagator *both = cotel_propagator_default();
    cotel_propagator *composite = compose(list, 2);
    cotel_context *full = sample_of_what_is_sent(true), *bare = sample_of_what_is_sent(false);
    cotel_headers headers = {.count = 0};
    inject(both, full, &headers);
    assert_int_equal(headers.count, 3);
    assert_both_do_the_same(both, composite, full, cotel_context_empty());
    assert_both_do_the_same(both, composite, full, NULL);
    assert_both_do_the_same(both, composite, bare, full);
    assert_both_do_the_same(both, composite, bare, cotel_context_empty());
    assert_both_do_the_same(both, composite, cotel_context_empty(), full);
    for (size_t i = 0; i < 3; i++)
        assert_string_equal(both->ops->field(both, i), composite->ops->field(composite, i));
    assert_null(both->ops->field(both, 3));
    assert_null(both->ops->field(both, SIZE_MAX));
    cotel_context_unref(full);
    cotel_context_unref(bare);
    cotel_propagator_composite_destroy(composite);
}

static void the_list_is_copied(void **state)
{
    const cotel_propagator *list[] = {&a.base};
    cotel_propagator *composite = compose(list, 1);
    list[0] = NULL;
    cotel_context_unref(extract(composite, NULL));
    assert_string_equal(order, "a");
    cotel_propagator_composite_destroy(composite);
}

static void the_limit_is_kept_and_the_result_untouched_beyond_it(void **state)
{
    const cotel_propagator *many[COTEL_COMPOSITE_MAX_PROPAGATORS + 1];
    cotel_propagator *untouched = NULL;
    for (size_t i = 0; i < COUNT_OF(many); i++)
        many[i] = &a.base;
    cotel_propagator_composite_destroy(compose(many, COTEL_COMPOSITE_MAX_PROPAGATORS));
    assert_int_equal(
        cotel_propagator_composite_create(many, COTEL_COMPOSITE_MAX_PROPAGATORS + 1, &untouched),
        COTEL_STATUS_LIMIT_REACHED);
    many[1] = NULL;
    assert_int_equal(cotel_propagator_composite_create(many, 2, &untouched),
                     COTEL_STATUS_INVALID_ARGUMENT);
    assert_null(untouched);
}

#define TEST(name) cmocka_unit_test_setup(name, reset)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(all_inject_in_order_and_the_last_one_has_the_header),
        TEST(all_extract_in_order_and_the_last_one_wins),
        TEST(what_the_context_had_and_others_found_stays),
        TEST(one_that_returns_null_takes_nothing_away),
        TEST(one_without_functions_is_passed_over),
        TEST(fields_are_listed_once_each_in_order),
        TEST(composites_nest),
        TEST(none_and_a_composite_of_none_do_nothing),
        TEST(none_switches_propagation_off),
        TEST(the_default_does_what_a_composite_of_its_two_does),
        TEST(the_list_is_copied),
        TEST(the_limit_is_kept_and_the_result_untouched_beyond_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
