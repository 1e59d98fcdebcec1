/* SPDX-License-Identifier: Apache-2.0 */
/* What null_arguments.c does, for the exporter for Prometheus. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <cotel/exporters/prometheus.h>
#include <cotel/prom.h>
#include <cotel/sdk/metric_reader.h>

static const cotel_str no_data = {NULL, 5};

static void expositions(cotel_prometheus_exporter *exporter)
{
    cotel_prometheus_exposition none = {.size = 0};
    cotel_prometheus_exposition exposition = COTEL_PROMETHEUS_EXPOSITION_INIT;
    cotel_prometheus_negotiate(no_data, no_data, NULL);
    cotel_prometheus_negotiate(no_data, no_data, &none);
    cotel_prometheus_negotiate(no_data, no_data, &exposition);
    assert_false(exposition.gzip);
    assert_int_equal(cotel_prometheus_exporter_render(exporter, 0, NULL),
                     COTEL_STATUS_INVALID_ARGUMENT);
    assert_int_equal(cotel_prometheus_exporter_render(exporter, 0, &none),
                     COTEL_STATUS_INVALID_ARGUMENT);
    assert_int_equal(cotel_prometheus_exporter_render(NULL, 0, &exposition),
                     COTEL_STATUS_INVALID_ARGUMENT);
    assert_int_equal(cotel_prometheus_exporter_render_to(exporter, 0, &exposition, NULL, NULL),
                     COTEL_STATUS_INVALID_ARGUMENT);
    assert_int_equal(cotel_prometheus_exporter_write_file(exporter, NULL, COTEL_PROMETHEUS_TEXT, 0),
                     COTEL_STATUS_INVALID_ARGUMENT);
    assert_int_equal(cotel_prometheus_exporter_write_file(NULL, "a.prom", COTEL_PROMETHEUS_TEXT, 0),
                     COTEL_STATUS_INVALID_ARGUMENT);
    cotel_prometheus_exposition_fini(&exposition);
    cotel_prometheus_exposition_fini(&none);
    cotel_prometheus_exposition_fini(NULL);
}

static void nothing_is_needed_without_an_exporter(void **state)
{
    cotel_prometheus_exporter *exporter = NULL;
    const cotel_prometheus_options no_options = {.size = 0};
    cotel_prometheus_counts counts = {.size = sizeof counts, .scrapes = 1}, no_counts = {.size = 0};
    cotel_prometheus_options_init(NULL);
    assert_int_equal(cotel_prometheus_exporter_create(NULL, NULL), COTEL_STATUS_INVALID_ARGUMENT);
    assert_int_equal(cotel_prometheus_exporter_create(&no_options, &exporter),
                     COTEL_STATUS_INVALID_ARGUMENT);
    assert_null(exporter);
    assert_null(cotel_prometheus_exporter_as_reader(NULL));
    assert_int_equal(cotel_prometheus_exporter_start(NULL), COTEL_STATUS_INVALID_ARGUMENT);
    assert_string_equal(cotel_prometheus_exporter_address(NULL), "");
    assert_int_equal(cotel_prometheus_exporter_port(NULL), 0);
    cotel_prometheus_stats(NULL, NULL);
    cotel_prometheus_stats(NULL, &no_counts);
    cotel_prometheus_stats(NULL, &counts);
    assert_int_equal(counts.scrapes, 0);
    cotel_prometheus_exporter_destroy(NULL);
    expositions(NULL);
}

static void nothing_is_needed_with_one(void **state)
{
    cotel_prometheus_exporter *exporter = NULL;
    cotel_prometheus_options options = COTEL_PROMETHEUS_OPTIONS_INIT;
    options.listen = false;
    assert_int_equal(cotel_prometheus_exporter_create(&options, &exporter), COTEL_STATUS_OK);
    cotel_prometheus_stats(exporter, NULL);
    expositions(exporter);
    cotel_prometheus_exporter_destroy(exporter);
}

static void recording_without_anything(void)
{
    cotel_prom_counter_inc(NULL);
    cotel_prom_counter_add(NULL, 1);
    cotel_prom_gauge_set(NULL, 1);
    cotel_prom_gauge_add(NULL, 1);
    cotel_prom_gauge_sub(NULL, 1);
    cotel_prom_gauge_inc(NULL);
    cotel_prom_gauge_dec(NULL);
    cotel_prom_gauge_set_to_current_time(NULL);
    cotel_prom_histogram_observe(NULL, 1);
    cotel_prom_summary_observe(NULL, 1);
    assert_null(cotel_prom_counter_with(NULL, NULL, 1));
    assert_null(cotel_prom_gauge_with(NULL, NULL, 1));
    assert_null(cotel_prom_histogram_with(NULL, NULL, 1));
    assert_null(cotel_prom_summary_with(NULL, NULL, 1));
}

static void metrics_without_names(cotel_prom_registry *registry)
{
    assert_null(cotel_prom_counter_get(registry, NULL, NULL));
    assert_null(cotel_prom_gauge_get(registry, NULL, NULL));
    assert_null(cotel_prom_histogram_get(registry, NULL, NULL, NULL));
    assert_null(cotel_prom_summary_get(registry, NULL, NULL, NULL));
    assert_null(cotel_prom_counter_vec_get(registry, "a_total", NULL, NULL, 1));
    assert_null(cotel_prom_gauge_vec_get(registry, "a", NULL, NULL, 1));
    assert_null(cotel_prom_histogram_vec_get(registry, "a", NULL, NULL, 1, NULL));
    assert_null(cotel_prom_summary_vec_get(registry, "a", NULL, NULL, 1, NULL));
}

static void the_face_of_client_libraries_needs_nothing(void **state)
{
    const cotel_prom_options no_options = {.size = 0};
    cotel_prom_registry *registry = NULL;
    cotel_prom_counts counts = {.size = sizeof counts, .metrics = 1}, no_counts = {.size = 0};
    cotel_prom_options_init(NULL);
    cotel_prom_summary_options_init(NULL);
    assert_int_equal(cotel_prom_start(NULL, NULL), COTEL_STATUS_INVALID_ARGUMENT);
    assert_int_equal(cotel_prom_start(&no_options, &registry), COTEL_STATUS_INVALID_ARGUMENT);
    assert_int_equal(cotel_prom_registry_create(NULL, NULL), COTEL_STATUS_INVALID_ARGUMENT);
    assert_int_equal(cotel_prom_registry_set_provider(NULL, NULL), COTEL_STATUS_INVALID_ARGUMENT);
    assert_null(cotel_prom_registry_exporter(NULL));
    cotel_prom_stats(NULL, NULL);
    cotel_prom_stats(NULL, &no_counts);
    cotel_prom_stats(NULL, &counts);
    assert_int_equal(counts.metrics, 0);
    recording_without_anything();
    metrics_without_names(NULL);
    assert_false(cotel_prom_linear_buckets(0, 1, 1, NULL));
    assert_false(cotel_prom_exponential_buckets(1, 2, 1, NULL));
    assert_false(cotel_prom_exponential_buckets_range(1, 2, 2, NULL));
    cotel_prom_registry_destroy(NULL);
}

static void a_registry_takes_no_data(void **state)
{
    cotel_prom_registry *registry = NULL;
    assert_int_equal(cotel_prom_registry_create(NULL, &registry), COTEL_STATUS_OK);
    assert_int_equal(cotel_prom_registry_set_provider(registry, NULL),
                     COTEL_STATUS_INVALID_ARGUMENT);
    assert_null(cotel_prom_registry_exporter(registry));
    metrics_without_names(registry);
    cotel_metric_producer *producer = cotel_prom_producer_create(NULL);
    assert_non_null(producer);
    producer->ops->destroy(producer);
    cotel_prom_stats(registry, NULL);
    cotel_prom_registry_destroy(registry);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_needed_without_an_exporter),
        cmocka_unit_test(nothing_is_needed_with_one),
        cmocka_unit_test(the_face_of_client_libraries_needs_nothing),
        cmocka_unit_test(a_registry_takes_no_data),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
