/* SPDX-License-Identifier: Apache-2.0 */
/* W7: recording measurements, bound and not, and a scrape of many series. */
#include "measure.h"
#include "report.h"
#include "works.h"

#include <cotel/metrics.h>
#include <cotel/sdk/meter_provider.h>
#ifdef BENCH_HAS_PROMETHEUS
#include <cotel/exporters/prometheus.h>
#endif

#include <stdio.h>
#include <stdlib.h>

#define SERIES 10000u
#define TIMEOUT_MS 10000

struct setup {
    cotel_meter_provider *provider;
    cotel_counter *counter;
    cotel_double_histogram *histogram;
};

static const cotel_attribute *three_attributes(void)
{
    static cotel_attribute attributes[3];
    attributes[0] = cotel_attribute_string("gen_ai.request.model", "gpt-4o");
    attributes[1] = cotel_attribute_string("gen_ai.agent.name", "writer");
    attributes[2] = cotel_attribute_bool("agent.cached", false);
    return attributes;
}

/* What can't be measured is no figure. */
static void must(cotel_status status, const char *what)
{
    if (status == COTEL_STATUS_OK)
        return;
    fprintf(stderr, "%s: %s\n", what, cotel_status_text(status));
    exit(1);
}

static cotel_metric_reader_options many_series(void)
{
    cotel_metric_reader_options options = COTEL_METRIC_READER_OPTIONS_INIT;
    for (size_t i = 0; i < COTEL_INSTRUMENT_KINDS; i++)
        options.cardinality_limit[i] = SERIES;
    return options;
}

static void set_up(struct setup *setup, cotel_metric_reader *reader)
{
    cotel_meter_provider_options options = COTEL_METER_PROVIDER_OPTIONS_INIT;
    options.readers = &reader;
    options.reader_count = 1;
    must(cotel_meter_provider_create(&options, &setup->provider), "provider");
    cotel_meter *meter = cotel_meter_provider_get_meter(setup->provider, "bench", NULL);
    setup->counter = cotel_counter_get(meter, "requests", NULL);
    setup->histogram = cotel_double_histogram_get(meter, "latency", NULL);
}

/* ---- recording: nanoseconds a call ---- */

static double counter_ns(const struct setup *setup, size_t count)
{
    const cotel_attribute *attributes = three_attributes();
    uint64_t began = clock_ns(CLOCK_THREAD_CPUTIME_ID);
    for (size_t i = 0; i < count; i++)
        cotel_counter_add(setup->counter, 1, attributes, 3);
    return (double)(clock_ns(CLOCK_THREAD_CPUTIME_ID) - began) / (double)count;
}

static double histogram_ns(const struct setup *setup, size_t count)
{
    const cotel_attribute *attributes = three_attributes();
    uint64_t began = clock_ns(CLOCK_THREAD_CPUTIME_ID);
    for (size_t i = 0; i < count; i++)
        cotel_double_histogram_record(setup->histogram, (double)(i & 1023), attributes, 3);
    return (double)(clock_ns(CLOCK_THREAD_CPUTIME_ID) - began) / (double)count;
}

static double bound_counter_ns(const struct setup *setup, size_t count)
{
    cotel_bound_counter *bound = cotel_counter_bind(setup->counter, three_attributes(), 3);
    uint64_t began = clock_ns(CLOCK_THREAD_CPUTIME_ID);
    for (size_t i = 0; i < count; i++)
        cotel_bound_counter_add(bound, 1);
    uint64_t took = clock_ns(CLOCK_THREAD_CPUTIME_ID) - began;
    cotel_bound_counter_unbind(bound);
    return (double)took / (double)count;
}

static double bound_histogram_ns(const struct setup *setup, size_t count)
{
    cotel_bound_double_histogram *bound =
        cotel_double_histogram_bind(setup->histogram, three_attributes(), 3);
    uint64_t began = clock_ns(CLOCK_THREAD_CPUTIME_ID);
    for (size_t i = 0; i < count; i++)
        cotel_bound_double_histogram_record(bound, (double)(i & 1023));
    uint64_t took = clock_ns(CLOCK_THREAD_CPUTIME_ID) - began;
    cotel_bound_double_histogram_unbind(bound);
    return (double)took / (double)count;
}

static void measure_recording(const struct effort *effort, const struct setup *setup)
{
    static const struct {
        const char *key;
        double (*run)(const struct setup *setup, size_t count);
        const char *what;
    } recordings[] = {
        {"w7_counter_ns", counter_ns, "a counter, three attributes"},
        {"w7_counter_bound_ns", bound_counter_ns, "the same, bound"},
        {"w7_histogram_ns", histogram_ns, "a histogram, three attributes"},
        {"w7_histogram_bound_ns", bound_histogram_ns, "the same, bound"},
    };
    enum { RECORDINGS = sizeof recordings / sizeof *recordings };
    struct samples samples[RECORDINGS] = {{.count = 0}};
    for (size_t i = 0; i < effort->repeats; i++) {
        for (size_t j = 0; j < RECORDINGS; j++)
            samples_add(&samples[j], recordings[j].run(setup, effort->spans));
    }
    for (size_t j = 0; j < RECORDINGS; j++)
        report_add(recordings[j].key, samples_median(&samples[j]), "ns", recordings[j].what, NULL);
}

static void record(const struct effort *effort)
{
    struct setup setup;
    cotel_metric_reader *reader = NULL;
    must(cotel_metric_reader_create(NULL, NULL, NULL, &reader), "reader");
    set_up(&setup, reader);
    measure_recording(effort, &setup);
    cotel_meter_provider_destroy(setup.provider);
}

/* ---- scraping: nanoseconds a series ---- */

#ifdef BENCH_HAS_PROMETHEUS

static void make_series(const struct setup *setup)
{
    char model[32], agent[32];
    for (unsigned i = 0; i < SERIES; i++) {
        (void)snprintf(model, sizeof model, "model-%u", i / 100);
        (void)snprintf(agent, sizeof agent, "agent-%u", i % 100);
        const cotel_attribute attributes[] = {
            cotel_attribute_string("gen_ai.request.model", model),
            cotel_attribute_string("gen_ai.agent.name", agent),
            cotel_attribute_bool("agent.cached", i % 2),
        };
        cotel_counter_add(setup->counter, i, attributes, 3);
    }
}

static double scrape_ns(cotel_prometheus_exporter *exporter, cotel_prometheus_format format)
{
    cotel_prometheus_exposition exposition = COTEL_PROMETHEUS_EXPOSITION_INIT;
    exposition.format = format;
    uint64_t began = clock_ns(CLOCK_THREAD_CPUTIME_ID);
    must(cotel_prometheus_exporter_render(exporter, TIMEOUT_MS, &exposition), "scrape");
    uint64_t took = clock_ns(CLOCK_THREAD_CPUTIME_ID) - began;
    cotel_prometheus_exposition_fini(&exposition);
    return (double)took / SERIES;
}

static void scrape(const struct effort *effort)
{
    struct setup setup;
    struct samples text = {.count = 0}, openmetrics = {.count = 0};
    cotel_metric_reader_options reader = many_series();
    cotel_prometheus_options options = COTEL_PROMETHEUS_OPTIONS_INIT;
    cotel_prometheus_exporter *exporter = NULL;
    options.listen = false;
    options.reader = &reader;
    must(cotel_prometheus_exporter_create(&options, &exporter), "exporter");
    set_up(&setup, cotel_prometheus_exporter_as_reader(exporter));
    make_series(&setup);
    for (size_t i = 0; i < effort->repeats; i++) {
        samples_add(&text, scrape_ns(exporter, COTEL_PROMETHEUS_TEXT));
        samples_add(&openmetrics, scrape_ns(exporter, COTEL_PROMETHEUS_OPENMETRICS));
    }
    report_add("w7_scrape_ns_per_series", samples_median(&text), "ns",
               "10,000 counters collected and rendered as text", NULL);
    report_add("w7_scrape_openmetrics_ns_per_series", samples_median(&openmetrics), "ns",
               "the same as OpenMetrics", NULL);
    cotel_meter_provider_destroy(setup.provider);
    cotel_prometheus_exporter_destroy(exporter);
}

#endif

void work_metrics(const struct effort *effort)
{
    record(effort);
#ifdef BENCH_HAS_PROMETHEUS
    scrape(effort);
#endif
}
