/* SPDX-License-Identifier: Apache-2.0 */
/* What comes as deltas, from producers. */
#include "exposition.h"

#include <stdio.h>
#include <stdlib.h>

#include "exporters/prometheus/delta.h"

static const struct exposition text = TEXT;

static struct ct_prom_renderer *new_renderer(void)
{
    struct ct_prom_renderer *renderer = ct_prom_renderer_create(&text.settings);
    assert_non_null(renderer);
    return renderer;
}

/* One metric that is a delta, with points from `start` to `time`. */
static cotel_batch *delta_batch(cotel_metric_head head, cotel_point *points, size_t count,
                                uint64_t start, uint64_t time)
{
    head.temporality = COTEL_TEMPORALITY_DELTA;
    for (size_t i = 0; i < count; i++) {
        points[i].start_unix_ns = start;
        points[i].time_unix_ns = time;
    }
    const struct described_metric metric = {"lib", NULL, head, points, count};
    return metric_batch_of(NULL, &metric, 1);
}

static void deltas_of_a_counter_are_added_up(void **state)
{
    struct ct_prom_renderer *renderer = new_renderer();
    const cotel_metric_head head = metric_head(COTEL_METRIC_SUM, "calls", "", "C");
    const cotel_attribute attributes[] = {cotel_attribute_string("b", "2"),
                                          cotel_attribute_string("a", "1")};
    cotel_point points[] = {metric_point_int(3, attributes, 1), metric_point_int(4, attributes, 2)};
    assert_next_exposition(&text, renderer, delta_batch(head, points, 2, 1, 10),
                           "# HELP calls_total C\n# TYPE calls_total counter\n"
                           "calls_total{b=\"2\"} 3\ncalls_total{a=\"1\",b=\"2\"} 4\n");
    const cotel_attribute turned[] = {attributes[1], attributes[0]};
    points[0] = metric_point_int(10, turned, 2);
    assert_next_exposition(&text, renderer, delta_batch(head, points, 1, 10, 20),
                           "# HELP calls_total C\n# TYPE calls_total counter\n"
                           "calls_total{b=\"2\"} 3\ncalls_total{a=\"1\",b=\"2\"} 14\n");
    points[0] = metric_point_double(0.5, turned, 2);
    assert_next_exposition(&text, renderer, delta_batch(head, points, 1, 25, 30),
                           "# HELP calls_total C\n# TYPE calls_total counter\n"
                           "calls_total{b=\"2\"} 3\ncalls_total{a=\"1\",b=\"2\"} 14.5\n");
    assert_next_exposition(&text, renderer, NULL,
                           "# HELP calls_total C\n# TYPE calls_total counter\n"
                           "calls_total{b=\"2\"} 3\ncalls_total{a=\"1\",b=\"2\"} 14.5\n");
    ct_prom_renderer_destroy(renderer);
}

static void deltas_that_go_down_make_a_gauge(void **state)
{
    struct ct_prom_renderer *renderer = new_renderer();
    cotel_metric_head head = metric_head(COTEL_METRIC_SUM, "open", "", "O");
    head.is_monotonic = false;
    cotel_point point = metric_point_int(5, NULL, 0);
    assert_next_exposition(&text, renderer, delta_batch(head, &point, 1, 1, 10),
                           "# HELP open O\n# TYPE open gauge\nopen 5\n");
    point = metric_point_int(-7, NULL, 0);
    assert_next_exposition(&text, renderer, delta_batch(head, &point, 1, 10, 20),
                           "# HELP open O\n# TYPE open gauge\nopen -2\n");
    ct_prom_renderer_destroy(renderer);
}

static void a_delta_that_was_counted_is_not_counted_again(void **state)
{
    struct ct_prom_renderer *renderer = new_renderer();
    const cotel_metric_head head = metric_head(COTEL_METRIC_SUM, "calls", "", "C");
    cotel_point point = metric_point_int(3, NULL, 0);
    const char *expected = "# HELP calls_total C\n# TYPE calls_total counter\ncalls_total 3\n";
    assert_next_exposition(&text, renderer, delta_batch(head, &point, 1, 1, 10), expected);
    assert_next_exposition(&text, renderer, delta_batch(head, &point, 1, 1, 10), expected);
    assert_next_exposition(&text, renderer, delta_batch(head, &point, 1, 9, 12), expected);
    assert_next_exposition(&text, renderer, delta_batch(head, &point, 1, 0, 10), expected);
    struct ct_prom_news news;
    ct_prom_renderer_take_news(renderer, &news);
    assert_int_equal(news.count, 1);
    assert_int_equal(news.items[0].trouble, CT_PROM_DELTA_OVERLAP);
    assert_next_exposition(&text, renderer, delta_batch(head, &point, 1, 0, 11),
                           "# HELP calls_total C\n# TYPE calls_total counter\ncalls_total 6\n");
    ct_prom_renderer_destroy(renderer);
}

static void buckets_of_deltas_are_added_up(void **state)
{
    struct ct_prom_renderer *renderer = new_renderer();
    const cotel_metric_head head = metric_head(COTEL_METRIC_HISTOGRAM, "h", "", "H");
    const double boundaries[] = {1, 2}, others[] = {1, 3};
    const uint64_t counts[] = {1, 2, 3};
    cotel_point point = {.size = sizeof point,
                         .count = 6,
                         .has_sum = true,
                         .sum = 12.5,
                         .boundaries = boundaries,
                         .boundary_count = 2,
                         .bucket_counts = counts};
    assert_next_exposition(&text, renderer, delta_batch(head, &point, 1, 1, 10),
                           "# HELP h H\n# TYPE h histogram\n"
                           "h_bucket{le=\"1\"} 1\nh_bucket{le=\"2\"} 3\nh_bucket{le=\"+Inf\"} 6\n"
                           "h_sum 12.5\nh_count 6\n");
    assert_next_exposition(&text, renderer, delta_batch(head, &point, 1, 10, 20),
                           "# HELP h H\n# TYPE h histogram\n"
                           "h_bucket{le=\"1\"} 2\nh_bucket{le=\"2\"} 6\nh_bucket{le=\"+Inf\"} 12\n"
                           "h_sum 25\nh_count 12\n");
    point.boundaries = others;
    assert_next_exposition(&text, renderer, delta_batch(head, &point, 1, 20, 30),
                           "# HELP h H\n# TYPE h histogram\n"
                           "h_bucket{le=\"1\"} 1\nh_bucket{le=\"3\"} 3\nh_bucket{le=\"+Inf\"} 6\n"
                           "h_sum 12.5\nh_count 6\n");
    ct_prom_renderer_destroy(renderer);
}

static void exponential_deltas_are_added_up_at_the_lower_scale(void **state)
{
    struct ct_prom_renderer *renderer = new_renderer();
    const cotel_metric_head head = metric_head(COTEL_METRIC_EXPONENTIAL_HISTOGRAM, "e", "", "E");
    const uint64_t fine[] = {1, 1, 1}, coarse[] = {4};
    cotel_point point = {.size = sizeof point,
                         .count = 3,
                         .has_sum = true,
                         .sum = 5,
                         .scale = 1,
                         .positive = {0, 3, fine}};
    free(expose(&text, renderer, NULL));
    cotel_batch *batch = delta_batch(head, &point, 1, 1, 10);
    free(expose(&text, renderer, batch));
    cotel_batch_unref(batch);
    point.scale = 0;
    point.count = 4;
    point.positive = (cotel_buckets){-1, 1, coarse};
    assert_next_exposition(&text, renderer, delta_batch(head, &point, 1, 10, 20),
                           "# HELP e E\n# TYPE e histogram\n"
                           "e_bucket{le=\"0.5\"} 0\ne_bucket{le=\"1\"} 4\ne_bucket{le=\"2\"} 6\n"
                           "e_bucket{le=\"4\"} 7\ne_bucket{le=\"+Inf\"} 7\n"
                           "e_sum 10\ne_count 7\n");
    ct_prom_renderer_destroy(renderer);
}

static void series_of_deltas_are_bounded_in_number(void **state)
{
    enum { TOO_MANY = CT_PROM_MAX_DELTA_SERIES + 5 };
    struct ct_prom_renderer *renderer = new_renderer();
    cotel_metric_head head = metric_head(COTEL_METRIC_SUM, "calls", "", "C");
    head.temporality = COTEL_TEMPORALITY_DELTA;
    for (int round = 1; round <= 2; round++) {
        cotel_metric_writer *writer = metric_batch_begin(NULL);
        assert_true(cotel_metric_writer_metric(writer, &head));
        for (int i = 0; i < TOO_MANY; i++) {
            const cotel_attribute attribute = cotel_attribute_int("i", i);
            cotel_point point = metric_point_int(1, &attribute, 1);
            point.time_unix_ns = (uint64_t)round;
            cotel_metric_writer_point(writer, &point);
        }
        cotel_batch *batch = metric_batch_end(writer);
        char *exposition = expose(&text, renderer, batch);
        int lines = 0;
        for (const char *at = exposition; (at = strchr(at, '\n')); at++)
            lines++;
        assert_int_equal(lines, 2 + CT_PROM_MAX_DELTA_SERIES);
        assert_non_null(strstr(exposition, round == 1 ? "{i=\"7\"} 1\n" : "{i=\"7\"} 2\n"));
        free(exposition);
        cotel_batch_unref(batch);
    }
    struct ct_prom_news news;
    ct_prom_renderer_take_news(renderer, &news);
    assert_int_equal(news.count, 1);
    assert_int_equal(news.items[0].trouble, CT_PROM_TOO_MANY_DELTAS);
    ct_prom_renderer_destroy(renderer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(deltas_of_a_counter_are_added_up),
        cmocka_unit_test(deltas_that_go_down_make_a_gauge),
        cmocka_unit_test(a_delta_that_was_counted_is_not_counted_again),
        cmocka_unit_test(buckets_of_deltas_are_added_up),
        cmocka_unit_test(exponential_deltas_are_added_up_at_the_lower_scale),
        cmocka_unit_test(series_of_deltas_are_bounded_in_number),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
