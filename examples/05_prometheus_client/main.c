/* SPDX-License-Identifier: Apache-2.0 */
/* Metrics as with a client library of Prometheus: counts the words of its input by their first
 * letter, and how long lines take to come. Prints where the metrics are, and they are there until
 * the input ends. */
#include <cotel/exporters/prometheus.h>
#include <cotel/prom.h>

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static cotel_prom_counter_vec *words;
static cotel_prom_gauge *longest;
static cotel_prom_histogram *size;
static cotel_prom_summary *wait;

static void make_metrics(cotel_prom_registry *registry)
{
    const char *const letter[] = {"letter"};
    words = cotel_prom_counter_vec_get(registry, "words_total", "Words that were read.", letter, 1);
    longest = cotel_prom_gauge_get(registry, "longest_line_bytes", "The longest line until now.");

    double bounds[6];
    cotel_prom_exponential_buckets(1, 4, 6, bounds);
    const cotel_prom_buckets buckets = {bounds, 6};
    size = cotel_prom_histogram_get(registry, "line_bytes", "How long lines are.", &buckets);

    const cotel_prom_objective objectives[] = {{.5, .05}, {.9, .01}, {.99, .001}};
    cotel_prom_summary_options options = COTEL_PROM_SUMMARY_OPTIONS_INIT;
    options.objectives = objectives;
    options.objective_count = 3;
    wait = cotel_prom_summary_get(registry, "wait_seconds", "Time between two lines.", &options);
}

static void count_words(char *line)
{
    char *rest = NULL;
    for (char *word = strtok_r(line, " \t\n", &rest); word; word = strtok_r(NULL, " \t\n", &rest)) {
        int first = tolower((unsigned char)word[0]);
        const char letter[] = {(char)(isalpha(first) ? first : '?'), '\0'};
        const char *const values[] = {letter};
        cotel_prom_counter_inc(cotel_prom_counter_with(words, values, 1));
    }
}

static double seconds(void)
{
    struct timespec now = {0, 0};
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void work(void)
{
    char line[4096];
    double most = 0, before = seconds();
    while (fgets(line, sizeof line, stdin)) {
        double now = seconds(), length = (double)strlen(line);
        cotel_prom_summary_observe(wait, now - before);
        cotel_prom_histogram_observe(size, length);
        most = length > most ? length : most;
        cotel_prom_gauge_set(longest, most);
        count_words(line);
        before = now;
    }
}

int main(int argc, char **argv)
{
    cotel_prometheus_options exporter = COTEL_PROMETHEUS_OPTIONS_INIT;
    exporter.port =
        argc > 1 ? (uint16_t)strtoul(argv[1], NULL, 10) : exporter.port; /* 0: a free one */
    exporter.scope_labels = false;
    cotel_prom_options options = COTEL_PROM_OPTIONS_INIT;
    options.name_prefix = "example";
    options.exporter = &exporter;
    cotel_prom_registry *registry = NULL;
    if (cotel_prom_start(&options, &registry) != COTEL_STATUS_OK)
        return 1;
    make_metrics(registry);
    printf("http://%s/metrics\n",
           cotel_prometheus_exporter_address(cotel_prom_registry_exporter(registry)));
    fflush(stdout);
    work();
    cotel_prom_registry_destroy(registry);
    return 0;
}
