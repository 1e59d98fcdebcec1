/* SPDX-License-Identifier: Apache-2.0 */
/* Metrics as client libraries have them, in what Prometheus then reads. With COTEL_EXPOSITIONS set,
 * expositions are left in that folder for others to judge. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <cotel/exporters/prometheus.h>
#include <cotel/prom.h>
#include <cotel/sdk/diagnostics.h>
#include <cotel/sdk/meter_provider.h>

#include <math.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static cotel_prom_registry *registry;
static size_t told;
static char last_told[512];

static void remember(void *user, cotel_log_level level, const char *component, const char *message)
{
    (void)user;
    (void)level;
    (void)component;
    told++;
    (void)snprintf(last_told, sizeof last_told, "%s", message);
}

static const cotel_prometheus_options *quiet(void)
{
    static cotel_prometheus_options options;
    cotel_prometheus_options_init(&options);
    options.listen = false;
    options.scope_labels = false;
    options.target_info = false;
    return &options;
}

/* Instruments are for ever: a meter for each test, so that no name is taken yet. */
static void start_with(cotel_prom_options options)
{
    static unsigned number;
    char meter[32];
    (void)snprintf(meter, sizeof meter, "test %u", number++);
    options.meter_name = meter;
    options.exporter = quiet();
    assert_int_equal(cotel_prom_start(&options, &registry), COTEL_STATUS_OK);
    told = 0;
}

static int start(void **state)
{
    (void)state;
    cotel_diagnostics_set(remember, NULL, COTEL_LOG_WARNING);
    start_with((cotel_prom_options)COTEL_PROM_OPTIONS_INIT);
    return 0;
}

static int stop(void **state)
{
    (void)state;
    cotel_prom_registry_destroy(registry);
    assert_null(cotel_meter_provider_global());
    cotel_diagnostics_set(NULL, NULL, COTEL_LOG_WARNING);
    return 0;
}

/* ---- expositions ---- */

static void keep(const char *body, bool is_text)
{
    static unsigned number;
    const char *folder = getenv("COTEL_EXPOSITIONS");
    char path[4096];
    if (!folder)
        return;
    (void)snprintf(path, sizeof path, "%s/prom-%u.%s", folder, number++, is_text ? "txt" : "om");
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(body, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static char *render(cotel_prometheus_format format)
{
    cotel_prometheus_exposition exposition = COTEL_PROMETHEUS_EXPOSITION_INIT;
    exposition.format = format;
    assert_int_equal(
        cotel_prometheus_exporter_render(cotel_prom_registry_exporter(registry), 5000, &exposition),
        COTEL_STATUS_OK);
    char *body = strdup(exposition.body);
    assert_non_null(body);
    cotel_prometheus_exposition_fini(&exposition);
    return body;
}

/* Both formats are rendered, and kept for the judges; the text is compared. */
static void assert_exposed(const char *expected)
{
    char *text = render(COTEL_PROMETHEUS_TEXT), *open = render(COTEL_PROMETHEUS_OPENMETRICS);
    keep(text, true);
    keep(open, false);
    assert_string_equal(text, expected);
    free(text);
    free(open);
}

static void assert_has(const char *line)
{
    char *text = render(COTEL_PROMETHEUS_TEXT);
    if (!strstr(text, line))
        fail_msg("no %s in\n%s", line, text);
    free(text);
}

static void assert_has_not(const char *line)
{
    char *text = render(COTEL_PROMETHEUS_TEXT);
    if (strstr(text, line))
        fail_msg("%s in\n%s", line, text);
    free(text);
}

static void assert_told(const char *words)
{
    if (told != 1 || !strstr(last_told, words))
        fail_msg("told %zu times, \"%s\", not \"%s\"", told, last_told, words);
    told = 0;
}

static cotel_prom_counts counts(void)
{
    cotel_prom_counts now = {.size = sizeof now};
    cotel_prom_stats(registry, &now);
    return now;
}

/* ---- counters ---- */

static void a_counter_is_there_with_zero_and_counts(void **state)
{
    (void)state;
    cotel_prom_counter *jobs = cotel_prom_counter_get(registry, "jobs_total", "Jobs done.");
    assert_exposed("# HELP jobs_total Jobs done.\n# TYPE jobs_total counter\njobs_total 0\n");
    cotel_prom_counter_inc(jobs);
    cotel_prom_counter_add(jobs, 2.5);
    assert_exposed("# HELP jobs_total Jobs done.\n# TYPE jobs_total counter\njobs_total 3.5\n");
    assert_int_equal(told, 0);
}

static void a_counter_with_labels_has_children(void **state)
{
    (void)state;
    const char *const labels[] = {"method", "code"};
    cotel_prom_counter_vec *requests =
        cotel_prom_counter_vec_get(registry, "requests_total", "Requests.", labels, 2);
    cotel_prom_counter_inc(cotel_prom_counter_with(requests, COTEL_PROM_VALUES("GET", "200")));
    cotel_prom_counter_inc(cotel_prom_counter_with(requests, COTEL_PROM_VALUES("GET", "200")));
    cotel_prom_counter_inc(cotel_prom_counter_with(requests, COTEL_PROM_VALUES("200", "GET")));
    assert_has("requests_total{code=\"200\",method=\"GET\"} 2\n");
    assert_has("requests_total{code=\"GET\",method=\"200\"} 1\n");
    assert_ptr_equal(cotel_prom_counter_with(requests, COTEL_PROM_VALUES("a", "b")),
                     cotel_prom_counter_with(requests, COTEL_PROM_VALUES("a", "b")));
    assert_ptr_not_equal(cotel_prom_counter_with(requests, COTEL_PROM_VALUES("a", "b")),
                         cotel_prom_counter_with(requests, COTEL_PROM_VALUES("ab", "")));
    assert_int_equal(counts().children, 4);
}

static void values_with_one_hash_are_two_children(void **state)
{
    (void)state;
    const char *const labels[] = {"a"};
    cotel_prom_counter_vec *c = cotel_prom_counter_vec_get(registry, "c_total", "C.", labels, 1);
    cotel_prom_counter_inc(cotel_prom_counter_with(c, COTEL_PROM_VALUES("8yn0iYCKYHlIj4-BwPqk")));
    cotel_prom_counter_inc(cotel_prom_counter_with(c, COTEL_PROM_VALUES("GReLUrM4wMqfg9yzV3KQ")));
    assert_has("c_total{a=\"8yn0iYCKYHlIj4-BwPqk\"} 1\n");
    assert_has("c_total{a=\"GReLUrM4wMqfg9yzV3KQ\"} 1\n");
}

static void what_would_lower_a_counter_is_refused_and_told(void **state)
{
    (void)state;
    cotel_prom_counter *jobs = cotel_prom_counter_get(registry, "jobs_total", "Jobs.");
    cotel_prom_counter_add(jobs, 4);
    cotel_prom_counter_add(jobs, -1);
    assert_told("negative or not finite");
    cotel_prom_counter_add(jobs, (double)NAN);
    cotel_prom_counter_add(jobs, HUGE_VAL);
    assert_has("jobs_total 4\n");
    cotel_metric_counts sdk = {.size = sizeof sdk};
    cotel_metric_stats(NULL, &sdk);
    assert_int_equal(sdk.refused, 3);
}

/* ---- names ---- */

static void names_come_out_as_they_are_written(void **state)
{
    (void)state;
    cotel_prom_counter_inc(cotel_prom_counter_get(registry, "read_bytes_total", "R."));
    cotel_prom_gauge_set(cotel_prom_gauge_get(registry, "heap_bytes", "H."), 1);
    cotel_prom_gauge_set(cotel_prom_gauge_get(registry, "used_ratio", "U."), 0.5);
    cotel_prom_gauge_set(cotel_prom_gauge_get(registry, "Odd_Case", "O."), 3);
    cotel_prom_histogram_observe(cotel_prom_histogram_get(registry, "wait_seconds", "W.", NULL), 1);
    assert_has("\nread_bytes_total 1\n");
    assert_has("\nheap_bytes 1\n");
    assert_has("\nused_ratio 0.5\n");
    assert_has("\nOdd_Case 3\n");
    assert_has("\nwait_seconds_sum 1\n");
    assert_has_not("total_total");
    assert_has_not("seconds_seconds");
    assert_int_equal(told, 0);
}

static void a_counter_without_total_gets_it_and_is_told(void **state)
{
    (void)state;
    cotel_prom_counter_inc(cotel_prom_counter_get(registry, "errors", "E."));
    assert_told("\"errors\" is a counter: it comes out with _total");
    assert_has("\nerrors_total 1\n");
}

static void runs_of_underscores_are_told(void **state)
{
    (void)state;
    cotel_prom_gauge_set(cotel_prom_gauge_get(registry, "a__b", "A."), 1);
    assert_told("\"a__b\" comes out with runs of underscores as one");
    assert_has("\na_b 1\n");
}

static void a_prefix_stands_before_every_name(void **state)
{
    (void)stop(state);
    cotel_diagnostics_set(remember, NULL, COTEL_LOG_WARNING);
    start_with((cotel_prom_options){
        .size = sizeof(cotel_prom_options), .name_prefix = "shop_web", .max_children = 10});
    cotel_prom_counter_inc(cotel_prom_counter_get(registry, "orders_total", "O."));
    (void)cotel_prom_summary_get(registry, "wait_seconds", "W.", NULL);
    assert_exposed("# HELP shop_web_orders_total O.\n# TYPE shop_web_orders_total counter\n"
                   "shop_web_orders_total 1\n"
                   "# HELP shop_web_wait_seconds W.\n# TYPE shop_web_wait_seconds summary\n"
                   "shop_web_wait_seconds_count 0\nshop_web_wait_seconds_sum 0\n");
}

static void labels_of_a_registry_are_on_everything(void **state)
{
    (void)stop(state);
    cotel_diagnostics_set(remember, NULL, COTEL_LOG_WARNING);
    const cotel_prom_label zone[] = {{"zone", "a"}, {"le", "x"}};
    cotel_prom_options options = COTEL_PROM_OPTIONS_INIT;
    options.labels = zone;
    options.label_count = 2;
    start_with(options);
    const char *const labels[] = {"kind"}, *const zones[] = {"zone"};
    cotel_prom_gauge_set(
        cotel_prom_gauge_with(cotel_prom_gauge_vec_get(registry, "g", "G.", labels, 1),
                              COTEL_PROM_VALUES("x")),
        1);
    cotel_prom_counter_inc(cotel_prom_counter_get(registry, "c_total", "C."));
    (void)cotel_prom_summary_get(registry, "s", "S.", NULL);
    assert_has("g{kind=\"x\",le=\"x\",zone=\"a\"} 1\n");
    assert_has("c_total{le=\"x\",zone=\"a\"} 1\n");
    assert_has("s_count{le=\"x\",zone=\"a\"} 0\n");
    assert_null(cotel_prom_counter_vec_get(registry, "d_total", "D.", zones, 1));
    assert_null(cotel_prom_histogram_get(registry, "h", "H.", NULL));
}

/* ---- gauges ---- */

static void a_gauge_is_set_and_goes_up_and_down(void **state)
{
    (void)state;
    cotel_prom_gauge *open = cotel_prom_gauge_get(registry, "open_files", "O.");
    assert_has("open_files 0\n");
    cotel_prom_gauge_set(open, 10);
    cotel_prom_gauge_inc(open);
    cotel_prom_gauge_add(open, 2.25);
    cotel_prom_gauge_dec(open);
    cotel_prom_gauge_sub(open, 20);
    assert_exposed("# HELP open_files O.\n# TYPE open_files gauge\nopen_files -7.75\n");
    cotel_prom_gauge_set(open, (double)NAN);
    assert_has("open_files NaN\n");
    cotel_prom_gauge_set(open, -HUGE_VAL);
    assert_has("open_files -Inf\n");
}

static void a_gauge_tells_the_time(void **state)
{
    (void)state;
    cotel_prom_gauge_set_to_current_time(cotel_prom_gauge_get(registry, "last_seconds", "L."));
    char *text = render(COTEL_PROMETHEUS_TEXT);
    double seconds = strtod(strstr(text, "\nlast_seconds ") + strlen("\nlast_seconds "), NULL);
    assert_true(fabs(seconds - (double)time(NULL)) < 5);
    free(text);
}

/* ---- histograms ---- */

static void a_histogram_has_the_buckets_that_were_given(void **state)
{
    (void)state;
    const double bounds[] = {1, 2, HUGE_VAL};
    cotel_prom_histogram *size =
        cotel_prom_histogram_get(registry, "size", "S.", &(cotel_prom_buckets){bounds, 3});
    cotel_prom_histogram_observe(size, 1);
    cotel_prom_histogram_observe(size, 1.5);
    cotel_prom_histogram_observe(size, 7);
    cotel_prom_histogram_observe(size, -1);
    assert_told("negative or not finite");
    assert_exposed("# HELP size S.\n# TYPE size histogram\nsize_bucket{le=\"1\"} 1\n"
                   "size_bucket{le=\"2\"} 2\nsize_bucket{le=\"+Inf\"} 3\n"
                   "size_sum 9.5\nsize_count 3\n");
}

static void a_histogram_has_the_usual_buckets_otherwise(void **state)
{
    (void)state;
    cotel_prom_histogram_observe(cotel_prom_histogram_get(registry, "t_seconds", "T.", NULL), 0.3);
    assert_has("t_seconds_bucket{le=\"0.005\"} 0\n");
    assert_has("t_seconds_bucket{le=\"0.25\"} 0\nt_seconds_bucket{le=\"0.5\"} 1\n");
    assert_has("t_seconds_bucket{le=\"10\"} 1\nt_seconds_bucket{le=\"+Inf\"} 1\n");
}

static void buckets_are_made_by_rules(void **state)
{
    (void)state;
    double bounds[COTEL_MAX_BOUNDARIES + 1] = {-1};
    assert_true(cotel_prom_linear_buckets(10, 5, 3, bounds));
    assert_true(bounds[0] == 10 && bounds[1] == 15 && bounds[2] == 20);
    assert_true(cotel_prom_exponential_buckets(1, 2, 4, bounds));
    assert_true(bounds[0] == 1 && bounds[3] == 8);
    assert_true(cotel_prom_exponential_buckets_range(1, 1000, 4, bounds));
    assert_true(bounds[0] == 1 && fabs(bounds[1] - 10) < 1e-9 && bounds[3] == 1000);
    assert_true(cotel_prom_linear_buckets(-3, 1, 1, bounds) && bounds[0] == -3);
    bounds[0] = 77;
    assert_false(cotel_prom_linear_buckets(0, 0, 2, bounds));
    assert_false(cotel_prom_linear_buckets(0, 1, 0, bounds));
    assert_false(cotel_prom_linear_buckets(0, 1, COTEL_MAX_BOUNDARIES + 1, bounds));
    assert_false(cotel_prom_linear_buckets((double)NAN, 1, 1, bounds));
    assert_false(cotel_prom_linear_buckets(0, HUGE_VAL, 2, bounds));
    assert_false(cotel_prom_exponential_buckets(0, 2, 2, bounds));
    assert_false(cotel_prom_exponential_buckets(1, 1, 2, bounds));
    assert_false(cotel_prom_exponential_buckets(1, 10, 400, bounds));
    assert_false(cotel_prom_exponential_buckets_range(1, 10, 1, bounds));
    assert_false(cotel_prom_exponential_buckets_range(0, 10, 3, bounds));
    assert_false(cotel_prom_exponential_buckets_range(10, 1, 3, bounds));
    assert_true(bounds[0] == 77);
    assert_int_equal(told, 11);
}

/* ---- summaries ---- */

static const cotel_prom_objective quartiles[] = {{.75, .001}, {.5, .001}};

static cotel_prom_summary_options with_quartiles(void)
{
    cotel_prom_summary_options options = COTEL_PROM_SUMMARY_OPTIONS_INIT;
    options.objectives = quartiles;
    options.objective_count = 2;
    return options;
}

static void a_summary_tells_quantiles(void **state)
{
    (void)state;
    cotel_prom_summary_options options = with_quartiles();
    cotel_prom_summary *wait = cotel_prom_summary_get(registry, "wait_seconds", "W.", &options);
    assert_exposed("# HELP wait_seconds W.\n# TYPE wait_seconds summary\n"
                   "wait_seconds_count 0\nwait_seconds_sum 0\n"
                   "wait_seconds{quantile=\"0.5\"} NaN\nwait_seconds{quantile=\"0.75\"} NaN\n");
    for (int i = 100; i > 0; i--)
        cotel_prom_summary_observe(wait, i);
    assert_exposed("# HELP wait_seconds W.\n# TYPE wait_seconds summary\n"
                   "wait_seconds_count 100\nwait_seconds_sum 5050\n"
                   "wait_seconds{quantile=\"0.5\"} 50\nwait_seconds{quantile=\"0.75\"} 75\n");
    assert_int_equal(told, 0);
}

static void a_summary_has_labels(void **state)
{
    (void)state;
    const char *const labels[] = {"queue"};
    cotel_prom_summary_options options = with_quartiles();
    cotel_prom_summary_vec *wait =
        cotel_prom_summary_vec_get(registry, "wait_seconds", "W.", labels, 1, &options);
    cotel_prom_summary_observe(cotel_prom_summary_with(wait, COTEL_PROM_VALUES("a")), 1);
    cotel_prom_summary_observe(cotel_prom_summary_with(wait, COTEL_PROM_VALUES("b")), 2);
    assert_has("wait_seconds{queue=\"a\",quantile=\"0.5\"} 1\n");
    assert_has("wait_seconds{queue=\"b\",quantile=\"0.75\"} 2\n");
    assert_has("wait_seconds_count{queue=\"b\"} 1\n");
}

static void a_summary_forgets(void **state)
{
    (void)state;
    const struct timespec tenth = {0, 100000000};
    cotel_prom_summary_options options = with_quartiles();
    options.max_age_ms = 50;
    cotel_prom_summary *wait = cotel_prom_summary_get(registry, "wait_seconds", "W.", &options);
    cotel_prom_summary_observe(wait, 5);
    (void)nanosleep(&tenth, NULL);
    assert_has("wait_seconds{quantile=\"0.5\"} NaN\n");
    assert_has("wait_seconds_count 1\nwait_seconds_sum 5\n");
}

static void a_summary_refuses_what_has_no_quantile_in_otlp(void **state)
{
    (void)state;
    cotel_prom_summary *wait = cotel_prom_summary_get(registry, "wait_seconds", "W.", NULL);
    cotel_prom_summary_observe(wait, -1);
    assert_told("negative or not finite");
    cotel_prom_summary_observe(wait, (double)NAN);
    cotel_prom_summary_observe(wait, HUGE_VAL);
    cotel_prom_summary_observe(wait, 0);
    assert_int_equal(counts().refused, 3);
    assert_has("wait_seconds_count 1\nwait_seconds_sum 0\n");
}

static void settings_of_summaries_are_checked(void **state)
{
    (void)state;
    const cotel_prom_objective bad[][2] = {{{1.1, .1}, {.5, .1}}, {{.5, .1}, {.5, .2}},
                                           {{.5, .1}, {.9, 0}},   {{.5, .1}, {.9, 1.1}},
                                           {{-.1, .1}, {.9, .1}}, {{(double)NAN, .1}, {.9, .1}}};
    cotel_prom_summary_options options = with_quartiles();
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        options.objectives = bad[i];
        assert_null(cotel_prom_summary_get(registry, "s", "S.", &options));
    }
    options = with_quartiles();
    options.max_age_ms = 0;
    assert_null(cotel_prom_summary_get(registry, "s", "S.", &options));
    options = with_quartiles();
    options.age_buckets = 0;
    assert_null(cotel_prom_summary_get(registry, "s", "S.", &options));
    options.age_buckets = COTEL_PROM_MAX_AGE_BUCKETS + 1;
    assert_null(cotel_prom_summary_get(registry, "s", "S.", &options));
    options = with_quartiles();
    options.objective_count = COTEL_PROM_MAX_OBJECTIVES + 1;
    assert_null(cotel_prom_summary_get(registry, "s", "S.", &options));
    options = with_quartiles();
    options.size = 0;
    assert_null(cotel_prom_summary_get(registry, "s", "S.", &options));
    assert_int_equal(counts().refused, 11);
    assert_told("objectives");
    options = with_quartiles();
    options.max_age_ms = UINT64_MAX;
    assert_non_null(cotel_prom_summary_get(registry, "s", "S.", &options));
}

/* ---- misuse ---- */

static void bad_names_are_refused_and_told(void **state)
{
    (void)state;
    static char longest[COTEL_INSTRUMENT_MAX_NAME + 2];
    const char *const names[] = {NULL, "", "9lives", "a-b", "a.b", "a b", "caf\xc3\xa9", longest};
    memset(longest, 'a', sizeof longest - 1);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        assert_null(cotel_prom_gauge_get(registry, names[i], "G."));
    assert_told("is no name");
    assert_int_equal(counts().refused, 8);
    assert_int_equal(counts().metrics, 0);
    longest[sizeof longest - 2] = '\0';
    assert_non_null(cotel_prom_gauge_get(registry, longest, "G."));
}

/* To OpenTelemetry it is none, which the SDK tells each provider that comes: hence the last test.
 */
static void a_name_with_a_colon_works(void **state)
{
    (void)state;
    cotel_prom_gauge_set(cotel_prom_gauge_get(registry, "job:rate", "G."), 2);
    assert_has("\njob:rate 2\n");
}

static void bad_labels_are_refused_and_told(void **state)
{
    (void)state;
    const char *const bad[][2] = {{"a", "a"},  {"a", "9"},   {"a", "__b"}, {"a", ""},
                                  {"a", NULL}, {"a", "b:c"}, {"a", "b-c"}};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_null(cotel_prom_counter_vec_get(registry, "c_total", "C.", bad[i], 2));
    assert_null(cotel_prom_counter_vec_get(registry, "c_total", "C.", NULL, 2));
    assert_null(cotel_prom_counter_vec_get(registry, "c_total", "C.", bad[0], SIZE_MAX));
    const char *const le[] = {"le"}, *const quantile[] = {"quantile"};
    assert_null(cotel_prom_histogram_vec_get(registry, "h", "H.", le, 1, NULL));
    assert_null(cotel_prom_summary_vec_get(registry, "s", "S.", quantile, 1, NULL));
    assert_told("label");
    assert_int_equal(counts().refused, 11);
    assert_non_null(cotel_prom_counter_vec_get(registry, "c_total", "C.", le, 1));
}

static void bad_buckets_are_refused_and_told(void **state)
{
    (void)state;
    const double down[] = {2, 1}, same[] = {1, 1}, none[] = {(double)NAN}, low[] = {-HUGE_VAL, 1};
    const cotel_prom_buckets bad[] = {{down, 2}, {same, 2}, {none, 1}, {low, 2}, {NULL, 2}};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_null(cotel_prom_histogram_get(registry, "h", "H.", &bad[i]));
    assert_told("buckets");
    assert_int_equal(counts().refused, 5);
    assert_non_null(cotel_prom_histogram_get(registry, "h", "H.", &(cotel_prom_buckets){NULL, 0}));
}

static void a_name_has_one_metric(void **state)
{
    (void)state;
    const char *const labels[] = {"a", "b"};
    const double bounds[] = {1, 2};
    const cotel_prom_buckets one = {bounds, 1}, two = {bounds, 2};
    cotel_prom_counter_vec *first = cotel_prom_counter_vec_get(registry, "x", "X.", labels, 2);
    told = 0;
    assert_ptr_equal(cotel_prom_counter_vec_get(registry, "x", "X.", labels, 2), first);
    assert_int_equal(told, 0);
    assert_null(cotel_prom_counter_vec_get(registry, "x", "Y.", labels, 2));
    assert_told("\"x\" is there already");
    assert_null(cotel_prom_counter_vec_get(registry, "x", "X.", labels, 1));
    assert_null(cotel_prom_counter_vec_get(registry, "x", "X.", labels + 1, 1));
    assert_null(cotel_prom_gauge_vec_get(registry, "x", "X.", labels, 2));
    cotel_prom_histogram *h = cotel_prom_histogram_get(registry, "h", "H.", &one);
    assert_ptr_equal(cotel_prom_histogram_get(registry, "h", "H.", &one), h);
    assert_null(cotel_prom_histogram_get(registry, "h", "H.", &two));
    assert_null(cotel_prom_histogram_get(registry, "h", "H.", NULL));
    cotel_prom_summary_options options = with_quartiles();
    cotel_prom_summary *s = cotel_prom_summary_get(registry, "s", "S.", &options);
    assert_ptr_equal(cotel_prom_summary_get(registry, "s", "S.", &options), s);
    options.age_buckets = 2;
    assert_null(cotel_prom_summary_get(registry, "s", "S.", &options));
    options = with_quartiles();
    options.objective_count = 1;
    assert_null(cotel_prom_summary_get(registry, "s", "S.", &options));
    assert_int_equal(counts().metrics, 3);
    assert_int_equal(counts().refused, 8);
}

static void values_must_be_as_many_as_labels_and_utf8(void **state)
{
    (void)state;
    const char *const labels[] = {"a", "b"};
    cotel_prom_gauge_vec *vec = cotel_prom_gauge_vec_get(registry, "g", "G.", labels, 2);
    assert_null(cotel_prom_gauge_with(vec, COTEL_PROM_VALUES("1")));
    assert_told("more or fewer label values");
    assert_null(cotel_prom_gauge_with(vec, COTEL_PROM_VALUES("1", "2", "3")));
    assert_null(cotel_prom_gauge_with(vec, NULL, 2));
    assert_null(cotel_prom_gauge_with(vec, NULL, 0));
    static const char *const broken[] = {
        "\xff",     "\xc0\x80",         "\xed\xa0\x80", "\xf4\x90\x80\x80",
        "\xe2\x82", "\xf0\x80\x80\x80", "a\xc3"};
    for (size_t i = 0; i < sizeof broken / sizeof broken[0]; i++)
        assert_null(cotel_prom_gauge_with(vec, COTEL_PROM_VALUES("1", broken[i])));
    assert_told("not UTF-8");
    assert_int_equal(counts().refused, 11);
    cotel_prom_gauge_set(cotel_prom_gauge_with(vec, COTEL_PROM_VALUES("\xf0\x9f\x98\x80", NULL)),
                         1);
    assert_ptr_equal(cotel_prom_gauge_with(vec, COTEL_PROM_VALUES("x", NULL)),
                     cotel_prom_gauge_with(vec, COTEL_PROM_VALUES("x", "")));
    assert_has("g{a=\"\xf0\x9f\x98\x80\"} 1\n");
}

static void options_are_checked(void **state)
{
    (void)state;
    cotel_prom_registry *none = NULL;
    const cotel_prom_label twice[] = {{"a", "1"}, {"a", "2"}}, bad[] = {{"a-b", "1"}},
                           broken[] = {{"a", "\xff"}};
    const cotel_prom_options refused[] = {
        {.size = 0},
        {.size = sizeof refused[0], .max_children = 0},
        {.size = sizeof refused[0], .max_children = COTEL_PROM_MAX_CHILDREN + 1},
        {.size = sizeof refused[0], .max_children = 1, .name_prefix = "a-b"},
        {.size = sizeof refused[0], .max_children = 1, .labels = twice, .label_count = 2},
        {.size = sizeof refused[0], .max_children = 1, .labels = bad, .label_count = 1},
        {.size = sizeof refused[0], .max_children = 1, .labels = broken, .label_count = 1},
        {.size = sizeof refused[0], .max_children = 1, .label_count = 1},
    };
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        assert_int_equal(cotel_prom_registry_create(&refused[i], &none),
                         COTEL_STATUS_INVALID_ARGUMENT);
        assert_null(none);
    }
}

static void what_the_exporter_refuses_start_refuses_too(void **state)
{
    (void)stop(state);
    cotel_prom_registry *none = NULL;
    cotel_prometheus_options exporter = *quiet();
    cotel_prom_options options = COTEL_PROM_OPTIONS_INIT;
    exporter.path = "metrics";
    options.exporter = &exporter;
    assert_int_equal(cotel_prom_start(&options, &none), COTEL_STATUS_INVALID_ARGUMENT);
    exporter.size = 0;
    assert_int_equal(cotel_prom_start(&options, &none), COTEL_STATUS_INVALID_ARGUMENT);
    assert_null(none);
    assert_null(cotel_meter_provider_global());
    (void)start(state);
}

static void without_a_place_for_a_provider_start_fails_and_leaves_nothing(void **state)
{
    (void)stop(state);
    cotel_meter_provider *others[COTEL_MAX_METER_PROVIDERS] = {NULL};
    cotel_prom_registry *none = NULL;
    cotel_prom_options options = COTEL_PROM_OPTIONS_INIT;
    options.exporter = quiet();
    for (size_t i = 0; i < COTEL_MAX_METER_PROVIDERS; i++)
        assert_int_equal(cotel_meter_provider_create(NULL, &others[i]), COTEL_STATUS_OK);
    assert_int_equal(cotel_prom_start(&options, &none), COTEL_STATUS_LIMIT_REACHED);
    assert_null(none);
    assert_null(cotel_meter_provider_global());
    for (size_t i = 0; i < COTEL_MAX_METER_PROVIDERS; i++)
        cotel_meter_provider_destroy(others[i]);
    (void)start(state);
}

/* ---- limits ---- */

static void label_values_beyond_the_limit_share_a_series(void **state)
{
    (void)stop(state);
    cotel_diagnostics_set(remember, NULL, COTEL_LOG_WARNING);
    start_with((cotel_prom_options){.size = sizeof(cotel_prom_options), .max_children = 3});
    const char *const labels[] = {"user"};
    cotel_prom_counter_vec *c = cotel_prom_counter_vec_get(registry, "c_total", "C.", labels, 1);
    cotel_prom_summary_vec *s = cotel_prom_summary_vec_get(registry, "s", "S.", labels, 1, NULL);
    for (int i = 0; i < 10; i++) {
        char user[16];
        (void)snprintf(user, sizeof user, "%d", i);
        cotel_prom_counter_inc(cotel_prom_counter_with(c, COTEL_PROM_VALUES(user)));
        cotel_prom_summary_observe(cotel_prom_summary_with(s, COTEL_PROM_VALUES(user)), 1);
    }
    assert_told("as many label values as it may");
    assert_has("c_total{user=\"2\"} 1\nc_total{otel_metric_overflow=\"true\"} 7\n");
    assert_has("s_count{otel_metric_overflow=\"true\"} 7\n");
    assert_int_equal(counts().children, 6);
    assert_int_equal(counts().overflowed, 14);
}

/* The limit of the SDK's streams is the same by default: together they make one overflow series. */
static void at_the_limit_of_the_sdk_nothing_is_lost_or_double(void **state)
{
    (void)state;
    const char *const labels[] = {"user"};
    cotel_prom_counter_vec *c = cotel_prom_counter_vec_get(registry, "c_total", "C.", labels, 1);
    cotel_prom_gauge_vec *g = cotel_prom_gauge_vec_get(registry, "g", "G.", labels, 1);
    for (int i = 0; i < 2100; i++) {
        char user[16];
        (void)snprintf(user, sizeof user, "%d", i);
        cotel_prom_counter_inc(cotel_prom_counter_with(c, COTEL_PROM_VALUES(user)));
        cotel_prom_gauge_set(cotel_prom_gauge_with(g, COTEL_PROM_VALUES(user)), i);
    }
    assert_has("c_total{user=\"1999\"} 1\n");
    assert_has("c_total{otel_metric_overflow=\"true\"} 100\n");
    assert_has("g{user=\"1999\"} 1999\n");
    assert_has("g{otel_metric_overflow=\"true\"} 2099\n");
}

static void there_are_only_so_many_metrics(void **state)
{
    (void)state;
    char name[32];
    for (int i = 0; i < COTEL_PROM_MAX_METRICS; i++) {
        (void)snprintf(name, sizeof name, "s%d", i);
        assert_non_null(cotel_prom_summary_vec_get(registry, name, "S.", NULL, 0, NULL));
    }
    assert_int_equal(told, 0);
    assert_null(cotel_prom_summary_vec_get(registry, "more", "S.", NULL, 0, NULL));
    assert_told("one metric too many");
    assert_int_equal(counts().metrics, COTEL_PROM_MAX_METRICS);
    assert_non_null(cotel_prom_summary_vec_get(registry, "s7", "S.", NULL, 0, NULL));
}

/* ---- several registries, other providers ---- */

static void a_second_start_is_over_the_same_provider(void **state)
{
    (void)state;
    cotel_prom_registry *other = NULL;
    cotel_prom_options options = COTEL_PROM_OPTIONS_INIT;
    options.name_prefix = "other";
    assert_int_equal(cotel_prom_start(&options, &other), COTEL_STATUS_OK);
    assert_null(cotel_prom_registry_exporter(other));
    (void)cotel_prom_summary_get(other, "s", "S.", NULL);
    cotel_prom_gauge_set(cotel_prom_gauge_get(other, "g", "G."), 1);
    assert_int_equal(told, 0);
    assert_has("other_s_count 0\n");
    assert_has("other_g 1\n");
    cotel_prom_registry_destroy(other);
    assert_has_not("other_");
}

static void a_provider_of_ones_own_gets_summaries_by_a_producer(void **state)
{
    (void)state;
    cotel_prom_registry *mine = NULL;
    assert_int_equal(cotel_prom_registry_create(NULL, &mine), COTEL_STATUS_OK);
    cotel_metric_producer *producers[] = {cotel_prom_producer_create(mine)};
    cotel_metric_reader_options reader_options = COTEL_METRIC_READER_OPTIONS_INIT;
    reader_options.producers = producers;
    reader_options.producer_count = 1;
    cotel_metric_reader *reader = NULL;
    assert_int_equal(cotel_metric_reader_create(&reader_options, NULL, NULL, &reader),
                     COTEL_STATUS_OK);
    cotel_meter_provider_options options = COTEL_METER_PROVIDER_OPTIONS_INIT;
    options.readers = &reader;
    options.reader_count = 1;
    cotel_meter_provider *provider = NULL;
    assert_int_equal(cotel_meter_provider_create(&options, &provider), COTEL_STATUS_OK);
    assert_int_equal(cotel_prom_registry_set_provider(mine, provider), COTEL_STATUS_OK);
    cotel_prom_counter_inc(cotel_prom_counter_get(mine, "mine_total", "M."));
    cotel_prom_summary_options summary_options = with_quartiles();
    cotel_prom_summary_observe(cotel_prom_summary_get(mine, "s", "S.", &summary_options), 3);
    assert_int_equal(cotel_prom_registry_set_provider(mine, provider),
                     COTEL_STATUS_INVALID_ARGUMENT);
    cotel_batch *batch = NULL;
    assert_int_equal(cotel_metric_reader_collect(reader, 1000, &batch), COTEL_STATUS_OK);
    cotel_batch_cursor cursor = {0};
    const cotel_scope_view *scope = NULL;
    cotel_metric_data metric;
    size_t seen = 0;
    while (cotel_batch_next_metric(batch, &cursor, &metric, &scope)) {
        cotel_point_data point;
        cotel_quantile_data quantile;
        seen++;
        assert_true(strncmp(scope->name.data, "cotel.prom", scope->name.size) == 0);
        if (metric.type != COTEL_METRIC_SUMMARY)
            continue;
        cotel_iterator points = cotel_metric_data_points(&metric);
        assert_true(cotel_iterator_next_point(&points, &metric, &point));
        assert_int_equal(point.count, 1);
        assert_true(point.sum == 3 && point.start_unix_ns > 0);
        cotel_iterator quantiles = cotel_point_data_quantiles(&point);
        assert_true(cotel_iterator_next_quantile(&quantiles, &quantile));
        assert_true(quantile.quantile == .5 && quantile.value == 3);
    }
    assert_int_equal(seen, 2);
    cotel_batch_unref(batch);
    assert_has_not("mine_total");
    cotel_prom_registry_destroy(mine);
    assert_int_equal(cotel_metric_reader_collect(reader, 1000, &batch), COTEL_STATUS_OK);
    cursor = (cotel_batch_cursor){0};
    assert_true(cotel_batch_next_metric(batch, &cursor, &metric, &scope));
    assert_int_equal(metric.type, COTEL_METRIC_SUM); /* what was counted stays */
    assert_false(cotel_batch_next_metric(batch, &cursor, &metric, &scope));
    cotel_batch_unref(batch);
    cotel_meter_provider_destroy(provider);
}

static void a_summary_that_nobody_reads_is_told(void **state)
{
    (void)stop(state);
    cotel_diagnostics_set(remember, NULL, COTEL_LOG_WARNING);
    told = 0;
    cotel_prom_registry *alone = NULL;
    assert_int_equal(cotel_prom_registry_create(NULL, &alone), COTEL_STATUS_OK);
    (void)cotel_prom_summary_get(alone, "s", "S.", NULL);
    assert_told("no reader has");
    cotel_prom_registry_destroy(alone);
    (void)start(state);
}

/* ---- threads and processes ---- */

#define THREADS 8
#define ROUNDS 2000

static void *use_everything(void *none)
{
    const char *const labels[] = {"n"};
    for (unsigned i = 0; i < ROUNDS; i++) {
        char n[16];
        (void)snprintf(n, sizeof n, "%u", i % 50);
        cotel_prom_counter_inc(cotel_prom_counter_with(
            cotel_prom_counter_vec_get(registry, "c_total", "C.", labels, 1),
            COTEL_PROM_VALUES(n)));
        cotel_prom_gauge_inc(cotel_prom_gauge_get(registry, "g", "G."));
        cotel_prom_histogram_observe(cotel_prom_histogram_get(registry, "h", "H.", NULL), 1);
        cotel_prom_summary_options options = with_quartiles();
        cotel_prom_summary_observe(cotel_prom_summary_get(registry, "s", "S.", &options), i);
    }
    return none;
}

static void threads_share_everything(void **state)
{
    (void)state;
    pthread_t threads[THREADS];
    for (size_t i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, use_everything, NULL), 0);
    for (int i = 0; i < 20; i++)
        free(render(COTEL_PROMETHEUS_TEXT));
    for (size_t i = 0; i < THREADS; i++)
        assert_int_equal(pthread_join(threads[i], NULL), 0);
    char line[64];
    (void)snprintf(line, sizeof line, "c_total{n=\"7\"} %d\n", THREADS * ROUNDS / 50);
    assert_has(line);
    (void)snprintf(line, sizeof line, "\ng %d\n", THREADS * ROUNDS);
    assert_has(line);
    (void)snprintf(line, sizeof line, "\nh_count %d\n", THREADS * ROUNDS);
    assert_has(line);
    (void)snprintf(line, sizeof line, "\ns_count %d\n", THREADS * ROUNDS);
    assert_has(line);
    assert_int_equal(counts().metrics, 4);
    assert_int_equal(counts().children, 53);
}

#define CHILDREN 3000

static atomic_uint arrived;

/* Waits for the other thread awake, so that both go on in the same instant. */
static void meet(unsigned round)
{
    atomic_fetch_add(&arrived, 1);
    for (unsigned spins = 0; atomic_load(&arrived) < 2 * (round + 1); spins++)
        if (spins > 10000)
            (void)sched_yield();
}

/* Each child at the same time as the other thread. */
static void *get_children(void *into)
{
    const char *const labels[] = {"n"};
    cotel_prom_gauge **children = into;
    for (unsigned i = 0; i < CHILDREN; i++) {
        char n[16];
        (void)snprintf(n, sizeof n, "%u", i);
        meet(i);
        children[i] = cotel_prom_gauge_with(
            cotel_prom_gauge_vec_get(registry, i % 2 ? "g" : "h", "G.", labels, 1),
            COTEL_PROM_VALUES(n));
    }
    return NULL;
}

static void threads_that_ask_at_once_get_the_same_child(void **state)
{
    (void)state;
    static cotel_prom_gauge *first[CHILDREN], *second[CHILDREN];
    pthread_t threads[2];
    atomic_store(&arrived, 0);
    assert_int_equal(pthread_create(&threads[0], NULL, get_children, first), 0);
    assert_int_equal(pthread_create(&threads[1], NULL, get_children, second), 0);
    assert_int_equal(pthread_join(threads[0], NULL), 0);
    assert_int_equal(pthread_join(threads[1], NULL), 0);
    for (size_t i = 0; i < CHILDREN; i++)
        assert_ptr_equal(first[i], second[i]);
    assert_int_equal(counts().metrics, 2);
    assert_int_equal(counts().children, CHILDREN);
}

static int in_child(cotel_prom_counter *counter, cotel_prom_summary *summary)
{
    cotel_prom_counter_inc(counter);
    cotel_prom_summary_observe(summary, 8);
    char *text = render(COTEL_PROMETHEUS_TEXT);
    if (!strstr(text, "c_total 1\n") || !strstr(text, "g 7\n"))
        return 1;
    return strstr(text, "s_count 1\ns_sum 8\n") ? 0 : 2;
}

static void a_forked_child_counts_from_zero_and_keeps_gauges(void **state)
{
    (void)state;
    cotel_prom_counter *counter = cotel_prom_counter_get(registry, "c_total", "C.");
    cotel_prom_summary *summary = cotel_prom_summary_get(registry, "s", "S.", NULL);
    cotel_prom_gauge_set(cotel_prom_gauge_get(registry, "g", "G."), 7);
    cotel_prom_counter_add(counter, 5);
    cotel_prom_summary_observe(summary, 5);
    pid_t child = fork();
    if (child == 0)
        _exit(in_child(counter, summary));
    int status = -1;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    assert_has("c_total 5\n");
    assert_has("s_sum 5\n");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, start, stop)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_counter_is_there_with_zero_and_counts),
        TEST(a_counter_with_labels_has_children),
        TEST(values_with_one_hash_are_two_children),
        TEST(what_would_lower_a_counter_is_refused_and_told),
        TEST(names_come_out_as_they_are_written),
        TEST(a_counter_without_total_gets_it_and_is_told),
        TEST(runs_of_underscores_are_told),
        TEST(a_prefix_stands_before_every_name),
        TEST(labels_of_a_registry_are_on_everything),
        TEST(a_gauge_is_set_and_goes_up_and_down),
        TEST(a_gauge_tells_the_time),
        TEST(a_histogram_has_the_buckets_that_were_given),
        TEST(a_histogram_has_the_usual_buckets_otherwise),
        TEST(buckets_are_made_by_rules),
        TEST(a_summary_tells_quantiles),
        TEST(a_summary_has_labels),
        TEST(a_summary_forgets),
        TEST(a_summary_refuses_what_has_no_quantile_in_otlp),
        TEST(settings_of_summaries_are_checked),
        TEST(bad_names_are_refused_and_told),
        TEST(bad_labels_are_refused_and_told),
        TEST(bad_buckets_are_refused_and_told),
        TEST(a_name_has_one_metric),
        TEST(values_must_be_as_many_as_labels_and_utf8),
        TEST(options_are_checked),
        TEST(what_the_exporter_refuses_start_refuses_too),
        TEST(without_a_place_for_a_provider_start_fails_and_leaves_nothing),
        TEST(label_values_beyond_the_limit_share_a_series),
        TEST(at_the_limit_of_the_sdk_nothing_is_lost_or_double),
        TEST(there_are_only_so_many_metrics),
        TEST(a_second_start_is_over_the_same_provider),
        TEST(a_provider_of_ones_own_gets_summaries_by_a_producer),
        TEST(a_summary_that_nobody_reads_is_told),
        TEST(threads_share_everything),
        TEST(threads_that_ask_at_once_get_the_same_child),
        TEST(a_forked_child_counts_from_zero_and_keeps_gauges),
        TEST(a_name_with_a_colon_works),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
