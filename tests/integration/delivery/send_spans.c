/* SPDX-License-Identifier: Apache-2.0 */
/* Sends spans through the whole SDK and tells what became of them:
 *
 *     send_spans http|grpc ENDPOINT culprits|backlog COUNT
 *
 * The spans are called span-0000000 and so on. Of `culprits` a third of the way in one has a value
 * of 5 MB, and two thirds in one has the value "poison"; they leave as they come, in batches of the
 * default size. Of `backlog` all wait together, and no number of spans ends a batch, so that only
 * its bytes do. On stdout, a line each: `KEY NUMBER` for the counts, and `told TEXT` for what was
 * told to diagnostics. */
#include <cotel/exporters/otlp.h>
#include <cotel/sdk/sdk.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FLUSH_MS 120000
#define HOUR_MS 3600000
#define QUEUE_BYTES ((size_t)1 << 30)
#define LARGE_VALUE 5000000

static char large[LARGE_VALUE];

static void check(cotel_status status, const char *what)
{
    if (status == COTEL_STATUS_OK)
        return;
    fprintf(stderr, "%s: %s\n", what, cotel_status_text(status));
    exit(1);
}

static void tell(void *user, cotel_log_level level, const char *component, const char *message)
{
    (void)user, (void)level, (void)component;
    printf("told %s\n", message);
}

static cotel_exporter *exporter_to(const char *transport, const char *endpoint)
{
    cotel_exporter *exporter = NULL;
    if (strcmp(transport, "http") == 0) {
        cotel_otlp_http_options options = COTEL_OTLP_HTTP_OPTIONS_INIT;
        options.endpoint = endpoint;
        check(cotel_otlp_http_exporter_create(&options, &exporter), "HTTP exporter");
        return exporter;
    }
#ifdef HAS_GRPC
    cotel_otlp_grpc_options options = COTEL_OTLP_GRPC_OPTIONS_INIT;
    options.endpoint = endpoint;
    check(cotel_otlp_grpc_exporter_create(&options, &exporter), "gRPC exporter");
#endif
    return exporter;
}

static cotel_tracer_provider *provider_of(cotel_exporter *exporter, size_t count, bool is_backlog)
{
    cotel_batch_processor_options batch = COTEL_BATCH_PROCESSOR_OPTIONS_INIT;
    cotel_tracer_provider_options options = COTEL_TRACER_PROVIDER_OPTIONS_INIT;
    cotel_span_processor *processor = NULL;
    cotel_tracer_provider *provider = NULL;
    batch.max_queue_size = count + 1;
    batch.max_queue_bytes = QUEUE_BYTES;
    batch.max_export_batch_size = is_backlog ? count + 1 : batch.max_export_batch_size;
    batch.schedule_delay_ms = is_backlog ? HOUR_MS : batch.schedule_delay_ms;
    check(cotel_batch_processor_create(exporter, &batch, &processor), "processor");
    options.processors = &processor;
    options.processor_count = 1;
    check(cotel_tracer_provider_create(&options, &provider), "provider");
    return provider;
}

static void make_spans(cotel_tracer *tracer, size_t count, bool is_backlog)
{
    for (size_t i = 0; i < count; i++) {
        char name[32];
        (void)snprintf(name, sizeof name, "span-%07zu", i);
        cotel_span span = cotel_span_start(tracer, name, NULL);
        cotel_span_set_string(&span, "gen_ai.request.model", "gpt-4o");
        cotel_span_set_int(&span, "gen_ai.usage.input_tokens", 1234);
        if (!is_backlog && i == count / 3)
            cotel_span_set_string_n(&span, "value", 5, large, sizeof large);
        if (!is_backlog && i == count / 3 * 2)
            cotel_span_set_string(&span, "value", "poison");
        cotel_span_end(&span);
    }
}

static void print_counts(cotel_tracer_provider *provider)
{
    cotel_sdk_counts counts = {.size = sizeof counts};
    cotel_sdk_stats(provider, &counts);
    const cotel_pipeline_stats *pipeline = &counts.pipelines[0];
    printf("started %" PRIu64 "\nended %" PRIu64 "\n", counts.started, counts.ended);
    printf("offered %" PRIu64 "\naccepted %" PRIu64 "\n", pipeline->offered, pipeline->accepted);
    printf("queued %" PRIu64 "\nin_flight %" PRIu64 "\n", pipeline->queued, pipeline->in_flight);
    for (size_t i = 0; i < COTEL_DROP_REASONS; i++) {
        if (pipeline->dropped[i] > 0)
            printf("dropped.%s %" PRIu64 "\n", cotel_drop_reason_name((cotel_drop_reason)i),
                   pipeline->dropped[i]);
    }
}

int main(int argc, char **argv)
{
    if (argc != 5) {
        fputs("usage: send_spans http|grpc ENDPOINT culprits|backlog COUNT\n", stderr);
        return 2;
    }
    size_t count = strtoul(argv[4], NULL, 10);
    bool is_backlog = strcmp(argv[3], "backlog") == 0;
    memset(large, 'x', sizeof large);
    cotel_diagnostics_set(tell, NULL, COTEL_LOG_WARNING);
    cotel_tracer_provider *provider = provider_of(exporter_to(argv[1], argv[2]), count, is_backlog);
    make_spans(cotel_tracer_provider_get_tracer(provider, "send_spans", NULL), count, is_backlog);
    if (is_backlog) {
        cotel_sdk_counts counts = {.size = sizeof counts};
        cotel_sdk_stats(provider, &counts);
        printf("backlog %" PRIu64 "\n", counts.pipelines[0].queued);
    }
    (void)cotel_tracer_provider_flush(provider, FLUSH_MS); /* the counts tell what came of it */
    print_counts(provider);
    cotel_tracer_provider_destroy(provider);
    return 0;
}
