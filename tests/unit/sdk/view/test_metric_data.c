/* SPDX-License-Identifier: Apache-2.0 */
/* Metrics of anybody's making; those of our own are read in tests/unit/sdk/metrics/test_writer.c.
 */
#include <cotel/sdk/metric_data.h>

#include "text.h"

static bool decodes(cotel_str bytes)
{
    cotel_metric_data metric;
    return cotel_metric_data_decode(bytes, &metric);
}

/* Whether the first point of a metric can be read. */
static bool has_point(cotel_str bytes, cotel_point_data *point)
{
    cotel_metric_data metric;
    assert_true(cotel_metric_data_decode(bytes, &metric));
    cotel_iterator points = cotel_metric_data_points(&metric);
    bool is_read = cotel_iterator_next_point(&points, &metric, point);
    assert_true(is_read || points.at == points.end); /* at its end for good */
    return is_read;
}

static void fields_may_come_in_any_order(void **state)
{
    cotel_metric_data metric;
    /* sum { is_monotonic, temporality: 2, data_points {} }, an unknown 100, unit, name */
    assert_true(cotel_metric_data_decode(LITERAL("\x3a\x06\x18\x01\x10\x02\x0a\x00\xa0\x06\x05"
                                                 "\x1a\x01s\x0a\x01n"),
                                         &metric));
    assert_text(metric.name, "n");
    assert_text(metric.unit, "s");
    assert_int_equal(metric.type, COTEL_METRIC_SUM);
    assert_int_equal(metric.temporality, COTEL_TEMPORALITY_CUMULATIVE);
    assert_true(metric.is_monotonic);
}

static void a_metric_has_data_of_one_type_in_one_piece(void **state)
{
    assert_true(decodes(LITERAL("\x2a\x00")));
    assert_false(decodes(LITERAL("")));
    assert_false(decodes(LITERAL("\x0a\x01n")));
    assert_false(decodes(LITERAL("\x2a\x00\x2a\x00")));
    assert_false(decodes(LITERAL("\x2a\x00\x3a\x00")));
    assert_false(decodes(LITERAL("\x32\x00"))); /* 6 is reserved */
}

static void known_fields_of_the_wrong_type_are_refused(void **state)
{
    assert_false(decodes(LITERAL("\x08\x01\x2a\x00"))); /* name as varint */
    assert_false(decodes(LITERAL("\x28\x01")));         /* gauge as varint */
    assert_false(decodes(LITERAL("\x2a\x02\x08\x01"))); /* points as varint */
    assert_false(decodes(LITERAL("\x3a\x02\x12\x00"))); /* temporality as bytes */
    assert_false(decodes(LITERAL("\x3a\x02\x1a\x00"))); /* is_monotonic as bytes */
    assert_false(decodes(LITERAL("\x2a\x05\x0a\x01\x09")) /* cut off */);
}

static void a_temporality_that_nobody_knows_is_unspecified(void **state)
{
    cotel_metric_data metric;
    assert_true(cotel_metric_data_decode(LITERAL("\x4a\x02\x10\x07"), &metric));
    assert_int_equal(metric.temporality, COTEL_TEMPORALITY_UNSPECIFIED);
}

static void of_two_values_the_last_counts(void **state)
{
    cotel_point_data point;
    /* as_int: 5, then as_double: 1.0 */
    assert_true(has_point(LITERAL("\x2a\x14\x0a\x12\x31\x05\0\0\0\0\0\0\0\x21\0\0\0\0\0\0\xf0\x3f"),
                          &point));
    assert_int_equal(point.value.type, COTEL_NUMBER_DOUBLE);
    assert_true(point.value.floating == 1.0);
    assert_int_equal(point.value.integer, 0);
}

static void what_a_type_does_not_have_is_zero(void **state)
{
    cotel_point_data point;
    memset(&point, 0xff, sizeof point);
    assert_true(has_point(LITERAL("\x2a\x02\x0a\x00"), &point));
    const cotel_point_data nothing = {.bytes = point.bytes};
    assert_memory_equal(&point.value, &nothing.value, sizeof point.value);
    assert_int_equal(point.buckets.count, 0);
    assert_int_equal(point.negative.count, 0);
    assert_int_equal(point.scale, 0);
    assert_true(point.zero_threshold == 0 && point.max == 0);
    assert_false(point.has_sum || point.has_min || point.has_max);
}

static void malformed_points_are_refused(void **state)
{
    cotel_point_data point;
    const cotel_str wrong[] = {
        LITERAL("\x2a\x04\x0a\x02\x10\x01"),               /* start as varint */
        LITERAL("\x2a\x04\x0a\x02\x38\x01"),               /* attributes as varint */
        LITERAL("\x2a\x04\x0a\x02\x30\x01"),               /* as_int as varint */
        LITERAL("\x4a\x05\x0a\x03\x32\x01x"),              /* counts of one byte */
        LITERAL("\x4a\x06\x0a\x04\x3a\x02xy"),             /* boundaries of two bytes */
        LITERAL("\x4a\x0b\x0a\x09\x31\x01\0\0\0\0\0\0\0"), /* counts that are not packed */
        LITERAL("\x52\x04\x0a\x02\x40\x01"),               /* positive as varint */
        LITERAL("\x52\x07\x0a\x05\x42\x03\x12\x01\x80"),   /* a count that is cut off */
        LITERAL("\x52\x0a\x0a\x08\x42\x06\x12\x01\x01\x12\x01\x01"), /* counts in two pieces */
        LITERAL("\x4a\x16\x0a\x14\x32\x08\1\0\0\0\0\0\0\0"
                "\x32\x08\1\0\0\0\0\0\0\0"), /* the same in a histogram */
        LITERAL("\x5a\x04\x0a\x02\x30\x01"), /* quantiles as varint */
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_false(has_point(wrong[i], &point));
}

static void an_exemplar_with_an_id_of_another_size_ends_the_walk(void **state)
{
    /* exemplars { span_id of one byte } */
    cotel_metric_data metric;
    cotel_point_data point;
    cotel_exemplar_data exemplar;
    assert_true(cotel_metric_data_decode(LITERAL("\x2a\x07\x0a\x05\x2a\x03\x22\x01x"), &metric));
    cotel_iterator points = cotel_metric_data_points(&metric);
    assert_true(cotel_iterator_next_point(&points, &metric, &point));
    cotel_iterator exemplars = cotel_point_data_exemplars(&metric, &point);
    assert_false(cotel_iterator_next_exemplar(&exemplars, &exemplar));
    assert_false(cotel_iterator_next_exemplar(&exemplars, &exemplar));
}

static void walking_buckets_stops_at_their_end(void **state)
{
    const cotel_buckets_data cut = {.width = 8, .count = 1, .bytes = LITERAL("1234567")};
    const cotel_buckets_data varints = {.count = 2, .bytes = LITERAL("\x07\xac\x02")};
    size_t at = 0;
    uint64_t count;
    assert_false(cotel_buckets_next(&cut, &at, &count));
    assert_true(cotel_buckets_next(&varints, &at, &count) && count == 7);
    assert_true(cotel_buckets_next(&varints, &at, &count) && count == 300);
    assert_false(cotel_buckets_next(&varints, &at, &count));
    at = 99;
    assert_false(cotel_buckets_next(&varints, &at, &count));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fields_may_come_in_any_order),
        cmocka_unit_test(a_metric_has_data_of_one_type_in_one_piece),
        cmocka_unit_test(known_fields_of_the_wrong_type_are_refused),
        cmocka_unit_test(a_temporality_that_nobody_knows_is_unspecified),
        cmocka_unit_test(of_two_values_the_last_counts),
        cmocka_unit_test(what_a_type_does_not_have_is_zero),
        cmocka_unit_test(malformed_points_are_refused),
        cmocka_unit_test(an_exemplar_with_an_id_of_another_size_ends_the_walk),
        cmocka_unit_test(walking_buckets_stops_at_their_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
