/* SPDX-License-Identifier: Apache-2.0 */
/* metrics/sdk.md "Exemplar": which measurements become exemplars, and what of them is kept. */
#include "../support/metric_fixture.h"

#include <stdlib.h>
#include <time.h>

static const char *const keys_a[] = {"a"};

static void start(struct metric_fixture *fixture, cotel_exemplar_filter filter,
                  const cotel_view *view, const cotel_metric_reader_options *reader)
{
    cotel_meter_provider_options options = COTEL_METER_PROVIDER_OPTIONS_INIT;
    options.exemplar_filter = filter;
    options.views = view;
    options.view_count = view ? 1 : 0;
    metric_fixture_start(fixture, &options, reader);
}

/* A context with a span of these ids. */
static cotel_context *context_with(uint8_t trace, uint8_t id, bool sampled)
{
    cotel_span span = cotel_span_none();
    memset(span.trace_id.bytes, trace, sizeof span.trace_id.bytes);
    memset(span.span_id.bytes, id, sizeof span.span_id.bytes);
    span.trace_flags = sampled ? COTEL_TRACE_FLAG_SAMPLED : 0;
    return cotel_context_with_span(cotel_context_empty(), &span);
}

static void add_in(cotel_counter *counter, int64_t value, cotel_context *context)
{
    cotel_counter_add_in(counter, value, NULL, 0, context);
    cotel_context_unref(context);
}

#define OF_ABAB " trace=abababababababababababababababab span=cdcdcdcdcdcdcdcd {}\n"

/* ---- filters ---- */

/* Three measurements, of which one is made in a sampled span, of a counter each. */
static void assert_filtered(const cotel_exemplar_filter *filter, const char *expected)
{
    struct metric_fixture fixture;
    if (filter)
        start(&fixture, *filter, NULL, NULL);
    else
        metric_fixture_start(&fixture, NULL, NULL);
    add_in(cotel_counter_get(fixture.meter, "sampled", NULL), 1, context_with(0xab, 0xcd, true));
    add_in(cotel_counter_get(fixture.meter, "dropped", NULL), 1, context_with(0xef, 0x01, false));
    add_in(cotel_counter_get(fixture.meter, "outside", NULL), 1, cotel_context_empty());
    assert_collected(&fixture, expected);
    metric_fixture_stop(&fixture);
}

static const char of_sampled_spans[] = "scope library\n"
                                       " sum sampled cumulative monotonic\n"
                                       "  {} 1\n"
                                       "   exemplar 1" OF_ABAB " sum dropped cumulative monotonic\n"
                                       "  {} 1\n"
                                       " sum outside cumulative monotonic\n"
                                       "  {} 1\n";

static void trace_based_takes_what_was_measured_in_sampled_spans(void **state)
{
    const cotel_exemplar_filter filter = COTEL_EXEMPLAR_FILTER_TRACE_BASED;
    (void)state;
    assert_filtered(&filter, of_sampled_spans);
}

static void trace_based_is_the_default(void **state)
{
    (void)state;
    assert_filtered(NULL, of_sampled_spans);
}

static void always_on_makes_exemplars_of_all(void **state)
{
    const cotel_exemplar_filter filter = COTEL_EXEMPLAR_FILTER_ALWAYS_ON;
    (void)state;
    assert_filtered(
        &filter, "scope library\n"
                 " sum sampled cumulative monotonic\n"
                 "  {} 1\n"
                 "   exemplar 1" OF_ABAB " sum dropped cumulative monotonic\n"
                 "  {} 1\n"
                 "   exemplar 1 trace=efefefefefefefefefefefefefefefef span=0101010101010101 {}\n"
                 " sum outside cumulative monotonic\n"
                 "  {} 1\n"
                 "   exemplar 1 {}\n");
}

static void always_off_makes_no_exemplar(void **state)
{
    const cotel_exemplar_filter filter = COTEL_EXEMPLAR_FILTER_ALWAYS_OFF;
    (void)state;
    assert_filtered(&filter, "scope library\n"
                             " sum sampled cumulative monotonic\n"
                             "  {} 1\n"
                             " sum dropped cumulative monotonic\n"
                             "  {} 1\n"
                             " sum outside cumulative monotonic\n"
                             "  {} 1\n");
}

/* ---- what an exemplar is ---- */

static void an_exemplar_points_to_the_current_span(void **state)
{
    struct metric_fixture fixture;
    (void)state;
    start(&fixture, COTEL_EXEMPLAR_FILTER_TRACE_BASED, NULL, NULL);
    cotel_context *context = context_with(0xab, 0xcd, true);
    cotel_token token = cotel_context_attach(context);
    cotel_context_unref(context);
    cotel_double_gauge_record(cotel_double_gauge_get(fixture.meter, "heat", NULL), 0.5, NULL, 0);
    cotel_context_detach(token);
    assert_collected(&fixture, "scope library\n"
                               " gauge heat\n"
                               "  {} 0.5\n"
                               "   exemplar 0.5" OF_ABAB);
    metric_fixture_stop(&fixture);
}

static uint64_t now_unix_ns(void)
{
    struct timespec now;
    assert_int_equal(clock_gettime(CLOCK_REALTIME, &now), 0);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

/* The only exemplar of the only point. */
static cotel_exemplar_data only_exemplar(const cotel_batch *batch)
{
    cotel_batch_cursor cursor = {0};
    cotel_metric_data metric;
    cotel_point_data point;
    cotel_exemplar_data exemplar, another;
    assert_true(cotel_batch_next_metric(batch, &cursor, &metric, NULL));
    cotel_iterator points = cotel_metric_data_points(&metric);
    assert_true(cotel_iterator_next_point(&points, &metric, &point));
    cotel_iterator exemplars = cotel_point_data_exemplars(&metric, &point);
    assert_true(cotel_iterator_next_exemplar(&exemplars, &exemplar));
    assert_false(cotel_iterator_next_exemplar(&exemplars, &another));
    return exemplar;
}

/* To within a second: a clock that is read cheaply may be corrected meanwhile. */
static void an_exemplar_has_the_time_of_its_measurement(void **state)
{
    struct metric_fixture fixture;
    const uint64_t slack = 1000000000u;
    (void)state;
    start(&fixture, COTEL_EXEMPLAR_FILTER_ALWAYS_ON, NULL, NULL);
    uint64_t before = now_unix_ns();
    cotel_counter_add(cotel_counter_get(fixture.meter, "requests", NULL), 1, NULL, 0);
    uint64_t after = now_unix_ns();
    cotel_batch *batch = metric_fixture_collect(&fixture);
    uint64_t time = only_exemplar(batch).time_unix_ns;
    assert_true(time >= before - slack && time <= after + slack);
    cotel_batch_unref(batch);
    metric_fixture_stop(&fixture);
}

/* Also of a bound instrument, and none that the point has. */
static void an_exemplar_has_the_attributes_that_its_point_has_not(void **state)
{
    const cotel_view view =
        VIEW(.instrument_name = "*", .attribute_keys = keys_a, .attribute_key_count = 1);
    struct metric_fixture fixture;
    (void)state;
    start(&fixture, COTEL_EXEMPLAR_FILTER_ALWAYS_ON, &view, NULL);
    cotel_bound_counter *bound =
        cotel_counter_bind(cotel_counter_get(fixture.meter, "bound", NULL),
                           WITH(cotel_attribute_int("a", 1), cotel_attribute_int("b", 2)));
    cotel_bound_counter_add(bound, 5);
    cotel_counter_add(cotel_counter_get(fixture.meter, "unbound", NULL), 7,
                      WITH(cotel_attribute_int("c", 3), cotel_attribute_int("a", 1)));
    assert_collected(&fixture, "scope library\n"
                               " sum bound cumulative monotonic\n"
                               "  {a=1} 5\n"
                               "   exemplar 5 {b=2}\n"
                               " sum unbound cumulative monotonic\n"
                               "  {a=1} 7\n"
                               "   exemplar 7 {c=3}\n");
    cotel_bound_counter_unbind(bound);
    metric_fixture_stop(&fixture);
}

/* ---- reservoirs ---- */

static void each_collection_has_exemplars_of_its_own(void **state)
{
    struct metric_fixture fixture;
    (void)state;
    start(&fixture, COTEL_EXEMPLAR_FILTER_ALWAYS_ON, NULL, NULL);
    cotel_counter *counter = cotel_counter_get(fixture.meter, "requests", NULL);
    cotel_counter_add(counter, 1, NULL, 0);
    assert_collected(&fixture, "scope library\n sum requests cumulative monotonic\n"
                               "  {} 1\n   exemplar 1 {}\n");
    assert_collected(&fixture, "scope library\n sum requests cumulative monotonic\n  {} 1\n");
    cotel_counter_add(counter, 2, NULL, 0);
    assert_collected(&fixture, "scope library\n sum requests cumulative monotonic\n"
                               "  {} 3\n   exemplar 2 {}\n");
    metric_fixture_stop(&fixture);
}

static void a_histogram_has_the_last_measurement_of_each_bucket(void **state)
{
    static const double boundaries[] = {1, 10};
    struct metric_fixture fixture;
    (void)state;
    start(&fixture, COTEL_EXEMPLAR_FILTER_ALWAYS_ON, NULL, NULL);
    cotel_histogram *histogram = cotel_histogram_get(
        fixture.meter, "size", INSTRUMENT(.boundaries = boundaries, .boundary_count = 2));
    static const int64_t values[] = {1, 5, 7, 100, 50};
    for (size_t i = 0; i < COUNT_OF(values); i++)
        cotel_histogram_record(histogram, values[i], NULL, 0);
    assert_collected(&fixture, "scope library\n"
                               " histogram size cumulative\n"
                               "  {} count=5 sum=163 min=1 max=100 boundaries=[1,10] "
                               "counts=[1,2,2]\n"
                               "   exemplar 1 {}\n"
                               "   exemplar 7 {}\n"
                               "   exemplar 50 {}\n");
    metric_fixture_stop(&fixture);
}

/* How many exemplars the only point has after 100 measurements. */
static size_t exemplars_of_100(const cotel_view *view)
{
    struct metric_fixture fixture;
    start(&fixture, COTEL_EXEMPLAR_FILTER_ALWAYS_ON, view, NULL);
    cotel_histogram *histogram = cotel_histogram_get(fixture.meter, "size", NULL);
    for (int64_t i = 1; i <= 100; i++)
        cotel_histogram_record(histogram, i, NULL, 0);
    cotel_batch *batch = metric_fixture_collect(&fixture);
    cotel_batch_cursor cursor = {0};
    cotel_metric_data metric;
    cotel_point_data point;
    cotel_exemplar_data exemplar;
    size_t count = 0;
    assert_true(cotel_batch_next_metric(batch, &cursor, &metric, NULL));
    cotel_iterator points = cotel_metric_data_points(&metric);
    assert_true(cotel_iterator_next_point(&points, &metric, &point));
    for (cotel_iterator i = cotel_point_data_exemplars(&metric, &point);
         cotel_iterator_next_exemplar(&i, &exemplar);)
        count++;
    cotel_batch_unref(batch);
    metric_fixture_stop(&fixture);
    return count;
}

static void an_exponential_histogram_has_at_most_20_exemplars(void **state)
{
    const cotel_view many = VIEW(.instrument_name = "*",
                                 .aggregation = AGGREGATION(COTEL_AGGREGATION_EXPONENTIAL_HISTOGRAM,
                                                            .max_buckets = 160, .max_scale = 20));
    const cotel_view few = VIEW(.instrument_name = "*",
                                .aggregation = AGGREGATION(COTEL_AGGREGATION_EXPONENTIAL_HISTOGRAM,
                                                           .max_buckets = 4, .max_scale = 20));
    (void)state;
    assert_int_equal(exemplars_of_100(&many), 20);
    assert_int_equal(exemplars_of_100(&few), 4);
}

static void everything_else_has_one_exemplar(void **state)
{
    const cotel_view sum =
        VIEW(.instrument_name = "*", .aggregation = AGGREGATION(COTEL_AGGREGATION_SUM));
    const cotel_view one_bucket =
        VIEW(.instrument_name = "*",
             .aggregation = AGGREGATION(COTEL_AGGREGATION_EXPLICIT_BUCKET_HISTOGRAM,
                                        .boundaries = (const double[]){0}, .boundary_count = 0));
    (void)state;
    assert_int_equal(exemplars_of_100(&sum), 1);
    assert_int_equal(exemplars_of_100(&one_bucket), 1);
}

/* ---- a reservoir of one's own ---- */

struct largest {
    cotel_exemplar_reservoir base;
    double value; /* of what it has */
    int collections;
    int destroyed;
    bool saw_all;
};

/* It is asked with all that there is of a measurement. */
static int offer_largest(cotel_exemplar_reservoir *self, const cotel_measurement *measurement)
{
    struct largest *largest = (struct largest *)self;
    largest->saw_all = measurement->is_double && measurement->attribute_count == 2 &&
                       strcmp(measurement->attributes[1].key.data, "b") == 0 &&
                       measurement->time_unix_ns != 0 &&
                       cotel_context_span_pointer(measurement->context)->span_id.bytes[0] == 0xcd;
    if (measurement->floating <= largest->value)
        return -1;
    largest->value = measurement->floating;
    return 0;
}

static void forget_largest(cotel_exemplar_reservoir *self)
{
    ((struct largest *)self)->value = 0;
    ((struct largest *)self)->collections++;
}

static void destroy_largest(cotel_exemplar_reservoir *self)
{
    ((struct largest *)self)->destroyed++;
}

static cotel_exemplar_reservoir *give_largest(void *user, size_t *places)
{
    struct largest *largest = (struct largest *)user;
    *places = 1;
    return &largest->base;
}

static void a_reservoir_of_ones_own_chooses_by_all_there_is(void **state)
{
    static const cotel_exemplar_reservoir_ops ops = {.size = sizeof ops,
                                                     .offer = offer_largest,
                                                     .collected = forget_largest,
                                                     .destroy = destroy_largest};
    struct largest largest = {.base = {&ops}};
    const cotel_exemplar_reservoir_factory factory = {
        .size = sizeof factory, .create = give_largest, .user = &largest};
    const cotel_view view = VIEW(.instrument_name = "*", .attribute_keys = keys_a,
                                 .attribute_key_count = 1, .exemplar_reservoir = &factory);
    struct metric_fixture fixture;
    (void)state;
    start(&fixture, COTEL_EXEMPLAR_FILTER_TRACE_BASED, &view, NULL);
    cotel_double_counter *counter = cotel_double_counter_get(fixture.meter, "cost", NULL);
    static const double values[] = {0.5, 2, 1.5};
    for (size_t i = 0; i < COUNT_OF(values); i++) {
        cotel_context *context = context_with(0xab, 0xcd, true);
        cotel_double_counter_add_in(counter, values[i],
                                    WITH(cotel_attribute_int("a", 1), cotel_attribute_int("b", 2)),
                                    context);
        cotel_context_unref(context);
        assert_true(largest.saw_all);
    }
    assert_collected(&fixture,
                     "scope library\n"
                     " sum cost cumulative monotonic\n"
                     "  {a=1} 4\n"
                     "   exemplar 2 trace=abababababababababababababababab span=cdcdcdcdcdcdcdcd "
                     "{b=2}\n");
    assert_int_equal(largest.collections, 1);
    metric_fixture_stop(&fixture);
    assert_int_equal(largest.destroyed, 1);
}

/* ---- whose reservoirs are ---- */

struct reservoirs {
    bool refuses;
    int asked;
    int destroyed;
};

struct counted {
    cotel_exemplar_reservoir base;
    struct reservoirs *all;
};

static int offer_first(cotel_exemplar_reservoir *self, const cotel_measurement *measurement)
{
    (void)self, (void)measurement;
    return 0;
}

static void destroy_counted(cotel_exemplar_reservoir *self)
{
    struct counted *counted = (struct counted *)self;
    counted->all->destroyed++;
    free(counted);
}

static cotel_exemplar_reservoir *give_counted(void *user, size_t *places)
{
    static const cotel_exemplar_reservoir_ops ops = {
        .size = sizeof ops, .offer = offer_first, .destroy = destroy_counted};
    struct reservoirs *all = user;
    all->asked++;
    struct counted *counted = all->refuses ? NULL : malloc(sizeof *counted);
    if (counted == NULL)
        return NULL;
    *counted = (struct counted){{&ops}, all};
    *places = 1;
    return &counted->base;
}

static void start_counted(struct metric_fixture *fixture, struct reservoirs *all,
                          cotel_exemplar_reservoir_factory *factory)
{
    *factory = (cotel_exemplar_reservoir_factory){
        .size = sizeof *factory, .create = give_counted, .user = all};
    const cotel_view view = VIEW(.instrument_name = "*", .exemplar_reservoir = factory);
    start(fixture, COTEL_EXEMPLAR_FILTER_ALWAYS_ON, &view, NULL);
}

static void a_factory_without_a_reservoir_is_asked_once_for_a_series(void **state)
{
    struct reservoirs all = {.refuses = true};
    cotel_exemplar_reservoir_factory factory;
    struct metric_fixture fixture;
    (void)state;
    start_counted(&fixture, &all, &factory);
    for (int i = 0; i < 3; i++)
        cotel_counter_add(cotel_counter_get(fixture.meter, "c", NULL), 1, NULL, 0);
    assert_int_equal(all.asked, 1);
    assert_collected(&fixture, "scope library\n sum c cumulative monotonic\n  {} 3\n");
    metric_fixture_stop(&fixture);
}

/* Who implements reservoirs may be gone when a bound instrument is given back. */
static void reservoirs_end_with_their_provider(void **state)
{
    struct reservoirs all = {.refuses = false};
    cotel_exemplar_reservoir_factory factory;
    struct metric_fixture fixture;
    (void)state;
    start_counted(&fixture, &all, &factory);
    cotel_bound_counter *bound =
        cotel_counter_bind(cotel_counter_get(fixture.meter, "c", NULL), NULL, 0);
    cotel_bound_counter_add(bound, 1);
    assert_int_equal(all.asked, 1);
    metric_fixture_stop(&fixture);
    assert_int_equal(all.destroyed, 1);
    cotel_bound_counter_add(bound, 1);
    cotel_bound_counter_unbind(bound);
    assert_int_equal(all.destroyed, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(trace_based_takes_what_was_measured_in_sampled_spans),
        cmocka_unit_test(trace_based_is_the_default),
        cmocka_unit_test(always_on_makes_exemplars_of_all),
        cmocka_unit_test(always_off_makes_no_exemplar),
        cmocka_unit_test(an_exemplar_points_to_the_current_span),
        cmocka_unit_test(an_exemplar_has_the_time_of_its_measurement),
        cmocka_unit_test(an_exemplar_has_the_attributes_that_its_point_has_not),
        cmocka_unit_test(each_collection_has_exemplars_of_its_own),
        cmocka_unit_test(a_histogram_has_the_last_measurement_of_each_bucket),
        cmocka_unit_test(an_exponential_histogram_has_at_most_20_exemplars),
        cmocka_unit_test(everything_else_has_one_exemplar),
        cmocka_unit_test(a_reservoir_of_ones_own_chooses_by_all_there_is),
        cmocka_unit_test(a_factory_without_a_reservoir_is_asked_once_for_a_series),
        cmocka_unit_test(reservoirs_end_with_their_provider),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
