/* SPDX-License-Identifier: Apache-2.0 */
#include "capture.h"
#include "exporters/console/print.h"
#include "sdk/metrics/writer.h"

#include <math.h>

#define START UINT64_C(1700000000000000000)
#define NOW UINT64_C(1700000060123456789)
#define SINCE " at 2023-11-14T22:14:20.123456789Z since 2023-11-14T22:13:20.000000000Z\n"

static cotel_resource *resource;

static int make_resource(void **state)
{
    const cotel_attribute service = cotel_attribute_string("service.name", "writer");
    return cotel_resource_create(&service, 1, NULL, &resource);
}

static int drop_resource(void **state)
{
    cotel_resource_unref(resource);
    return 0;
}

/* Writes one metric of one point, reads it back as an exporter gets it, and prints it. */
static void assert_printed(const cotel_metric_head *head, const cotel_point *point,
                           const char *expected)
{
    const struct ct_metric_writer_options options = {.resource = resource, .time_unix_ns = NOW};
    cotel_metric_writer *writer = ct_metric_writer_create(&options);
    assert_non_null(writer);
    cotel_metric_writer_scope(writer, "my.library", "1.2", NULL, NULL, 0);
    assert_true(cotel_metric_writer_metric(writer, head));
    cotel_metric_writer_point(writer, point);
    struct ct_metric_batches batches;
    ct_metric_writer_finish(writer, &batches);
    assert_int_equal(batches.count, 1);
    cotel_batch_cursor cursor = {0, 0};
    cotel_metric_data metric;
    const cotel_scope_view *scope;
    struct ct_output output;
    capture_begin(&output);
    assert_true(cotel_batch_next_metric(batches.items[0], &cursor, &metric, &scope));
    ct_print_metric(&output, &metric, scope, resource);
    assert_captured(&output, expected);
    ct_metric_batches_fini(&batches);
    ct_metric_writer_destroy(writer);
}

static cotel_metric_head head_of(cotel_metric_type type, cotel_temporality temporality)
{
    return (cotel_metric_head){.size = sizeof(cotel_metric_head),
                               .name = cotel_str_of("tokens"),
                               .type = type,
                               .temporality = temporality};
}

static void a_counter_is_printed_with_all_that_it_holds(void **state)
{
    const cotel_attribute attributes[] = {cotel_attribute_string("model", "gpt-4o"),
                                          cotel_attribute_bool("cached", false)};
    const cotel_attribute filtered = cotel_attribute_string("user", "u\n1");
    const cotel_exemplar exemplar = {
        .time_unix_ns = START + 1,
        .value = {.type = COTEL_NUMBER_INT, .integer = 5},
        .trace_id = {"0123456789abcdef"},
        .span_id = {"spanspan"},
        .attributes = &filtered,
        .attribute_count = 1,
    };
    cotel_metric_head head = head_of(COTEL_METRIC_SUM, COTEL_TEMPORALITY_CUMULATIVE);
    head.is_monotonic = true;
    head.unit = cotel_str_of("{token}");
    head.description = cotel_str_of("Tokens\tused");
    const cotel_point point = {
        .size = sizeof point,
        .start_unix_ns = START,
        .attributes = attributes,
        .attribute_count = 2,
        .value = {.type = COTEL_NUMBER_INT, .integer = 42},
        .exemplars = &exemplar,
        .exemplar_count = 1,
    };
    assert_printed(&head, &point,
                   "metric tokens (sum, monotonic, cumulative)\n"
                   "  service:    writer\n"
                   "  scope:      my.library\n"
                   "  version:    1.2\n"
                   "  unit:       {token}\n"
                   "  about:      Tokens\\tused\n"
                   "  point:      42" SINCE "      model: \"gpt-4o\"\n"
                   "      cached: false\n"
                   "      exemplar 5 at 2023-11-14T22:13:20.000000001Z trace "
                   "30313233343536373839616263646566 span 7370616e7370616e\n"
                   "          user: \"u\\n1\"\n"
                   "\n");
}

static void a_gauge_is_printed_briefly(void **state)
{
    const cotel_metric_head head = head_of(COTEL_METRIC_GAUGE, COTEL_TEMPORALITY_UNSPECIFIED);
    const cotel_point point = {.size = sizeof point,
                               .time_unix_ns = START,
                               .value = {.type = COTEL_NUMBER_DOUBLE, .floating = 0.1}};
    assert_printed(&head, &point,
                   "metric tokens (gauge)\n"
                   "  service:    writer\n"
                   "  scope:      my.library\n"
                   "  version:    1.2\n"
                   "  point:      0.1 at 2023-11-14T22:13:20.000000000Z\n"
                   "\n");
}

static void a_histogram_is_printed_with_the_buckets_that_have_something(void **state)
{
    static const double boundaries[] = {0, 5, 10.5};
    static const uint64_t counts[] = {1, 0, 2, 3};
    const cotel_metric_head head = head_of(COTEL_METRIC_HISTOGRAM, COTEL_TEMPORALITY_DELTA);
    const cotel_point point = {
        .size = sizeof point,
        .start_unix_ns = START,
        .count = 6,
        .has_sum = true,
        .sum = 71.5,
        .has_min = true,
        .min = -1,
        .has_max = true,
        .max = 30,
        .boundaries = boundaries,
        .boundary_count = 3,
        .bucket_counts = counts,
    };
    assert_printed(&head, &point,
                   "metric tokens (histogram, delta)\n"
                   "  service:    writer\n"
                   "  scope:      my.library\n"
                   "  version:    1.2\n"
                   "  point:      6 measured, sum 71.5, min -1, max 30" SINCE "      (-inf, 0] 1\n"
                   "      (5, 10.5] 2\n"
                   "      (10.5, inf] 3\n"
                   "\n");
}

static void buckets_of_an_exponential_histogram_are_printed_by_their_bounds(void **state)
{
    static const uint64_t positive[] = {1, 0, 2}, negative[] = {4};
    const cotel_metric_head head =
        head_of(COTEL_METRIC_EXPONENTIAL_HISTOGRAM, COTEL_TEMPORALITY_DELTA);
    const cotel_point point = {
        .size = sizeof point,
        .start_unix_ns = START,
        .count = 12,
        .scale = -1,
        .zero_count = 5,
        .zero_threshold = 0.001,
        .positive = {.offset = -1, .count = 3, .counts = positive},
        .negative = {.offset = 1, .count = 1, .counts = negative},
    };
    assert_printed(&head, &point,
                   "metric tokens (exponential histogram, delta)\n"
                   "  service:    writer\n"
                   "  scope:      my.library\n"
                   "  version:    1.2\n"
                   "  point:      12 measured" SINCE "      scale -1\n"
                   "      [-16, -4) 4\n"
                   "      zero, to 0.001: 5\n"
                   "      (0.25, 1] 1\n"
                   "      (4, 16] 2\n"
                   "\n");
}

static void quantiles_of_a_summary_are_printed(void **state)
{
    static const cotel_quantile_data quantiles[] = {{0.5, 2}, {0.99, 40.25}};
    const cotel_metric_head head = head_of(COTEL_METRIC_SUMMARY, COTEL_TEMPORALITY_UNSPECIFIED);
    const cotel_point point = {
        .size = sizeof point,
        .start_unix_ns = START,
        .count = 9,
        .has_sum = true,
        .sum = 100,
        .quantiles = quantiles,
        .quantile_count = 2,
    };
    assert_printed(&head, &point,
                   "metric tokens (summary)\n"
                   "  service:    writer\n"
                   "  scope:      my.library\n"
                   "  version:    1.2\n"
                   "  point:      9 measured, sum 100" SINCE "      quantile 0.5: 2\n"
                   "      quantile 0.99: 40.25\n"
                   "\n");
}

static void a_point_without_a_value_says_so(void **state)
{
    const cotel_metric_head head = head_of(COTEL_METRIC_SUM, COTEL_TEMPORALITY_CUMULATIVE);
    const cotel_point point = {.size = sizeof point,
                               .start_unix_ns = START,
                               .flags = 1,
                               .value = {.type = COTEL_NUMBER_INT, .integer = 3}};
    assert_printed(&head, &point,
                   "metric tokens (sum, cumulative)\n"
                   "  service:    writer\n"
                   "  scope:      my.library\n"
                   "  version:    1.2\n"
                   "  point:      no value" SINCE "\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_counter_is_printed_with_all_that_it_holds),
        cmocka_unit_test(a_gauge_is_printed_briefly),
        cmocka_unit_test(a_histogram_is_printed_with_the_buckets_that_have_something),
        cmocka_unit_test(buckets_of_an_exponential_histogram_are_printed_by_their_bounds),
        cmocka_unit_test(quantiles_of_a_summary_are_printed),
        cmocka_unit_test(a_point_without_a_value_says_so),
    };
    return cmocka_run_group_tests(tests, make_resource, drop_resource);
}
