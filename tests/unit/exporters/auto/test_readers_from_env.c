/* SPDX-License-Identifier: Apache-2.0 */
/* What reaches the readers and exporters of metrics: they are stood in for by functions that note
 * what they are given. */
#include <cotel/exporters/console.h>
#include <cotel/exporters/otlp_file.h>
#include <cotel/exporters/otlp_grpc.h>
#include <cotel/exporters/otlp_http.h>
#include <cotel/prom.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "exporters/auto/readers_from_env.h"

#define MOST COTEL_PROVIDER_MAX_READERS

static struct {
    int told;
    cotel_log_level last_level;
    char last_told[256];
    char endpoint[256];
    cotel_otlp_encoding encoding;
    char prometheus_host[64];
    char prometheus_target_file[64];
    cotel_prometheus_port_policy prometheus_port_policy;
    uint16_t prometheus_port;
    cotel_status otlp_answer, reader_answer, prometheus_answer;
    size_t reader_count;
    cotel_exporter *behind[MOST];
    cotel_periodic_reader_options options[MOST];
    cotel_aggregation_type histograms[MOST];
    int exporters_destroyed, readers_destroyed, let_go, producers;
} seen;

static cotel_exporter otlp_exporter, stdout_exporter, console_exporter;
static char readers_memory[MOST + 1], prometheus_memory;

/* The types are not complete: only addresses count. */
static cotel_metric_reader *reader_at(size_t index)
{
    return (cotel_metric_reader *)&readers_memory[index];
}

#define SERVED reader_at(MOST)

static void forget_producer(cotel_metric_producer *producer)
{
    seen.producers--;
}

cotel_metric_producer *cotel_prom_producer_create(cotel_prom_registry *registry)
{
    static const cotel_metric_producer_ops ops = {.size = sizeof ops, .destroy = forget_producer};
    static cotel_metric_producer producer = {&ops};
    assert_null(registry);
    seen.producers++;
    return &producer;
}

cotel_status cotel_otlp_http_exporter_create(const cotel_otlp_http_options *options,
                                             cotel_exporter **out)
{
    assert_int_equal(options->signal, COTEL_SIGNAL_METRICS);
    (void)snprintf(seen.endpoint, sizeof seen.endpoint, "%s", options->endpoint);
    seen.encoding = options->encoding;
    *out = &otlp_exporter;
    return seen.otlp_answer;
}

cotel_status cotel_otlp_grpc_exporter_create(const cotel_otlp_grpc_options *options,
                                             cotel_exporter **out)
{
    assert_int_equal(options->signal, COTEL_SIGNAL_METRICS);
    (void)snprintf(seen.endpoint, sizeof seen.endpoint, "%s", options->endpoint);
    *out = &otlp_exporter;
    return COTEL_STATUS_OK;
}

cotel_status cotel_otlp_file_exporter_create(const cotel_otlp_file_options *options,
                                             cotel_exporter **out)
{
    assert_int_equal(options->signal, COTEL_SIGNAL_METRICS);
    assert_null(options->path); /* stdout */
    *out = &stdout_exporter;
    return COTEL_STATUS_OK;
}

cotel_status cotel_console_exporter_create(const cotel_console_options *options,
                                           cotel_exporter **out)
{
    *out = &console_exporter;
    return COTEL_STATUS_OK;
}

cotel_status cotel_periodic_reader_create(cotel_exporter *exporter,
                                          const cotel_periodic_reader_options *options,
                                          cotel_metric_reader **out)
{
    size_t index = seen.reader_count;
    const cotel_aggregation *histograms = options->reader.aggregation[COTEL_INSTRUMENT_HISTOGRAM];
    if (seen.reader_answer != COTEL_STATUS_OK)
        return seen.reader_answer;
    seen.behind[index] = exporter;
    seen.options[index] = *options;
    seen.histograms[index] = histograms ? histograms->type : COTEL_AGGREGATION_DEFAULT;
    *out = reader_at(index);
    seen.reader_count++;
    return COTEL_STATUS_OK;
}

void cotel_metric_reader_destroy(cotel_metric_reader *reader)
{
    assert_ptr_not_equal(reader, SERVED);
    seen.readers_destroyed++;
}

void cotel_exporter_destroy(cotel_exporter *exporter)
{
    seen.exporters_destroyed++;
}

cotel_status cotel_prometheus_exporter_create(const cotel_prometheus_options *options,
                                              cotel_prometheus_exporter **out)
{
    (void)snprintf(seen.prometheus_host, sizeof seen.prometheus_host, "%s", options->host);
    seen.prometheus_port = options->port;
    seen.prometheus_port_policy = options->port_policy;
    (void)snprintf(seen.prometheus_target_file, sizeof seen.prometheus_target_file, "%s",
                   options->target_file ? options->target_file : "none");
    if (seen.prometheus_answer == COTEL_STATUS_OK)
        *out = (cotel_prometheus_exporter *)&prometheus_memory;
    return seen.prometheus_answer;
}

cotel_metric_reader *cotel_prometheus_exporter_as_reader(cotel_prometheus_exporter *exporter)
{
    return SERVED;
}

void cotel_prometheus_exporter_destroy(cotel_prometheus_exporter *exporter)
{
    seen.let_go += exporter != NULL;
}

static void note_message(void *user, cotel_log_level level, const char *component,
                         const char *message)
{
    seen.told++;
    seen.last_level = level;
    (void)snprintf(seen.last_told, sizeof seen.last_told, "%s", message);
}

static int fresh(void **state)
{
    memset(&seen, 0, sizeof seen);
    cotel_diagnostics_set(note_message, NULL, COTEL_LOG_WARNING);
    return clearenv();
}

static void set(const char *name, const char *value)
{
    assert_int_equal(setenv(name, value, 1), 0);
}

static struct ct_readers create(void)
{
    struct ct_env env;
    struct ct_readers readers;
    ct_env_read(&env);
    ct_readers_from_env(&env, &readers);
    return readers;
}

static void by_default_metrics_go_over_otlp_to_this_host_every_minute(void **state)
{
    struct ct_readers readers = create();
    assert_int_equal(readers.count, 1);
    assert_ptr_equal(readers.items[0], reader_at(0));
    assert_ptr_equal(seen.behind[0], &otlp_exporter);
    assert_string_equal(seen.endpoint, "http://localhost:4318/v1/metrics");
    assert_int_equal(seen.options[0].interval_ms, 60000);
    assert_int_equal(seen.options[0].timeout_ms, 30000);
    assert_int_equal(seen.histograms[0], COTEL_AGGREGATION_EXPLICIT_BUCKET_HISTOGRAM);
    for (size_t i = 0; i < COTEL_INSTRUMENT_KINDS; i++)
        assert_int_equal(seen.options[0].reader.temporality[i], COTEL_TEMPORALITY_CUMULATIVE);
    assert_int_equal(seen.told, 0);
}

static void each_exporter_of_the_list_gets_a_reader_once(void **state)
{
    set("OTEL_METRICS_EXPORTER", " console, OTLP ,otlp,otlp/stdout");
    assert_int_equal(create().count, 3);
    assert_ptr_equal(seen.behind[0], &console_exporter);
    assert_ptr_equal(seen.behind[1], &otlp_exporter);
    assert_ptr_equal(seen.behind[2], &stdout_exporter);
}

static void none_is_no_reader(void **state)
{
    set("OTEL_METRICS_EXPORTER", "none");
    assert_int_equal(create().count, 0);
    assert_int_equal(seen.told, 0);
}

static void the_interval_and_the_timeout_are_those_of_every_reader(void **state)
{
    set("OTEL_METRICS_EXPORTER", "console,otlp");
    set("OTEL_METRIC_EXPORT_INTERVAL", "1500");
    set("OTEL_METRIC_EXPORT_TIMEOUT", "0");
    assert_int_equal(create().count, 2);
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(seen.options[i].interval_ms, 1500);
        assert_int_equal(seen.options[i].timeout_ms, 0);
    }
}

static void a_console_is_written_to_more_often_unless_an_interval_is_given(void **state)
{
    set("OTEL_METRICS_EXPORTER", "console");
    (void)create();
    assert_int_equal(seen.options[0].interval_ms, 10000);
    set("OTEL_METRIC_EXPORT_INTERVAL", "60000");
    (void)create();
    assert_int_equal(seen.options[1].interval_ms, 60000);
    set("OTEL_METRIC_EXPORT_INTERVAL", "0"); /* can't be */
    (void)create();
    assert_int_equal(seen.options[2].interval_ms, 10000);
}

static void assert_temporality(size_t reader, cotel_instrument_kind kind, cotel_temporality wanted)
{
    assert_int_equal(seen.options[reader].reader.temporality[kind], wanted);
}

static void what_a_collector_prefers_holds_for_otlp_and_its_files(void **state)
{
    set("OTEL_METRICS_EXPORTER", "otlp,otlp/stdout,console");
    set("OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE", "DELTA");
    set("OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION",
        "base2_exponential_bucket_histogram");
    (void)create();
    for (size_t i = 0; i < 2; i++) {
        assert_temporality(i, COTEL_INSTRUMENT_COUNTER, COTEL_TEMPORALITY_DELTA);
        assert_temporality(i, COTEL_INSTRUMENT_OBSERVABLE_COUNTER, COTEL_TEMPORALITY_DELTA);
        assert_temporality(i, COTEL_INSTRUMENT_UP_DOWN_COUNTER, COTEL_TEMPORALITY_CUMULATIVE);
        assert_int_equal(seen.histograms[i], COTEL_AGGREGATION_EXPONENTIAL_HISTOGRAM);
    }
    assert_temporality(2, COTEL_INSTRUMENT_COUNTER, COTEL_TEMPORALITY_CUMULATIVE);
    assert_int_equal(seen.histograms[2], COTEL_AGGREGATION_DEFAULT);
}

static void low_memory_is_the_third_preference(void **state)
{
    set("OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE", "lowmemory");
    (void)create();
    assert_temporality(0, COTEL_INSTRUMENT_HISTOGRAM, COTEL_TEMPORALITY_DELTA);
    assert_temporality(0, COTEL_INSTRUMENT_OBSERVABLE_COUNTER, COTEL_TEMPORALITY_CUMULATIVE);
}

static void the_protocol_of_metrics_is_their_own(void **state)
{
    set("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc");
    set("OTEL_EXPORTER_OTLP_METRICS_PROTOCOL", "http/json");
    (void)create();
    assert_int_equal(seen.encoding, COTEL_OTLP_ENCODING_JSON);
    assert_string_equal(seen.endpoint, "http://localhost:4318/v1/metrics");
}

static void an_exporter_that_cannot_be_had_is_told_and_the_others_work(void **state)
{
    seen.otlp_answer = COTEL_STATUS_INVALID_ARGUMENT;
    set("OTEL_METRICS_EXPORTER", "otlp,console");
    struct ct_readers readers = create();
    assert_int_equal(readers.count, 1);
    assert_ptr_equal(seen.behind[0], &console_exporter);
    assert_int_equal(seen.told, 1);
    assert_int_equal(seen.last_level, COTEL_LOG_ERROR);
    assert_memory_equal(seen.last_told, "the exporter otlp of metrics cannot be had: ", 44);
}

static void an_exporter_whose_reader_fails_is_destroyed(void **state)
{
    seen.reader_answer = COTEL_STATUS_LIMIT_REACHED;
    assert_int_equal(create().count, 0);
    assert_int_equal(seen.exporters_destroyed, 1);
    assert_int_equal(seen.producers, 0);
    assert_int_equal(seen.told, 1);
}

static void each_reader_brings_the_summaries_of_client_libraries(void **state)
{
    set("OTEL_METRICS_EXPORTER", "console,otlp,otlp/stdout");
    assert_int_equal(create().count, 3);
    assert_int_equal(seen.producers, HAS_PROMETHEUS ? 3 : 0);
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(seen.options[i].reader.producer_count, HAS_PROMETHEUS ? 1 : 0);
}

static void readers_that_nobody_takes_are_destroyed(void **state)
{
    set("OTEL_METRICS_EXPORTER", "otlp,console");
    struct ct_readers readers = create();
    ct_readers_let_go(&readers, true);
    assert_int_equal(seen.readers_destroyed, 0);
    ct_readers_let_go(&readers, false);
    assert_int_equal(seen.readers_destroyed, 2);
}

static void prometheus_gets_its_host_and_port(void **state)
{
    if (!HAS_PROMETHEUS)
        skip();
    set("OTEL_METRICS_EXPORTER", "prometheus,otlp");
    struct ct_readers readers = create();
    assert_string_equal(seen.prometheus_host, "localhost");
    assert_int_equal(seen.prometheus_port, 9464);
    assert_int_equal(readers.count, 2);
    assert_ptr_equal(readers.items[0], SERVED);
    ct_readers_let_go(&readers, false); /* the exporter's own goes with the exporter */
    assert_int_equal(seen.let_go, 1);
    assert_int_equal(seen.readers_destroyed, 1);
    set("OTEL_EXPORTER_PROMETHEUS_HOST", " 0.0.0.0 ");
    set("OTEL_EXPORTER_PROMETHEUS_PORT", "65535");
    (void)create();
    assert_string_equal(seen.prometheus_host, "0.0.0.0");
    assert_int_equal(seen.prometheus_port, 65535);
}

static void several_agents_can_ask_for_one_port_and_tell_where_they_are(void **state)
{
    if (!HAS_PROMETHEUS)
        skip();
    set("OTEL_METRICS_EXPORTER", "prometheus");
    (void)create();
    assert_string_equal(seen.prometheus_target_file, "none");
    set("OTEL_C_PROMETHEUS_TARGET_FILE", "/run/targets/%p.json");
    (void)create();
    assert_string_equal(seen.prometheus_target_file, "/run/targets/%p.json");
    /* With a target file that is: the next free one. */
    assert_int_equal(seen.prometheus_port_policy, COTEL_PROMETHEUS_PORT_AUTO);
}

static void prometheus_that_is_not_built_is_told(void **state)
{
    if (HAS_PROMETHEUS)
        skip();
    set("OTEL_METRICS_EXPORTER", "prometheus");
    struct ct_readers readers = create();
    assert_int_equal(readers.count, 0);
    assert_int_equal(seen.told, 2);
    ct_readers_let_go(&readers, false);
}

static void prometheus_that_cannot_be_had_is_told(void **state)
{
    if (!HAS_PROMETHEUS)
        skip();
    seen.prometheus_answer = COTEL_STATUS_SYSTEM_ERROR;
    set("OTEL_METRICS_EXPORTER", "prometheus");
    struct ct_readers readers = create();
    assert_int_equal(readers.count, 0);
    assert_int_equal(seen.told, 1);
    ct_readers_let_go(&readers, false);
    assert_int_equal(seen.let_go, 0);
}

#define TEST(name) cmocka_unit_test_setup(name, fresh)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(by_default_metrics_go_over_otlp_to_this_host_every_minute),
        TEST(each_exporter_of_the_list_gets_a_reader_once),
        TEST(none_is_no_reader),
        TEST(the_interval_and_the_timeout_are_those_of_every_reader),
        TEST(a_console_is_written_to_more_often_unless_an_interval_is_given),
        TEST(what_a_collector_prefers_holds_for_otlp_and_its_files),
        TEST(low_memory_is_the_third_preference),
        TEST(the_protocol_of_metrics_is_their_own),
        TEST(an_exporter_that_cannot_be_had_is_told_and_the_others_work),
        TEST(an_exporter_whose_reader_fails_is_destroyed),
        TEST(each_reader_brings_the_summaries_of_client_libraries),
        TEST(readers_that_nobody_takes_are_destroyed),
        TEST(prometheus_gets_its_host_and_port),
        TEST(several_agents_can_ask_for_one_port_and_tell_where_they_are),
        TEST(prometheus_that_is_not_built_is_told),
        TEST(prometheus_that_cannot_be_had_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
