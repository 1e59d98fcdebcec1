/* SPDX-License-Identifier: Apache-2.0 */
/* What null_arguments.c does, for the exporter for Prometheus. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <cotel/exporters/prometheus.h>

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_needed_without_an_exporter),
        cmocka_unit_test(nothing_is_needed_with_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
