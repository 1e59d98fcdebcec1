/* SPDX-License-Identifier: Apache-2.0 */
/* What reaches the SDK and the exporters: they are stood in for by functions that note what they
 * are given. */
#include <cotel/exporters/console.h>
#include <cotel/exporters/otlp_file.h>
#include <cotel/exporters/otlp_grpc.h>
#include <cotel/exporters/otlp_http.h>
#include <cotel/exporters/prometheus.h>
#include <cotel/prom.h>
#include <cotel/samplers/jaeger_remote.h>
#include <cotel/sdk/auto.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define MOST 8

static struct {
    int told;
    int inits;
    cotel_status init_answer, otlp_answer, processor_answer;
    cotel_span_limits limits;
    char sampler[512];
    size_t processor_count;
    bool is_simple[MOST];
    cotel_exporter *behind[MOST];
    cotel_batch_processor_options batch;
    size_t reader_count;
    cotel_exemplar_filter exemplar_filter;
    int readers_destroyed;
    char endpoint[256];
    char headers[256];
    uint64_t otlp_timeout_ms;
    int exporters_destroyed, processors_destroyed;
} seen;

static cotel_exporter otlp_exporter, stdout_exporter, console_exporter;
static cotel_span_processor processors[MOST];

cotel_status cotel_otlp_http_exporter_create(const cotel_otlp_http_options *options,
                                             cotel_exporter **out)
{
    (void)snprintf(seen.endpoint, sizeof seen.endpoint, "%s", options->endpoint);
    seen.headers[0] = '\0';
    for (size_t i = 0; i < options->header_count; i++) {
        size_t used = strlen(seen.headers);
        (void)snprintf(seen.headers + used, sizeof seen.headers - used, "%s:%s;",
                       options->headers[i].name, options->headers[i].value);
    }
    seen.otlp_timeout_ms = options->timeout_ms;
    *out = &otlp_exporter;
    return seen.otlp_answer;
}

cotel_status cotel_otlp_file_exporter_create(const cotel_otlp_file_options *options,
                                             cotel_exporter **out)
{
    assert_true(!options || (options->signal == COTEL_SIGNAL_METRICS && !options->path));
    *out = &stdout_exporter;
    return COTEL_STATUS_OK;
}

cotel_status cotel_console_exporter_create(const cotel_console_options *options,
                                           cotel_exporter **out)
{
    *out = &console_exporter;
    return COTEL_STATUS_OK;
}

/* Nothing here asks for it: test_otlp_from_env.c does. */
cotel_status cotel_otlp_grpc_exporter_create(const cotel_otlp_grpc_options *options,
                                             cotel_exporter **out)
{
    return COTEL_STATUS_NOT_SUPPORTED;
}

/* Nothing here names it: test_jaeger_remote_from_env.c does. */
cotel_status cotel_jaeger_remote_sampler_create(const cotel_jaeger_remote_sampler_options *options,
                                                cotel_sampler **out)
{
    return COTEL_STATUS_NOT_SUPPORTED;
}

static cotel_status note_processor(bool is_simple, cotel_exporter *exporter,
                                   const cotel_batch_processor_options *options,
                                   cotel_span_processor **out)
{
    if (seen.processor_answer != COTEL_STATUS_OK)
        return seen.processor_answer;
    seen.batch = *options;
    seen.is_simple[seen.processor_count] = is_simple;
    seen.behind[seen.processor_count] = exporter;
    *out = &processors[seen.processor_count++];
    return COTEL_STATUS_OK;
}

cotel_status cotel_batch_processor_create(cotel_exporter *exporter,
                                          const cotel_batch_processor_options *options,
                                          cotel_span_processor **out)
{
    return note_processor(false, exporter, options, out);
}

cotel_status cotel_simple_processor_create(cotel_exporter *exporter,
                                           const cotel_batch_processor_options *options,
                                           cotel_span_processor **out)
{
    return note_processor(true, exporter, options, out);
}

void cotel_exporter_destroy(cotel_exporter *exporter)
{
    seen.exporters_destroyed++;
}

void cotel_span_processor_destroy(cotel_span_processor *processor)
{
    seen.processors_destroyed++;
}

/* Nothing here names it: test_readers_from_env.c does. */
cotel_metric_producer *cotel_prom_producer_create(cotel_prom_registry *registry)
{
    return NULL;
}

cotel_status cotel_prometheus_exporter_create(const cotel_prometheus_options *options,
                                              cotel_prometheus_exporter **out)
{
    return COTEL_STATUS_NOT_SUPPORTED;
}

cotel_metric_reader *cotel_prometheus_exporter_as_reader(cotel_prometheus_exporter *exporter)
{
    return NULL;
}

void cotel_prometheus_exporter_destroy(cotel_prometheus_exporter *exporter) {}

static char reader_memory;

cotel_status cotel_periodic_reader_create(cotel_exporter *exporter,
                                          const cotel_periodic_reader_options *options,
                                          cotel_metric_reader **out)
{
    *out = (cotel_metric_reader *)&reader_memory; /* the type is not complete */
    return COTEL_STATUS_OK;
}

void cotel_metric_reader_destroy(cotel_metric_reader *reader)
{
    assert_ptr_equal(reader, &reader_memory);
    seen.readers_destroyed++;
}

cotel_status cotel_sdk_init(const cotel_sdk_options *options)
{
    cotel_sampler *sampler = options->provider.sampler;
    seen.inits++;
    seen.limits = options->provider.limits;
    (void)snprintf(seen.sampler, sizeof seen.sampler, "%s", sampler->ops->description(sampler));
    assert_int_equal(options->provider.processor_count, seen.processor_count);
    for (size_t i = 0; i < seen.processor_count; i++)
        assert_ptr_equal(options->provider.processors[i], &processors[i]);
    assert_null(options->exporter);
    assert_null(options->metric_exporter);
    seen.reader_count = options->meter_provider->reader_count;
    seen.exemplar_filter = options->meter_provider->exemplar_filter;
    if (seen.init_answer == COTEL_STATUS_OK)
        cotel_sampler_destroy(sampler);
    return seen.init_answer;
}

static void count_message(void *user, cotel_log_level level, const char *component,
                          const char *message)
{
    seen.told++;
}

static int fresh(void **state)
{
    memset(&seen, 0, sizeof seen);
    cotel_diagnostics_set(count_message, NULL, COTEL_LOG_WARNING);
    return clearenv();
}

static void set(const char *name, const char *value)
{
    assert_int_equal(setenv(name, value, 1), 0);
}

/* What becomes of metrics is in test_readers_from_env.c. */
static int without_metrics(void **state)
{
    int failed = fresh(state);
    set("OTEL_METRICS_EXPORTER", "none");
    return failed;
}

static void init(void)
{
    assert_int_equal(cotel_sdk_init_from_env(), COTEL_STATUS_OK);
}

static void by_default_batches_go_over_otlp_to_this_host(void **state)
{
    init();
    assert_int_equal(seen.inits, 1);
    assert_int_equal(seen.processor_count, 1);
    assert_false(seen.is_simple[0]);
    assert_ptr_equal(seen.behind[0], &otlp_exporter);
    assert_string_equal(seen.endpoint, "http://localhost:4318/v1/traces");
    assert_string_equal(seen.headers, "");
    assert_int_equal(seen.otlp_timeout_ms, 10000);
    assert_memory_equal(seen.sampler, "ParentBased{root:AlwaysOnSampler,", 33);
    assert_int_equal(seen.limits.attributes, 128);
    assert_true(seen.limits.value_length == COTEL_UNLIMITED);
    assert_int_equal(seen.told, 0);
}

static void a_disabled_sdk_is_not_set_up_and_that_is_fine(void **state)
{
    set("OTEL_SDK_DISABLED", "true");
    init();
    assert_int_equal(seen.inits, 0);
    assert_int_equal(seen.processor_count, 0);
}

static void each_exporter_of_the_list_gets_a_processor_once(void **state)
{
    set("OTEL_TRACES_EXPORTER", " console, OTLP ,otlp,otlp/stdout");
    init();
    assert_int_equal(seen.processor_count, 3);
    assert_ptr_equal(seen.behind[0], &console_exporter);
    assert_ptr_equal(seen.behind[1], &otlp_exporter);
    assert_true(seen.is_simple[0]);
    assert_ptr_equal(seen.behind[2], &stdout_exporter);
    assert_false(seen.is_simple[1]);
    assert_false(seen.is_simple[2]);
}

static void none_means_a_provider_without_exporters(void **state)
{
    set("OTEL_TRACES_EXPORTER", "none");
    init();
    assert_int_equal(seen.inits, 1);
    assert_int_equal(seen.processor_count, 0);
    assert_int_equal(seen.told, 0);
}

static void an_unknown_exporter_is_told_and_the_others_work(void **state)
{
    set("OTEL_TRACES_EXPORTER", "zipkin,console");
    init();
    assert_int_equal(seen.told, 1);
    assert_int_equal(seen.processor_count, 1);
    assert_ptr_equal(seen.behind[0], &console_exporter);
}

static void a_list_of_nothing_known_is_as_none_given(void **state)
{
    set("OTEL_TRACES_EXPORTER", "zipkin,");
    init();
    assert_int_equal(seen.told, 1);
    assert_ptr_equal(seen.behind[0], &otlp_exporter);
}

static void an_exporter_that_cannot_be_had_is_told_and_the_others_work(void **state)
{
    seen.otlp_answer = COTEL_STATUS_INVALID_ARGUMENT;
    set("OTEL_TRACES_EXPORTER", "otlp,console");
    init();
    assert_int_equal(seen.told, 1);
    assert_int_equal(seen.processor_count, 1);
    assert_int_equal(seen.exporters_destroyed, 0);
}

static void an_exporter_whose_processor_fails_is_destroyed(void **state)
{
    seen.processor_answer = COTEL_STATUS_OUT_OF_MEMORY;
    init();
    assert_int_equal(seen.exporters_destroyed, 1);
    assert_int_equal(seen.inits, 1);
    assert_int_equal(seen.told, 1);
}

static void what_init_does_not_take_is_destroyed(void **state)
{
    seen.init_answer = COTEL_STATUS_LIMIT_REACHED;
    set("OTEL_TRACES_EXPORTER", "otlp,console");
    assert_int_equal(cotel_sdk_init_from_env(), COTEL_STATUS_LIMIT_REACHED);
    assert_int_equal(seen.processors_destroyed, 2);
}

static void readers_and_the_filter_of_exemplars_reach_the_meter_provider(void **state)
{
    set("OTEL_METRICS_EXPORTER", "otlp/stdout");
    init();
    assert_int_equal(seen.reader_count, 1);
    assert_int_equal(seen.exemplar_filter, COTEL_EXEMPLAR_FILTER_TRACE_BASED);
    assert_int_equal(seen.readers_destroyed, 0);
    set("OTEL_METRICS_EXEMPLAR_FILTER", "always_off");
    seen.init_answer = COTEL_STATUS_LIMIT_REACHED;
    seen.processor_count = 0;
    assert_int_equal(cotel_sdk_init_from_env(), COTEL_STATUS_LIMIT_REACHED);
    assert_int_equal(seen.exemplar_filter, COTEL_EXEMPLAR_FILTER_ALWAYS_OFF);
    assert_int_equal(seen.readers_destroyed, 1);
}

static void endpoints_follow_the_rules(void **state)
{
    const struct {
        const char *general, *traces, *expected;
    } rows[] = {
        {"http://h:4318", NULL, "http://h:4318/v1/traces"},
        {"http://h:4318/", NULL, "http://h:4318/v1/traces"},
        {" http://h/base/ ", NULL, "http://h/base/v1/traces"},
        {"http://h", "http://t/as/is", "http://t/as/is"},
        {NULL, "http://t:4318/", "http://t:4318/"},
        {"", "", "http://localhost:4318/v1/traces"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_int_equal(without_metrics(state), 0);
        if (rows[i].general)
            set("OTEL_EXPORTER_OTLP_ENDPOINT", rows[i].general);
        if (rows[i].traces)
            set("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", rows[i].traces);
        init();
        assert_string_equal(seen.endpoint, rows[i].expected);
    }
}

static void headers_of_the_signal_replace_the_general_ones(void **state)
{
    set("OTEL_EXPORTER_OTLP_HEADERS", "a=1,b=%20");
    init();
    assert_string_equal(seen.headers, "a:1;b: ;");
    seen.processor_count = 0;
    set("OTEL_EXPORTER_OTLP_TRACES_HEADERS", "c=3");
    init();
    assert_string_equal(seen.headers, "c:3;");
}

static void malformed_headers_are_told_and_none_sent(void **state)
{
    set("OTEL_EXPORTER_OTLP_HEADERS", "a=1,b");
    init();
    assert_string_equal(seen.headers, "");
    assert_int_equal(seen.told, 1);
    assert_int_equal(seen.processor_count, 1);
}

static void timeouts_of_the_signal_go_before_the_general_one_and_0_is_none(void **state)
{
    set("OTEL_EXPORTER_OTLP_TIMEOUT", "2000");
    init();
    assert_int_equal(seen.otlp_timeout_ms, 2000);
    seen.processor_count = 0;
    set("OTEL_EXPORTER_OTLP_TRACES_TIMEOUT", "0");
    init();
    assert_int_equal(seen.otlp_timeout_ms, INT32_MAX);
}

static void batch_settings_arrive(void **state)
{
    set("OTEL_BSP_SCHEDULE_DELAY", "1");
    set("OTEL_BSP_EXPORT_TIMEOUT", "0");
    set("OTEL_BSP_MAX_QUEUE_SIZE", "3");
    set("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "2");
    init();
    assert_int_equal(seen.batch.schedule_delay_ms, 1);
    assert_int_equal(seen.batch.export_timeout_ms, 0);
    assert_int_equal(seen.batch.max_queue_size, 3);
    assert_int_equal(seen.batch.max_export_batch_size, 2);
    assert_int_equal(seen.batch.max_queue_bytes, 16u << 20);
}

static void special_limits_go_before_general_ones(void **state)
{
    set("OTEL_ATTRIBUTE_COUNT_LIMIT", "10");
    set("OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT", "20");
    set("OTEL_LINK_ATTRIBUTE_COUNT_LIMIT", "0");
    set("OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT", "40");
    set("OTEL_SPAN_EVENT_COUNT_LIMIT", "50");
    set("OTEL_SPAN_LINK_COUNT_LIMIT", "60");
    init();
    assert_int_equal(seen.limits.attributes, 20);
    assert_int_equal(seen.limits.attributes_per_event, 10);
    assert_int_equal(seen.limits.attributes_per_link, 0);
    assert_int_equal(seen.limits.value_length, 40);
    assert_int_equal(seen.limits.events, 50);
    assert_int_equal(seen.limits.links, 60);
    assert_int_equal(seen.limits.value_depth, 64);
}

static void each_sampler_is_the_one_that_was_named(void **state)
{
    const struct {
        const char *name, *argument, *starts_with;
        int told;
    } rows[] = {
        {"always_on", NULL, "AlwaysOnSampler", 0},
        {"always_off", NULL, "AlwaysOffSampler", 0},
        {"traceidratio", "0.25", "TraceIdRatioBased{0.250000}", 0},
        {"traceidratio", NULL, "TraceIdRatioBased{1.000000}", 0},
        {"traceidratio", "2", "TraceIdRatioBased{1.000000}", 1},
        {"traceidratio", "0,5", "TraceIdRatioBased{1.000000}", 1},
        {"parentbased_always_on", NULL, "ParentBased{root:AlwaysOnSampler,", 0},
        {"parentbased_always_off", NULL, "ParentBased{root:AlwaysOffSampler,", 0},
        {"parentbased_traceidratio", "0.5", "ParentBased{root:TraceIdRatioBased{0.500000},", 0},
        {"xray", NULL, "ParentBased{root:AlwaysOnSampler,", 1},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_int_equal(without_metrics(state), 0);
        set("OTEL_TRACES_SAMPLER", rows[i].name);
        if (rows[i].argument)
            set("OTEL_TRACES_SAMPLER_ARG", rows[i].argument);
        init();
        assert_memory_equal(seen.sampler, rows[i].starts_with, strlen(rows[i].starts_with));
        assert_int_equal(seen.told, rows[i].told);
    }
}

static void the_log_level_counts_from_then_on(void **state)
{
    set("OTEL_LOG_LEVEL", "error");
    init();
    cotel_diagnostics_report(COTEL_LOG_WARNING, "test", "unheard");
    assert_int_equal(seen.told, 0);
    cotel_diagnostics_report(COTEL_LOG_ERROR, "test", "heard");
    assert_int_equal(seen.told, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(by_default_batches_go_over_otlp_to_this_host, without_metrics),
        cmocka_unit_test_setup(a_disabled_sdk_is_not_set_up_and_that_is_fine, without_metrics),
        cmocka_unit_test_setup(each_exporter_of_the_list_gets_a_processor_once, without_metrics),
        cmocka_unit_test_setup(none_means_a_provider_without_exporters, without_metrics),
        cmocka_unit_test_setup(an_unknown_exporter_is_told_and_the_others_work, without_metrics),
        cmocka_unit_test_setup(a_list_of_nothing_known_is_as_none_given, without_metrics),
        cmocka_unit_test_setup(an_exporter_that_cannot_be_had_is_told_and_the_others_work,
                               without_metrics),
        cmocka_unit_test_setup(an_exporter_whose_processor_fails_is_destroyed, without_metrics),
        cmocka_unit_test_setup(what_init_does_not_take_is_destroyed, without_metrics),
        cmocka_unit_test_setup(readers_and_the_filter_of_exemplars_reach_the_meter_provider,
                               without_metrics),
        cmocka_unit_test_setup(endpoints_follow_the_rules, without_metrics),
        cmocka_unit_test_setup(headers_of_the_signal_replace_the_general_ones, without_metrics),
        cmocka_unit_test_setup(malformed_headers_are_told_and_none_sent, without_metrics),
        cmocka_unit_test_setup(timeouts_of_the_signal_go_before_the_general_one_and_0_is_none,
                               without_metrics),
        cmocka_unit_test_setup(batch_settings_arrive, without_metrics),
        cmocka_unit_test_setup(special_limits_go_before_general_ones, without_metrics),
        cmocka_unit_test_setup(each_sampler_is_the_one_that_was_named, without_metrics),
        cmocka_unit_test_setup(the_log_level_counts_from_then_on, without_metrics),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
