/* SPDX-License-Identifier: Apache-2.0 */
/* Labels: of attributes, of scopes, of the resource. */
#include "exposition.h"

#include <math.h>
#include <stdio.h>

/* Renders one gauge, `g`, with these attributes. */
static void assert_labels(const struct exposition *how, const cotel_attribute *attributes,
                          size_t count, const char *line)
{
    const cotel_point point = metric_point_int(1, attributes, count);
    const struct described_metric metric = {
        "lib", "1.2", metric_head(COTEL_METRIC_GAUGE, "g", "", "G"), &point, 1};
    char expected[2048];
    (void)snprintf(expected, sizeof expected, "# HELP g G\n# TYPE g gauge\n%s%s", line,
                   how->format == COTEL_PROMETHEUS_OPENMETRICS ? "# EOF\n" : "");
    assert_exposition(how, metric_batch_of(NULL, &metric, 1), expected);
}

static const struct exposition text = TEXT;

static void labels_are_sorted_by_name(void **state)
{
    const cotel_attribute attributes[] = {cotel_attribute_string("c", "3"),
                                          cotel_attribute_string("a.b", "1"),
                                          cotel_attribute_string("a1", "2")};
    assert_labels(&text, attributes, 3, "g{a1=\"2\",a_b=\"1\",c=\"3\"} 1\n");
}

static void keys_that_become_one_are_joined_in_the_order_of_the_keys(void **state)
{
    const cotel_attribute attributes[] = {
        cotel_attribute_string("a_b", "third"), cotel_attribute_string("a.b", "second"),
        cotel_attribute_string("a-b", "first"), cotel_attribute_string("z", "9")};
    assert_labels(&text, attributes, 4, "g{a_b=\"first;second;third\",z=\"9\"} 1\n");
}

static void values_that_are_no_strings_are_json(void **state)
{
    const cotel_str words[] = {{"a\"b", 3}, {"\n", 1}};
    const double numbers[] = {1.5, NAN, INFINITY};
    const cotel_attribute inner[] = {cotel_attribute_int("n", -1),
                                     cotel_attribute_of("e", cotel_value_empty())};
    const cotel_attribute attributes[] = {
        cotel_attribute_bool("bool", true),
        cotel_attribute_of("bytes", cotel_value_bytes("\x00\xff\x10\x20", 4)),
        cotel_attribute_double("double", 2),
        cotel_attribute_int("int", -7),
        cotel_attribute_of("list", cotel_value_double_array(numbers, 3)),
        cotel_attribute_of("map", cotel_value_map(inner, 2)),
        cotel_attribute_double("nan", NAN),
        cotel_attribute_of("words", cotel_value_string_array(words, 2))};
    assert_labels(&text, attributes, 8,
                  "g{bool=\"true\",bytes=\"AP8QIA==\",double=\"2\",int=\"-7\","
                  "list=\"[1.5,\\\"NaN\\\",\\\"Infinity\\\"]\","
                  "map=\"{\\\"n\\\":-1,\\\"e\\\":null}\",nan=\"NaN\","
                  "words=\"[\\\"a\\\\\\\"b\\\",\\\"\\\\n\\\"]\"} 1\n");
}

static void an_empty_value_is_no_label(void **state)
{
    const cotel_attribute attributes[] = {cotel_attribute_string("a", ""),
                                          cotel_attribute_of("b", cotel_value_empty()),
                                          cotel_attribute_string("c", "x")};
    assert_labels(&text, attributes, 2, "g 1\n");
    assert_labels(&text, attributes, 3, "g{c=\"x\"} 1\n");
}

static void an_empty_value_counts_where_keys_are_joined(void **state)
{
    const cotel_attribute attributes[] = {cotel_attribute_string("a.b", ""),
                                          cotel_attribute_string("a_b", "x")};
    assert_labels(&text, attributes, 2, "g{a_b=\";x\"} 1\n");
}

static void values_are_escaped(void **state)
{
    const cotel_attribute attributes[] = {
        cotel_attribute_string("path", "C:\\dir \"x\"\nmore, and {braces}"),
        cotel_attribute_string("utf8", "größe 名前")};
    assert_labels(&text, attributes, 2,
                  "g{path=\"C:\\\\dir \\\"x\\\"\\nmore, and {braces}\",utf8=\"größe 名前\"} 1\n");
}

static void help_is_escaped_as_its_format_wants(void **state)
{
    const cotel_point point = metric_point_int(1, NULL, 0);
    const struct described_metric metric = {
        "lib", NULL, metric_head(COTEL_METRIC_GAUGE, "g", "", "a \"b\" \\ \n c"), &point, 1};
    const struct exposition openmetrics = OPENMETRICS;
    assert_exposition(&text, metric_batch_of(NULL, &metric, 1),
                      "# HELP g a \"b\" \\\\ \\n c\n# TYPE g gauge\ng 1\n");
    assert_exposition(&openmetrics, metric_batch_of(NULL, &metric, 1),
                      "# HELP g a \\\"b\\\" \\\\ \\n c\n# TYPE g gauge\ng 1\n# EOF\n");
}

static void a_scope_is_on_every_series(void **state)
{
    struct exposition how = TEXT;
    how.settings.scope_labels = true;
    const cotel_attribute a = cotel_attribute_string("a", "1");
    assert_labels(&how, &a, 1, "g{a=\"1\",otel_scope_name=\"lib\",otel_scope_version=\"1.2\"} 1\n");
}

static void attributes_of_a_scope_are_too_unless_they_are_what_it_has_already(void **state)
{
    struct exposition how = TEXT;
    how.settings.scope_labels = true;
    const cotel_attribute of_scope[] = {
        cotel_attribute_string("name", "no"), cotel_attribute_string("schema.url", "no"),
        cotel_attribute_string("team.id", "x"), cotel_attribute_int("n", 3)};
    const cotel_metric_head head = metric_head(COTEL_METRIC_GAUGE, "g", "", "G");
    const cotel_attribute attribute = cotel_attribute_string("otel.scope.name", "mine");
    const cotel_point points[] = {metric_point_int(1, NULL, 0), metric_point_int(2, &attribute, 1)};
    cotel_metric_writer *writer = metric_batch_begin(NULL);
    cotel_metric_writer_scope(writer, "lib", NULL, "https://x", of_scope, 4);
    assert_true(cotel_metric_writer_metric(writer, &head));
    cotel_metric_writer_point(writer, &points[0]);
    cotel_metric_writer_point(writer, &points[1]);
    assert_exposition(&how, metric_batch_end(writer),
                      "# HELP g G\n"
                      "# TYPE g gauge\n"
                      "g{otel_scope_n=\"3\",otel_scope_name=\"lib\","
                      "otel_scope_schema_url=\"https://x\",otel_scope_team_id=\"x\"} 1\n"
                      "g{otel_scope_n=\"3\",otel_scope_name=\"mine;lib\","
                      "otel_scope_schema_url=\"https://x\",otel_scope_team_id=\"x\"} 2\n");
}

static void le_and_quantile_are_not_for_attributes(void **state)
{
    const cotel_attribute attributes[] = {cotel_attribute_string("le", "1"),
                                          cotel_attribute_string("quantile", "2")};
    const cotel_point histogram = {
        .size = sizeof(cotel_point), .attributes = attributes, .attribute_count = 2, .count = 1};
    const cotel_quantile_data quantiles[] = {{0.5, 3}};
    cotel_point summary = histogram;
    summary.quantiles = quantiles;
    summary.quantile_count = 1;
    summary.has_sum = true;
    const struct described_metric metrics[] = {
        {"lib", NULL, metric_head(COTEL_METRIC_HISTOGRAM, "h", "", "H"), &histogram, 1},
        {"lib", NULL, metric_head(COTEL_METRIC_SUMMARY, "s", "", "S"), &summary, 1}};
    struct exposition how = TEXT;
    how.is_odd = true; /* it wants no quantile of a histogram, and no le of a summary */
    assert_exposition(&how, metric_batch_of(NULL, metrics, 2),
                      "# HELP h H\n"
                      "# TYPE h histogram\n"
                      "h_bucket{exported_le=\"1\",quantile=\"2\",le=\"+Inf\"} 1\n"
                      "h_count{exported_le=\"1\",quantile=\"2\"} 1\n"
                      "# HELP s S\n"
                      "# TYPE s summary\n"
                      "s_count{exported_quantile=\"2\",le=\"1\"} 1\n"
                      "s_sum{exported_quantile=\"2\",le=\"1\"} 0\n"
                      "s{exported_quantile=\"2\",le=\"1\",quantile=\"0.5\"} 3\n");
}

static void many_sets_of_keys_are_kept_apart(void **state)
{
    enum { SETS = 40 };
    struct exposition how = TEXT;
    char keys[SETS][8], expected[4096] = "# HELP g G\n# TYPE g gauge\n";
    cotel_attribute attributes[SETS];
    cotel_point points[2 * SETS];
    for (int i = 0; i < 2 * SETS; i++) {
        int set = i % SETS;
        (void)snprintf(keys[set], sizeof keys[set], "k%02d", set);
        attributes[set] = cotel_attribute_string(keys[set], "v");
        points[i] = metric_point_int(i, &attributes[set], 1);
        size_t used = strlen(expected);
        if (i < SETS)
            (void)snprintf(expected + used, sizeof expected - used, "g{k%02d=\"v\"} %d\n", set, i);
    }
    const struct described_metric metric = {
        "lib", NULL, metric_head(COTEL_METRIC_GAUGE, "g", "", "G"), points, 2 * SETS};
    assert_exposition(&how, metric_batch_of(NULL, &metric, 1), expected);
}

static cotel_resource *resource_of(const cotel_attribute *attributes, size_t count)
{
    cotel_resource *resource = NULL;
    assert_int_equal(cotel_resource_create(attributes, count, NULL, &resource), COTEL_STATUS_OK);
    return resource;
}

static void the_resource_is_a_metric(void **state)
{
    const cotel_attribute attributes[] = {cotel_attribute_string("service.name", "agent"),
                                          cotel_attribute_int("process.pid", 7)};
    cotel_resource *resource = resource_of(attributes, 2);
    struct exposition how = TEXT;
    how.settings.target_info = true;
    how.settings.scope_labels = true;
    how.resource = resource;
    const cotel_point point = metric_point_int(1, NULL, 0);
    const struct described_metric metric = {
        "lib", NULL, metric_head(COTEL_METRIC_GAUGE, "g", "", "G"), &point, 1};
    assert_exposition(&how, metric_batch_of(NULL, &metric, 1),
                      "# HELP target_info Target metadata\n"
                      "# TYPE target_info gauge\n"
                      "target_info{process_pid=\"7\",service_name=\"agent\"} 1\n"
                      "# HELP g G\n"
                      "# TYPE g gauge\n"
                      "g{otel_scope_name=\"lib\"} 1\n");
    how.format = COTEL_PROMETHEUS_OPENMETRICS;
    assert_exposition(&how, NULL,
                      "# HELP target Target metadata\n"
                      "# TYPE target info\n"
                      "target_info{process_pid=\"7\",service_name=\"agent\"} 1\n"
                      "# EOF\n");
    how.settings.target_info = false;
    assert_exposition(&how, NULL, "# EOF\n");
    cotel_resource_unref(resource);
}

static void an_empty_resource_is_none(void **state)
{
    struct exposition how = TEXT;
    how.settings.target_info = true;
    how.resource = resource_of(NULL, 0);
    assert_exposition(&how, NULL, "");
    cotel_resource_unref(how.resource);
}

static void chosen_attributes_of_the_resource_are_labels_of_all(void **state)
{
    const cotel_attribute attributes[] = {cotel_attribute_string("service.name", "agent"),
                                          cotel_attribute_string("service.version", "1"),
                                          cotel_attribute_string("host.name", "h")};
    const char *include[] = {"service.*", "h?st"}, *exclude[] = {"*.version"};
    struct exposition how = TEXT;
    how.settings.include = (struct ct_prom_patterns){include, 2};
    how.settings.exclude = (struct ct_prom_patterns){exclude, 1};
    how.settings.target_info = true;
    how.resource = resource_of(attributes, 3);
    const cotel_point point = metric_point_int(1, NULL, 0);
    const struct described_metric metric = {
        "lib", NULL, metric_head(COTEL_METRIC_GAUGE, "g", "", "G"), &point, 1};
    assert_exposition(
        &how, metric_batch_of(NULL, &metric, 1),
        "# HELP target_info Target metadata\n"
        "# TYPE target_info gauge\n"
        "target_info{host_name=\"h\",service_name=\"agent\",service_version=\"1\"} 1\n"
        "# HELP g G\n"
        "# TYPE g gauge\n"
        "g{service_name=\"agent\"} 1\n");
    cotel_resource_unref(how.resource);
}

static void escaping_holds_for_all_labels(void **state)
{
    struct exposition how = TEXT;
    how.settings.translation = COTEL_PROMETHEUS_NO_TRANSLATION;
    how.settings.scope_labels = true;
    how.escaping = COTEL_PROMETHEUS_ESCAPE_DOTS;
    const cotel_attribute a = cotel_attribute_string("http.method", "GET");
    assert_labels(&how, &a, 1,
                  "g{http_dot_method=\"GET\",otel__scope__name=\"lib\","
                  "otel__scope__version=\"1.2\"} 1\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(labels_are_sorted_by_name),
        cmocka_unit_test(keys_that_become_one_are_joined_in_the_order_of_the_keys),
        cmocka_unit_test(values_that_are_no_strings_are_json),
        cmocka_unit_test(an_empty_value_is_no_label),
        cmocka_unit_test(an_empty_value_counts_where_keys_are_joined),
        cmocka_unit_test(values_are_escaped),
        cmocka_unit_test(help_is_escaped_as_its_format_wants),
        cmocka_unit_test(a_scope_is_on_every_series),
        cmocka_unit_test(attributes_of_a_scope_are_too_unless_they_are_what_it_has_already),
        cmocka_unit_test(le_and_quantile_are_not_for_attributes),
        cmocka_unit_test(many_sets_of_keys_are_kept_apart),
        cmocka_unit_test(the_resource_is_a_metric),
        cmocka_unit_test(an_empty_resource_is_none),
        cmocka_unit_test(chosen_attributes_of_the_resource_are_labels_of_all),
        cmocka_unit_test(escaping_holds_for_all_labels),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
