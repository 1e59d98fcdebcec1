/* SPDX-License-Identifier: Apache-2.0 */
/* Which instruments are one, and what of them reaches an SDK. */
#include "suite.h"

#include "fake_metrics.h"

static struct fake_provider provider;

static int start_afresh(void **state)
{
    cotel_meter_provider_forget(&provider.base);
    fake_provider_init(&provider);
    return 0;
}

static cotel_meter *meter_of(const char *name)
{
    return cotel_meter_provider_get_meter(&provider.base, name, NULL);
}

/* What the SDK was told last. */
static const struct ct_instrument_info *told(void)
{
    return provider.instruments[provider.instrument_count - 1].info;
}

static void the_same_words_give_the_same_instrument(void **state)
{
    cotel_meter *meter = meter_of("same");
    char name[] = "requests", unit[] = "{request}", description[] = "How many.";
    const double boundaries[] = {1, 2};
    const char *const keys[] = {"a", "b"};
    cotel_instrument_options options = COTEL_INSTRUMENT_OPTIONS_INIT;
    options.unit = unit;
    options.description = description;
    options.boundaries = boundaries;
    options.boundary_count = 2;
    options.attribute_keys = keys;
    options.attribute_key_count = 2;
    cotel_histogram *histogram = cotel_histogram_get(meter, name, &options);
    name[0] = unit[0] = description[0] = 'x'; /* they were copied */
    name[0] = 'r';
    unit[0] = '{';
    description[0] = 'H';
    assert_ptr_equal(cotel_histogram_get(meter, "requests", &options), histogram);
    assert_int_equal(provider.instrument_count, 1);
}

static void each_word_tells_instruments_apart(void **state)
{
    cotel_meter *meter = meter_of("apart");
    const double boundaries[] = {1, 2}, others[] = {1, 3};
    const char *const keys[] = {"a"}, *const other_keys[] = {"b"};
    cotel_instrument_options options[10];
    for (size_t i = 0; i < COUNT_OF(options); i++)
        cotel_instrument_options_init(&options[i]);
    options[1].unit = "s";
    options[2].description = "s";
    options[3].boundaries = boundaries;
    options[3].boundary_count = 2;
    options[4].boundaries = others;
    options[4].boundary_count = 2;
    options[5].boundaries = boundaries;
    options[5].boundary_count = 1;
    options[6].boundaries = boundaries; /* one bucket */
    options[7].attribute_keys = keys;
    options[7].attribute_key_count = 1;
    options[8].attribute_keys = other_keys;
    options[8].attribute_key_count = 1;
    options[9].attribute_keys = keys; /* none is worth keeping */
    cotel_histogram *found[COUNT_OF(options)];
    for (size_t i = 0; i < COUNT_OF(options); i++) {
        found[i] = cotel_histogram_get(meter, "name", &options[i]);
        for (size_t j = 0; j < i; j++)
            assert_ptr_not_equal(found[i], found[j]);
        assert_ptr_equal(cotel_histogram_get(meter, "name", &options[i]), found[i]);
    }
    assert_ptr_equal(cotel_histogram_get(meter, "name", NULL), found[0]);
    assert_ptr_not_equal(cotel_histogram_get(meter, "Name", NULL), found[0]);
    assert_ptr_not_equal(cotel_histogram_get(meter_of("another"), "name", NULL), found[0]);
}

static void kind_and_type_of_number_tell_instruments_apart(void **state)
{
    cotel_meter *meter = meter_of("kinds");
    const void *found[] = {
        cotel_counter_get(meter, "name", NULL),
        cotel_double_counter_get(meter, "name", NULL),
        cotel_up_down_counter_get(meter, "name", NULL),
        cotel_double_up_down_counter_get(meter, "name", NULL),
        cotel_histogram_get(meter, "name", NULL),
        cotel_double_histogram_get(meter, "name", NULL),
        cotel_gauge_get(meter, "name", NULL),
        cotel_double_gauge_get(meter, "name", NULL),
        cotel_observable_counter_get(meter, "name", NULL, NULL, NULL),
        cotel_observable_double_counter_get(meter, "name", NULL, NULL, NULL),
        cotel_observable_up_down_counter_get(meter, "name", NULL, NULL, NULL),
        cotel_observable_double_up_down_counter_get(meter, "name", NULL, NULL, NULL),
        cotel_observable_gauge_get(meter, "name", NULL, NULL, NULL),
        cotel_observable_double_gauge_get(meter, "name", NULL, NULL, NULL),
    };
    assert_int_equal(provider.instrument_count, COUNT_OF(found));
    for (size_t i = 0; i < COUNT_OF(found); i++) {
        assert_int_equal(provider.instruments[i].info->kind, i / 2);
        assert_int_equal(provider.instruments[i].info->is_double, i % 2);
        for (size_t j = 0; j < i; j++)
            assert_ptr_not_equal(found[i], found[j]);
    }
}

static void all_that_was_said_reaches_the_sdk_as_it_was_said(void **state)
{
    const double boundaries[] = {0.5, -1};
    const char *const keys[] = {"a", NULL};
    cotel_instrument_options options = COTEL_INSTRUMENT_OPTIONS_INIT;
    options.unit = "\xff not a unit";
    options.description = "What.";
    options.boundaries = boundaries;
    options.boundary_count = 2;
    options.attribute_keys = keys;
    options.attribute_key_count = 2;
    (void)cotel_histogram_get(meter_of("said"), "1 not a name\xff", &options);
    assert_str_is(told()->name, "1 not a name\xff");
    assert_str_is(told()->unit, "\xff not a unit");
    assert_str_is(told()->description, "What.");
    assert_int_equal(told()->boundary_count, 2);
    assert_memory_equal(told()->boundaries, boundaries, sizeof boundaries);
    assert_int_equal(told()->attribute_key_count, 2);
    assert_str_is(told()->attribute_keys[0], "a");
    assert_int_equal(told()->attribute_keys[1].size, 0);
}

static void nothing_said_is_empty_and_without_advice(void **state)
{
    cotel_instrument_options options = COTEL_INSTRUMENT_OPTIONS_INIT;
    options.boundary_count = options.attribute_key_count = 5; /* of NULL */
    (void)cotel_counter_get(meter_of("nothing"), NULL, &options);
    assert_int_equal(told()->name.size + told()->unit.size + told()->description.size, 0);
    assert_null(told()->boundaries);
    assert_null(told()->attribute_keys);
    assert_int_equal(told()->boundary_count + told()->attribute_key_count, 0);
}

static void options_that_are_cut_short_take_defaults(void **state)
{
    cotel_meter *meter = meter_of("short");
    const double boundary = 1;
    cotel_instrument_options options = COTEL_INSTRUMENT_OPTIONS_INIT;
    options.unit = "s";
    options.boundaries = &boundary;
    options.boundary_count = 1;
    options.size = offsetof(cotel_instrument_options, boundary_count);
    (void)cotel_histogram_get(meter, "name", &options);
    assert_str_is(told()->unit, "s");
    assert_null(told()->boundaries);
    options.size = 0;
    assert_ptr_equal(cotel_histogram_get(meter, "name", &options),
                     cotel_histogram_get(meter, "name", NULL));
}

static void instruments_follow_the_provider_and_each_is_asked_for_once(void **state)
{
    static struct fake_provider other;
    fake_provider_init(&other);
    cotel_counter *counter = cotel_counter_get(cotel_meter_get("follows", NULL), "name", NULL);
    for (int i = 0; i < 3; i++) {
        cotel_meter_provider_set_global(&provider.base);
        cotel_counter_add(counter, 1, NULL, 0);
        cotel_meter_provider_set_global(NULL);
        cotel_counter_add(counter, 1, NULL, 0);
    }
    assert_int_equal(fake_find(&provider, counter)->records, 3);
    assert_int_equal(provider.instruments_asked, 1);

    cotel_meter_provider_set_global(&other.base);
    cotel_counter_add(counter, 1, NULL, 0);
    assert_int_equal(fake_find(&provider, counter)->records, 3);
    assert_int_equal(fake_find(&other, counter)->records, 1);
    cotel_meter_provider_forget(&other.base);
    cotel_counter_add(counter, 1, NULL, 0);
    assert_int_equal(fake_find(&other, counter)->records, 1);
}

static void an_sdk_that_refuses_leaves_an_instrument_that_does_nothing(void **state)
{
    provider.refuses_instruments = true;
    cotel_counter *counter = cotel_counter_get(meter_of("refused"), "name", NULL);
    assert_non_null(counter);
    assert_false(cotel_counter_enabled(counter));
    cotel_counter_add(counter, 1, NULL, 0);
}

static void an_sdk_that_can_t_record_is_not_asked_to(void **state)
{
    cotel_meter *meter = meter_of("older");
    fake_instrument_ops.size = offsetof(struct ct_instrument_ops, record_double);
    cotel_counter *counter = cotel_counter_get(meter, "name", NULL);
    cotel_double_counter *of_doubles = cotel_double_counter_get(meter, "name", NULL);
    cotel_counter_add(counter, 1, NULL, 0);
    cotel_double_counter_add(of_doubles, 1, NULL, 0);
    assert_int_equal(provider.instruments[0].records, 1);
    assert_int_equal(provider.instruments[1].records, 0);
    assert_false(cotel_counter_enabled(counter)); /* it can't tell */
    cotel_bound_counter *bound = cotel_counter_bind(counter, NULL, 0);
    cotel_bound_counter_add(bound, 1);
    cotel_bound_counter_unbind(bound);
    assert_int_equal(provider.instruments[0].records, 2); /* unbound */
}

static unsigned told_times;

/* As a user's handler of diagnostics may. */
static void make_another(void)
{
    if (told_times++ == 0)
        (void)cotel_counter_get(meter_of("tells"), "another", NULL);
}

static void of_each_new_instrument_the_sdk_may_tell_when_nothing_is_locked(void **state)
{
    told_times = 0;
    fake_in_tell = make_another;
    (void)cotel_counter_get(meter_of("tells"), "name", NULL);
    (void)cotel_counter_get(meter_of("tells"), "name", NULL);
    fake_in_tell = NULL;
    assert_int_equal(told_times, 2);
}

static void without_a_meter_one_instrument_that_does_nothing_is_given_out(void **state)
{
    cotel_counter *counter = cotel_counter_get(NULL, "name", NULL);
    assert_non_null(counter);
    assert_ptr_equal(cotel_counter_get(NULL, "other", NULL), counter);
    cotel_meter_provider_set_global(&provider.base);
    size_t instruments = provider.instrument_count;
    assert_false(cotel_counter_enabled(counter));
    cotel_counter_add(counter, 1, NULL, 0);
    cotel_bound_counter *bound = cotel_counter_bind(counter, NULL, 0);
    cotel_bound_counter_add(bound, 1);
    cotel_bound_counter_unbind(bound);
    assert_int_equal(provider.instrument_count, instruments);
    assert_int_equal(provider.bounds, 0);
}

static void beyond_the_most_of_a_meter_one_that_does_nothing_is_given_out(void **state)
{
    cotel_meter *meter = meter_of("full");
    char name[32];
    cotel_counter *last = NULL;
    for (unsigned i = 0; i < COTEL_METER_MAX_INSTRUMENTS; i++) {
        snprintf(name, sizeof name, "counter.%u", i);
        last = cotel_counter_get(meter, name, NULL);
        assert_true(cotel_counter_enabled(last));
    }
    cotel_counter *shared = cotel_counter_get(meter, "one more", NULL);
    assert_false(cotel_counter_enabled(shared));
    assert_ptr_equal(cotel_counter_get(meter, "and another", NULL), shared);
    assert_ptr_equal(cotel_counter_get(meter, name, NULL), last);
    assert_true(cotel_counter_enabled(cotel_counter_get(meter_of("empty"), name, NULL)));
}

#define INSTRUMENT_TEST(name) cmocka_unit_test_setup(name, start_afresh)

int main(void)
{
    const struct CMUnitTest tests[] = {
        INSTRUMENT_TEST(the_same_words_give_the_same_instrument),
        INSTRUMENT_TEST(each_word_tells_instruments_apart),
        INSTRUMENT_TEST(kind_and_type_of_number_tell_instruments_apart),
        INSTRUMENT_TEST(all_that_was_said_reaches_the_sdk_as_it_was_said),
        INSTRUMENT_TEST(nothing_said_is_empty_and_without_advice),
        INSTRUMENT_TEST(options_that_are_cut_short_take_defaults),
        INSTRUMENT_TEST(instruments_follow_the_provider_and_each_is_asked_for_once),
        INSTRUMENT_TEST(an_sdk_that_refuses_leaves_an_instrument_that_does_nothing),
        INSTRUMENT_TEST(an_sdk_that_can_t_record_is_not_asked_to),
        INSTRUMENT_TEST(of_each_new_instrument_the_sdk_may_tell_when_nothing_is_locked),
        INSTRUMENT_TEST(without_a_meter_one_instrument_that_does_nothing_is_given_out),
        INSTRUMENT_TEST(beyond_the_most_of_a_meter_one_that_does_nothing_is_given_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
