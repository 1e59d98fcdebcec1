/* SPDX-License-Identifier: Apache-2.0 */
/* Metrics that get into each other's way, and what is told of it. */
#include "exposition.h"

#include <cotel/sdk/diagnostics.h>
#include <stdio.h>
#include <stdlib.h>

static const struct exposition text = TEXT, openmetrics = OPENMETRICS;

static unsigned told;
static char last_told[512];

static void hear(void *user, cotel_log_level level, const char *component, const char *message)
{
    assert_int_equal(level, COTEL_LOG_WARNING);
    assert_string_equal(component, "prometheus_exporter");
    told++;
    (void)snprintf(last_told, sizeof last_told, "%s", message);
}

static void tell(struct ct_prom_renderer *renderer)
{
    struct ct_prom_news news;
    told = 0;
    ct_prom_renderer_take_news(renderer, &news);
    cotel_diagnostics_set(hear, NULL, COTEL_LOG_WARNING);
    ct_prom_news_report(&news);
    cotel_diagnostics_set(NULL, NULL, COTEL_LOG_WARNING);
}

static const cotel_point one = {.size = sizeof(cotel_point),
                                .value = {.type = COTEL_NUMBER_INT, .integer = 1}};
static const cotel_point two = {.size = sizeof(cotel_point),
                                .value = {.type = COTEL_NUMBER_INT, .integer = 2}};

/* Renders twice with one renderer: conflicts are told the first time only. */
static void assert_told_once(const struct exposition *how, const struct described_metric *metrics,
                             size_t count, const char *expected, const char *message)
{
    struct ct_prom_renderer *renderer = ct_prom_renderer_create(&how->settings);
    assert_non_null(renderer);
    assert_next_exposition(how, renderer, metric_batch_of(NULL, metrics, count), expected);
    tell(renderer);
    assert_int_equal(told, message ? 1 : 0);
    if (message && !strstr(last_told, message))
        fail_msg("%s does not say %s", last_told, message);
    assert_next_exposition(how, renderer, metric_batch_of(NULL, metrics, count), expected);
    tell(renderer);
    assert_int_equal(told, 0);
    ct_prom_renderer_destroy(renderer);
}

static void a_family_of_several_scopes_has_its_comments_once(void **state)
{
    struct exposition how = TEXT;
    how.settings.scope_labels = true;
    const struct described_metric metrics[] = {
        {"a", NULL, metric_head(COTEL_METRIC_SUM, "calls", "", "C"), &one, 1},
        {"a", NULL, metric_head(COTEL_METRIC_GAUGE, "other", "", "O"), &one, 1},
        {"b", NULL, metric_head(COTEL_METRIC_SUM, "calls", "", "C"), &two, 1}};
    assert_told_once(&how, metrics, 3,
                     "# HELP calls_total C\n"
                     "# TYPE calls_total counter\n"
                     "calls_total{otel_scope_name=\"a\"} 1\n"
                     "calls_total{otel_scope_name=\"b\"} 2\n"
                     "# HELP other O\n"
                     "# TYPE other gauge\n"
                     "other{otel_scope_name=\"a\"} 1\n",
                     NULL);
}

static void names_that_become_one_are_one_family(void **state)
{
    const cotel_attribute attribute = cotel_attribute_string("a", "1");
    const cotel_point point = metric_point_int(2, &attribute, 1);
    const struct described_metric metrics[] = {
        {"a", NULL, metric_head(COTEL_METRIC_GAUGE, "one.two", "", ""), &one, 1},
        {"a", NULL, metric_head(COTEL_METRIC_GAUGE, "one_two", "", "Later"), &point, 1}};
    assert_told_once(&text, metrics, 2,
                     "# HELP one_two Later\n# TYPE one_two gauge\none_two 1\none_two{a=\"1\"} 2\n",
                     NULL);
}

static void a_metric_of_another_type_is_left_out_whole(void **state)
{
    const struct described_metric metrics[] = {
        {"a", NULL, metric_head(COTEL_METRIC_GAUGE, "size", "", "S"), &one, 1},
        {"b", NULL, metric_head(COTEL_METRIC_HISTOGRAM, "size", "", "S"), &one, 1},
        {"c", NULL, metric_head(COTEL_METRIC_GAUGE, "other", "", "O"), &two, 1}};
    assert_told_once(&text, metrics, 3,
                     "# HELP size S\n# TYPE size gauge\nsize 1\n"
                     "# HELP other O\n# TYPE other gauge\nother 2\n",
                     "\"size\" has a name that a metric of another type");
}

static void a_metric_with_the_name_of_anothers_lines_is_left_out(void **state)
{
    const cotel_point histogram = {.size = sizeof(cotel_point), .count = 1};
    const struct described_metric metrics[] = {
        {"a", NULL, metric_head(COTEL_METRIC_GAUGE, "size.count", "", "S"), &one, 1},
        {"b", NULL, metric_head(COTEL_METRIC_HISTOGRAM, "size", "", "S"), &histogram, 1}};
    struct exposition how = TEXT;
    how.is_odd = true;
    assert_told_once(&how, metrics, 2,
                     "# HELP size_count S\n# TYPE size_count gauge\nsize_count 1\n",
                     "\"size\" has a name");
    const struct described_metric turned[] = {metrics[1], metrics[0]};
    assert_told_once(&text, turned, 2,
                     "# HELP size S\n# TYPE size histogram\n"
                     "size_bucket{le=\"+Inf\"} 1\nsize_count 1\n",
                     "\"size.count\" has a name");
}

static void a_counter_and_a_gauge_of_a_name_agree_where_the_format_lets_them(void **state)
{
    const struct described_metric metrics[] = {
        {"a", NULL, metric_head(COTEL_METRIC_SUM, "jobs", "", "J"), &one, 1},
        {"b", NULL, metric_head(COTEL_METRIC_GAUGE, "jobs", "", "J"), &two, 1}};
    assert_told_once(&text, metrics, 2,
                     "# HELP jobs_total J\n# TYPE jobs_total counter\njobs_total 1\n"
                     "# HELP jobs J\n# TYPE jobs gauge\njobs 2\n",
                     NULL);
    assert_told_once(&openmetrics, metrics, 2,
                     "# HELP jobs J\n# TYPE jobs counter\njobs_total 1\n# EOF\n",
                     "\"jobs\" has a name");
}

static void nobody_takes_the_targets_name(void **state)
{
    const cotel_attribute service = cotel_attribute_string("service.name", "agent");
    const struct described_metric metrics[] = {
        {"a", NULL, metric_head(COTEL_METRIC_GAUGE, "target.info", "", "T"), &one, 1}};
    struct exposition how = OPENMETRICS;
    how.settings.target_info = true;
    assert_int_equal(cotel_resource_create(&service, 1, NULL, &how.resource), COTEL_STATUS_OK);
    assert_told_once(&how, metrics, 1,
                     "# HELP target Target metadata\n# TYPE target info\n"
                     "target_info{service_name=\"agent\"} 1\n# EOF\n",
                     "\"target.info\" has a name");
    cotel_resource_unref(how.resource);
}

static void the_first_description_is_shown(void **state)
{
    const cotel_attribute attribute = cotel_attribute_string("a", "1");
    const cotel_point point = metric_point_int(2, &attribute, 1);
    const struct described_metric metrics[] = {
        {"a", NULL, metric_head(COTEL_METRIC_GAUGE, "g", "", "First"), &one, 1},
        {"b", NULL, metric_head(COTEL_METRIC_GAUGE, "g", "", "Second"), &point, 1}};
    assert_told_once(&text, metrics, 2, "# HELP g First\n# TYPE g gauge\ng 1\ng{a=\"1\"} 2\n",
                     "\"g\" has several descriptions");
}

static void the_first_unit_is_shown(void **state)
{
    const cotel_attribute attribute = cotel_attribute_string("a", "1");
    const cotel_point point = metric_point_int(2, &attribute, 1);
    const struct described_metric metrics[] = {
        {"a", NULL, metric_head(COTEL_METRIC_GAUGE, "g_seconds", "s", "G"), &one, 1},
        {"b", NULL, metric_head(COTEL_METRIC_GAUGE, "g_seconds", "ms", "G"), &point, 1}};
    struct exposition how = OPENMETRICS;
    how.settings.translation = COTEL_PROMETHEUS_UNDERSCORES_WITHOUT_SUFFIXES;
    assert_told_once(&how, metrics, 2,
                     "# HELP g_seconds G\n# TYPE g_seconds gauge\n# UNIT g_seconds seconds\n"
                     "g_seconds 1\ng_seconds{a=\"1\"} 2\n# EOF\n",
                     "\"g_seconds\" has several units");
}

static void of_equal_series_the_first_stays(void **state)
{
    const struct described_metric metrics[] = {
        {"a", NULL, metric_head(COTEL_METRIC_SUM, "calls", "", "C"), &one, 1},
        {"b", NULL, metric_head(COTEL_METRIC_SUM, "calls", "", "C"), &two, 1}};
    assert_told_once(&text, metrics, 2,
                     "# HELP calls_total C\n# TYPE calls_total counter\ncalls_total 1\n",
                     "\"calls\" has several series with the same labels");
}

static void values_that_differ_only_by_their_type_are_equal_series(void **state)
{
    const cotel_attribute attributes[] = {cotel_attribute_int("a", 1),
                                          cotel_attribute_string("a", "1")};
    const cotel_point points[] = {metric_point_int(1, &attributes[0], 1),
                                  metric_point_int(2, &attributes[1], 1)};
    const struct described_metric metric = {
        "a", NULL, metric_head(COTEL_METRIC_GAUGE, "g", "", "G"), points, 2};
    assert_told_once(&text, &metric, 1, "# HELP g G\n# TYPE g gauge\ng{a=\"1\"} 1\n",
                     "\"g\" has several series");
}

static void a_name_of_which_nothing_is_left_is_left_out(void **state)
{
    const struct described_metric metric = {
        "a", NULL, metric_head(COTEL_METRIC_GAUGE, "名前", "", "N"), &one, 1};
    assert_told_once(&text, &metric, 1, "", "\"名前\" has a name of which nothing is left");
}

static void news_that_do_not_fit_come_later(void **state)
{
    enum { CONFLICTS = CT_PROM_MAX_NEWS + 3 };
    struct ct_prom_renderer *renderer = ct_prom_renderer_create(&text.settings);
    char names[CONFLICTS][8];
    struct described_metric metrics[2 * CONFLICTS];
    for (int i = 0; i < CONFLICTS; i++) {
        (void)snprintf(names[i], sizeof names[i], "g%d", i);
        for (int j = 0; j < 2; j++)
            metrics[2 * i + j] = (struct described_metric){
                "a", NULL, metric_head(COTEL_METRIC_GAUGE, names[i], "", j ? "B" : "A"),
                j ? &two : &one, 1};
        metrics[2 * i + 1].head.type = COTEL_METRIC_HISTOGRAM;
    }
    const unsigned expected[] = {CT_PROM_MAX_NEWS, 3, 0};
    for (int i = 0; i < 3; i++) {
        cotel_batch *batch = metric_batch_of(NULL, metrics, 2 * CONFLICTS);
        free(expose(&text, renderer, batch));
        cotel_batch_unref(batch);
        tell(renderer);
        assert_int_equal(told, expected[i]);
    }
    ct_prom_renderer_destroy(renderer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_family_of_several_scopes_has_its_comments_once),
        cmocka_unit_test(names_that_become_one_are_one_family),
        cmocka_unit_test(a_metric_of_another_type_is_left_out_whole),
        cmocka_unit_test(a_metric_with_the_name_of_anothers_lines_is_left_out),
        cmocka_unit_test(a_counter_and_a_gauge_of_a_name_agree_where_the_format_lets_them),
        cmocka_unit_test(nobody_takes_the_targets_name),
        cmocka_unit_test(the_first_description_is_shown),
        cmocka_unit_test(the_first_unit_is_shown),
        cmocka_unit_test(of_equal_series_the_first_stays),
        cmocka_unit_test(values_that_differ_only_by_their_type_are_equal_series),
        cmocka_unit_test(a_name_of_which_nothing_is_left_is_left_out),
        cmocka_unit_test(news_that_do_not_fit_come_later),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
