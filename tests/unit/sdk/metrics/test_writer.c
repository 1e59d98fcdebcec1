/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "metric_batches.h"
#include "sdk/metrics/scope_table.h"
#include "sdk/metrics/writer.h"
#include "sdk/pipeline/batch.h"

static cotel_metric_writer *writer_with(const struct ct_metric_writer_options *options)
{
    cotel_metric_writer *writer = ct_metric_writer_create(options);
    assert_non_null(writer);
    return writer;
}

static struct ct_metric_batches finish(cotel_metric_writer *writer)
{
    struct ct_metric_batches batches;
    ct_metric_writer_finish(writer, &batches);
    ct_metric_writer_destroy(writer);
    return batches;
}

/* A gauge with the points from..to-1. */
static void write_numbers(cotel_metric_writer *writer, const char *name, int from, int to)
{
    const cotel_metric_head head = metric_head(COTEL_METRIC_GAUGE, name, "", "");
    (void)cotel_metric_writer_metric(writer, &head);
    for (int i = from; i < to; i++) {
        const cotel_point point = metric_point_int(i, NULL, 0);
        cotel_metric_writer_point(writer, &point);
    }
}

static void name_scope(cotel_metric_writer *writer, const char *name)
{
    cotel_metric_writer_scope(writer, name, NULL, NULL, NULL, 0);
}

/* ---- what is written is read ---- */

static void a_metric_is_read_as_it_was_written(void **state)
{
    const cotel_attribute attributes[] = {cotel_attribute_string("model", "gpt-4o"),
                                          cotel_attribute_int("retry", 1)};
    const cotel_point points[] = {metric_point_int(5, attributes, 2),
                                  metric_point_double(7.5, NULL, 0)};
    const struct described_metric metrics[] = {
        {"my.lib", "1.0", metric_head(COTEL_METRIC_SUM, "requests", "{request}", "how many"),
         points, 2}};
    cotel_batch *batch = metric_batch_of(NULL, metrics, 1);
    assert_int_equal(cotel_batch_signal(batch), COTEL_SIGNAL_METRICS);
    assert_int_equal(cotel_batch_count(batch), 1);
    assert_int_equal(cotel_batch_items(batch), 2);
    assert_metric_batch(batch, METRIC_TEXT_ALL,
                        "scope my.lib 1.0\n"
                        " sum requests unit={request} cumulative monotonic \"how many\"\n"
                        "  {model=\"gpt-4o\",retry=1} 5\n"
                        "  {} 7.5\n");
    cotel_batch_unref(batch);
}

static void every_type_is_read_as_it_was_written(void **state)
{
    const double boundaries[] = {1, 2.5};
    const uint64_t counts[] = {1, 0, 2}, many[] = {1, 300, UINT64_C(1) << 40};
    const cotel_attribute user = cotel_attribute_string("user", "me");
    const cotel_exemplar exemplar = {.time_unix_ns = 9,
                                     .value = {.type = COTEL_NUMBER_DOUBLE, .floating = 0.5},
                                     .trace_id = {{1, 2}},
                                     .span_id = {{3}},
                                     .attributes = &user,
                                     .attribute_count = 1};
    const cotel_quantile_data quantiles[] = {{0, 1}, {0.5, 0}, {1, 2}};
    cotel_point histogram = {.size = sizeof histogram,
                             .start_unix_ns = 1,
                             .time_unix_ns = 2,
                             .flags = 1,
                             .count = 3,
                             .has_sum = true,
                             .sum = -6,
                             .has_min = true,
                             .min = 0,
                             .has_max = true,
                             .max = 3,
                             .boundaries = boundaries,
                             .boundary_count = 2,
                             .bucket_counts = counts,
                             .exemplars = &exemplar,
                             .exemplar_count = 1};
    cotel_point bare = {.size = sizeof bare, .time_unix_ns = 2};
    cotel_point exponential = {.size = sizeof exponential,
                               .attributes = &user,
                               .attribute_count = 1,
                               .count = many[1] + many[2] + 7,
                               .scale = -3,
                               .zero_count = 3,
                               .zero_threshold = 0.25,
                               .positive = {-2, 3, many},
                               .negative = {5, 3, counts}};
    cotel_point summary = {
        .size = sizeof summary, .count = 2, .sum = 3, .quantiles = quantiles, .quantile_count = 3};
    struct described_metric metrics[] = {
        {"s", NULL, metric_head(COTEL_METRIC_HISTOGRAM, "h", "s", ""), &histogram, 1},
        {"s", NULL, metric_head(COTEL_METRIC_HISTOGRAM, "bare", "", ""), &bare, 1},
        {"s", NULL, metric_head(COTEL_METRIC_EXPONENTIAL_HISTOGRAM, "e", "", ""), &exponential, 1},
        {"s", NULL, metric_head(COTEL_METRIC_SUMMARY, "q", "", ""), &summary, 1}};
    metrics[0].head.temporality = COTEL_TEMPORALITY_DELTA;
    cotel_batch *batch = metric_batch_of(NULL, metrics, 4);
    assert_metric_batch(
        batch, METRIC_TEXT_ALL,
        "scope s\n"
        " histogram h unit=s delta\n"
        "  {} count=3 sum=-6 min=0 max=3 boundaries=[1,2.5] counts=[1,0,2] start=1 time=2 flags=1\n"
        "   exemplar 0.5 time=9 trace=01020000000000000000000000000000 span=0300000000000000"
        " {user=\"me\"}\n"
        " histogram bare cumulative\n"
        "  {} count=0 time=2\n"
        " exponential_histogram e cumulative\n"
        "  {user=\"me\"} count=1099511628083 scale=-3 zero=3 threshold=0.25"
        " positive=-2:[1,300,1099511627776] negative=5:[1,0,2]\n"
        " summary q\n"
        "  {} count=2 sum=3 quantiles=[0:1,0.5:0,1:2]\n");
    cotel_batch_unref(batch);
}

static void text_is_mended_and_attributes_are_a_set(void **state)
{
    const cotel_attribute attributes[] = {cotel_attribute_int("a", 1), cotel_attribute_int("", 2),
                                          cotel_attribute_int("a", 3)};
    const cotel_point point = metric_point_int(1, attributes, 3);
    const struct described_metric metric = {
        "s", NULL, metric_head(COTEL_METRIC_GAUGE, "bad\xff", "", ""), &point, 1};
    cotel_batch *batch = metric_batch_of(NULL, &metric, 1);
    assert_metric_batch(batch, METRIC_TEXT_ALL, "scope s\n gauge bad\xef\xbf\xbd\n  {a=3} 1\n");
    cotel_batch_unref(batch);
}

static void points_without_a_time_get_that_of_the_collection(void **state)
{
    cotel_metric_writer *writer =
        writer_with(&(struct ct_metric_writer_options){.time_unix_ns = 77});
    write_numbers(writer, "a", 0, 1);
    struct ct_metric_batches batches = finish(writer);
    assert_metric_batch(batches.items[0], METRIC_TEXT_ALL, "scope\n gauge a\n  {} 0 time=77\n");
    ct_metric_batches_fini(&batches);
}

/* ---- groups and batches ---- */

static void a_scope_that_comes_back_goes_to_its_group(void **state)
{
    cotel_metric_writer *writer = metric_batch_begin(NULL);
    name_scope(writer, "a");
    write_numbers(writer, "a1", 1, 2);
    name_scope(writer, "b");
    write_numbers(writer, "b1", 2, 3);
    name_scope(writer, "a");
    write_numbers(writer, "a2", 3, 4);
    cotel_batch *batch = metric_batch_end(writer);
    size_t groups;
    (void)cotel_batch_groups(batch, &groups);
    assert_int_equal(groups, 2);
    assert_metric_batch(batch, METRIC_TEXT_ALL,
                        "scope a\n gauge a1\n  {} 1\n gauge a2\n  {} 3\n"
                        "scope b\n gauge b1\n  {} 2\n");
    cotel_batch_unref(batch);
}

static void many_scopes_are_found_again(void **state)
{
    enum { SCOPES = 200 };
    cotel_metric_writer *writer = metric_batch_begin(NULL);
    for (int i = 0; i < 2 * SCOPES; i++) {
        char name[32];
        (void)snprintf(name, sizeof name, "many.%d", i % SCOPES);
        name_scope(writer, name);
        write_numbers(writer, "a", i, i + 1);
    }
    cotel_batch *batch = metric_batch_end(writer);
    size_t count;
    const cotel_batch_group *groups = cotel_batch_groups(batch, &count);
    assert_int_equal(count, SCOPES);
    for (size_t i = 0; i < count; i++)
        assert_int_equal(groups[i].count, 2);
    cotel_batch_unref(batch);
}

static void metrics_without_points_are_left_out(void **state)
{
    cotel_metric_writer *writer = metric_batch_begin(NULL);
    name_scope(writer, "empty");
    write_numbers(writer, "a", 0, 0);
    name_scope(writer, "full");
    write_numbers(writer, "b", 1, 2);
    write_numbers(writer, "c", 0, 0);
    cotel_batch *batch = metric_batch_end(writer);
    assert_metric_batch(batch, METRIC_TEXT_ALL, "scope full\n gauge b\n  {} 1\n");
    cotel_batch_unref(batch);
    assert_null(metric_batch_end(metric_batch_begin(NULL)));
}

static void batches_are_cut_in_the_middle_of_a_metric(void **state)
{
    cotel_metric_writer *writer = writer_with(&(struct ct_metric_writer_options){.max_points = 3});
    write_numbers(writer, "a", 0, 2);
    write_numbers(writer, "b", 2, 7);
    struct ct_metric_batches batches = finish(writer);
    assert_int_equal(batches.count, 3);
    assert_metric_batch(batches.items[0], METRIC_TEXT_ALL,
                        "scope\n gauge a\n  {} 0\n  {} 1\n gauge b\n  {} 2\n");
    assert_metric_batch(batches.items[1], METRIC_TEXT_ALL,
                        "scope\n gauge b\n  {} 3\n  {} 4\n  {} 5\n");
    assert_metric_batch(batches.items[2], METRIC_TEXT_ALL, "scope\n gauge b\n  {} 6\n");
    ct_metric_batches_fini(&batches);
}

static void a_batch_that_is_just_full_is_followed_by_none(void **state)
{
    cotel_metric_writer *writer = writer_with(&(struct ct_metric_writer_options){.max_points = 3});
    write_numbers(writer, "a", 0, 3);
    struct ct_metric_batches batches = finish(writer);
    assert_int_equal(batches.count, 1);
    assert_int_equal(cotel_batch_items(batches.items[0]), 3);
    ct_metric_batches_fini(&batches);
}

static void batches_stay_below_their_bytes(void **state)
{
    enum { MOST = 300, POINTS = 100 };
    cotel_metric_writer *writer =
        writer_with(&(struct ct_metric_writer_options){.max_bytes = MOST});
    write_numbers(writer, "a", 0, POINTS);
    struct ct_metric_batches batches = finish(writer);
    size_t points = 0;
    assert_in_range(batches.count, 2, POINTS / 20);
    for (size_t i = 0; i < batches.count; i++) {
        assert_in_range(batches.items[i]->bytes, 1, MOST);
        points += cotel_batch_items(batches.items[i]);
    }
    assert_int_equal(points, POINTS);
    ct_metric_batches_fini(&batches);
}

static void a_point_that_is_larger_than_a_batch_goes_alone(void **state)
{
    cotel_metric_writer *writer = writer_with(&(struct ct_metric_writer_options){.max_bytes = 8});
    write_numbers(writer, "a", 0, 2);
    struct ct_metric_batches batches = finish(writer);
    assert_int_equal(batches.count, 2);
    assert_int_equal(cotel_batch_items(batches.items[0]), 1);
    ct_metric_batches_fini(&batches);
}

static void a_slice_counts_its_own_points(void **state)
{
    cotel_metric_writer *writer = metric_batch_begin(NULL);
    name_scope(writer, "a");
    write_numbers(writer, "a1", 0, 1);
    write_numbers(writer, "a2", 1, 3);
    name_scope(writer, "b");
    write_numbers(writer, "b1", 3, 7);
    cotel_batch *whole = metric_batch_end(writer), *slice = ct_batch_slice(whole, 1, 2);
    cotel_batch_unref(whole);
    assert_int_equal(cotel_batch_signal(slice), COTEL_SIGNAL_METRICS);
    assert_int_equal(cotel_batch_count(slice), 2);
    assert_int_equal(cotel_batch_items(slice), 6);
    assert_metric_batch(slice, METRIC_TEXT_ALL,
                        "scope a\n gauge a2\n  {} 1\n  {} 2\n"
                        "scope b\n gauge b1\n  {} 3\n  {} 4\n  {} 5\n  {} 6\n");
    cotel_batch_unref(slice);
}

static void each_signal_is_walked_by_its_own_function(void **state)
{
    cotel_metric_writer *writer = metric_batch_begin(NULL);
    write_numbers(writer, "a", 0, 1);
    cotel_batch *batch = metric_batch_end(writer);
    cotel_batch_cursor cursor = {0, 0};
    cotel_span_view span;
    assert_false(cotel_batch_next(batch, &cursor, &span, NULL));
    cotel_batch_unref(batch);
}

/* ---- filters ---- */

static cotel_metric_filter_result by_name(void *user, const cotel_scope_view *scope,
                                          const cotel_metric_data *metric)
{
    assert_true(scope->name.size == 8 && memcmp(scope->name.data, "filtered", 8) == 0);
    assert_int_equal(metric->type, COTEL_METRIC_GAUGE);
    assert_int_equal(metric->points.size, 0);
    return metric->name.data[0] == 'd'   ? COTEL_METRIC_DROP
           : metric->name.data[0] == 'p' ? COTEL_METRIC_ACCEPT_PARTIAL
                                         : COTEL_METRIC_ACCEPT;
}

static cotel_metric_filter_result by_even(void *user, const cotel_scope_view *scope,
                                          const cotel_metric_data *metric,
                                          cotel_iterator attributes)
{
    cotel_attribute_view attribute;
    assert_true(cotel_iterator_next_attribute(&attributes, &attribute));
    return attribute.value.integer % 2 == 0 ? COTEL_METRIC_ACCEPT : COTEL_METRIC_DROP;
}

/* A gauge with the points from..to-1, which have an attribute each. */
static void write_series(cotel_metric_writer *writer, const char *name, int from, int to)
{
    const cotel_metric_head head = metric_head(COTEL_METRIC_GAUGE, name, "", "");
    bool is_wanted = cotel_metric_writer_metric(writer, &head);
    assert_int_equal(is_wanted, name[0] != 'd');
    for (int i = from; i < to; i++) {
        const cotel_attribute attribute = cotel_attribute_int("i", i);
        const cotel_point point = metric_point_int(i, &attribute, 1);
        cotel_metric_writer_point(writer, &point);
    }
}

static void a_filter_drops_metrics_and_points(void **state)
{
    const cotel_metric_filter filter = {sizeof filter, by_name, by_even, NULL};
    cotel_metric_writer *writer =
        writer_with(&(struct ct_metric_writer_options){.filter = &filter, .max_points = 2});
    name_scope(writer, "filtered");
    write_series(writer, "dropped", 0, 3);
    write_series(writer, "partial", 0, 5);
    write_series(writer, "partial.odd", 1, 2);
    write_series(writer, "whole", 1, 2);
    assert_int_equal(ct_metric_writer_malformed(writer), 0);
    struct ct_metric_batches batches = finish(writer);
    assert_int_equal(batches.count, 2);
    assert_metric_batch(batches.items[0], METRIC_TEXT_ALL,
                        "scope filtered\n gauge partial\n  {i=0} 0\n  {i=2} 2\n");
    assert_metric_batch(batches.items[1], METRIC_TEXT_ALL,
                        "scope filtered\n gauge partial\n  {i=4} 4\n gauge whole\n  {i=1} 1\n");
    ct_metric_batches_fini(&batches);
}

static void an_older_filter_without_points_keeps_them(void **state)
{
    const cotel_metric_filter filter = {offsetof(cotel_metric_filter, test_attributes), by_name,
                                        by_even, NULL};
    cotel_metric_writer *writer =
        writer_with(&(struct ct_metric_writer_options){.filter = &filter});
    name_scope(writer, "filtered");
    write_series(writer, "partial", 0, 2);
    struct ct_metric_batches batches = finish(writer);
    assert_int_equal(cotel_batch_items(batches.items[0]), 2);
    ct_metric_batches_fini(&batches);
}

/* ---- scopes of producers ---- */

static void scopes_that_say_the_same_are_one(void **state)
{
    const cotel_attribute ab[] = {cotel_attribute_int("a", 1), cotel_attribute_int("b", 2)};
    const cotel_attribute ba[] = {cotel_attribute_int("b", 2), cotel_attribute_int("a", 1)};
    struct ct_scope scope = {.name = cotel_str_of("same"), .attributes = ab, .attribute_count = 2};
    const cotel_scope_view *first = ct_scope_table_get(&scope);
    scope.attributes = ba;
    assert_ptr_equal(ct_scope_table_get(&scope), first);
    scope.schema_url = cotel_str_of("https://example.com");
    assert_ptr_not_equal(ct_scope_table_get(&scope), first);
    assert_int_equal(first->encoded.size, 2 + 4 + 2 * (2 + 3 + 4));
}

static void a_producer_can_not_make_up_scopes_without_end(void **state)
{
    uint64_t before = ct_scope_table_lost();
    for (int i = 0; i < CT_SCOPE_TABLE_MAX; i++) {
        char name[32];
        const int length = snprintf(name, sizeof name, "endless.%d", i);
        const struct ct_scope scope = {.name = cotel_str_n(name, (size_t)length)};
        (void)ct_scope_table_get(&scope);
    }
    const struct ct_scope known = {.name = cotel_str_of("endless.0")},
                          further = {.name = cotel_str_of("further")};
    assert_int_equal(ct_scope_table_get(&known)->name.size, known.name.size);
    assert_ptr_equal(ct_scope_table_get(&further), &ct_scope_empty);
    assert_true(ct_scope_table_lost() > before);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_metric_is_read_as_it_was_written),
        cmocka_unit_test(every_type_is_read_as_it_was_written),
        cmocka_unit_test(text_is_mended_and_attributes_are_a_set),
        cmocka_unit_test(points_without_a_time_get_that_of_the_collection),
        cmocka_unit_test(a_scope_that_comes_back_goes_to_its_group),
        cmocka_unit_test(many_scopes_are_found_again),
        cmocka_unit_test(metrics_without_points_are_left_out),
        cmocka_unit_test(batches_are_cut_in_the_middle_of_a_metric),
        cmocka_unit_test(a_batch_that_is_just_full_is_followed_by_none),
        cmocka_unit_test(batches_stay_below_their_bytes),
        cmocka_unit_test(a_point_that_is_larger_than_a_batch_goes_alone),
        cmocka_unit_test(a_slice_counts_its_own_points),
        cmocka_unit_test(each_signal_is_walked_by_its_own_function),
        cmocka_unit_test(a_filter_drops_metrics_and_points),
        cmocka_unit_test(an_older_filter_without_points_keeps_them),
        cmocka_unit_test(scopes_that_say_the_same_are_one),
        cmocka_unit_test(a_producer_can_not_make_up_scopes_without_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
