/* SPDX-License-Identifier: Apache-2.0 */
#include "accounting.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <zlib.h>

#include <cmocka.h>

/* ---- what was told ---- */

static struct {
    pthread_mutex_t lock;
    char text[64 * 1024]; /* a line each */
    size_t size;
} told = {.lock = PTHREAD_MUTEX_INITIALIZER};

static void tell(void *user, cotel_log_level level, const char *component, const char *message)
{
    (void)user, (void)level;
    pthread_mutex_lock(&told.lock);
    int added = snprintf(told.text + told.size, sizeof told.text - told.size, "%s: %s\n", component,
                         message);
    if (added > 0 && (size_t)added < sizeof told.text - told.size)
        told.size += (size_t)added;
    told.text[told.size] = '\0'; /* of a line that did not fit */
    pthread_mutex_unlock(&told.lock);
}

static void listen_anew(void)
{
    pthread_mutex_lock(&told.lock);
    told.size = 0;
    told.text[0] = '\0';
    pthread_mutex_unlock(&told.lock);
    cotel_diagnostics_set(tell, NULL, COTEL_LOG_WARNING);
}

/* A copy: the worker may have something to add. */
static const char *told_so_far(void)
{
    static char text[sizeof told.text];
    pthread_mutex_lock(&told.lock);
    memcpy(text, told.text, told.size + 1);
    pthread_mutex_unlock(&told.lock);
    return text;
}

/* How much of a text they take. */
static int two_lines(const char *text)
{
    const char *end = strchr(text, '\n');
    end = end != NULL ? strchr(end + 1, '\n') : NULL;
    return (int)(end != NULL ? (size_t)(end + 1 - text) : strlen(text));
}

static void must_have_told(const char *text, const char *words)
{
    if (words != NULL && strstr(text, words) == NULL)
        fail_msg("'%s' was not told, but:\n%s", words, text);
}

static void check_told(const struct expectation *expected)
{
    cotel_diagnostics_set(NULL, NULL, COTEL_LOG_WARNING);
    const char *text = told_so_far();
    printf("%.*s", two_lines(text), text);
    if (expected->told == NULL)
        assert_string_equal(text, "");
    must_have_told(text, expected->told);
    must_have_told(text, expected->told_of_try);
}

/* ---- the spans ---- */

static uint64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

static cotel_tracer_provider *provider_of(cotel_exporter *exporter)
{
    cotel_batch_processor_options batch = COTEL_BATCH_PROCESSOR_OPTIONS_INIT;
    cotel_tracer_provider_options options = COTEL_TRACER_PROVIDER_OPTIONS_INIT;
    cotel_span_processor *processor = NULL;
    cotel_tracer_provider *provider = NULL;
    batch.max_export_batch_size = BATCH;
    assert_int_equal(cotel_batch_processor_create(exporter, &batch, &processor), COTEL_STATUS_OK);
    options.processors = &processor;
    options.processor_count = 1;
    assert_int_equal(cotel_tracer_provider_create(&options, &provider), COTEL_STATUS_OK);
    return provider;
}

static void make_spans(cotel_tracer_provider *provider)
{
    cotel_tracer *tracer = cotel_tracer_provider_get_tracer(provider, "accounting", NULL);
    for (int i = 0; i < SPANS; i++) {
        cotel_span span = cotel_span_start(tracer, "work", NULL);
        cotel_span_set_int(&span, "number", i);
        cotel_span_end(&span);
    }
}

static void check_counts(cotel_tracer_provider *provider, const struct expectation *expected)
{
    cotel_sdk_counts counts = {.size = sizeof counts};
    cotel_sdk_stats(provider, &counts);
    assert_int_equal(counts.started, SPANS);
    assert_int_equal(counts.started, counts.unsampled + counts.live + counts.ended);
    assert_int_equal(counts.pipeline_count, 1);
    const cotel_pipeline_stats *pipeline = &counts.pipelines[0];
    assert_int_equal(pipeline->offered, SPANS);
    assert_int_equal(pipeline->queued + pipeline->in_flight, 0);
    assert_int_equal(pipeline->queued_bytes, 0);
    assert_int_equal(pipeline->accepted, SPANS - expected->lost);
    for (size_t i = 0; i < COTEL_DROP_REASONS; i++)
        assert_int_equal(pipeline->dropped[i], i == expected->reason ? expected->lost : 0);
}

/* @return how long it took. */
static uint64_t deliver(cotel_exporter *exporter, const struct expectation *expected)
{
    assert_non_null(exporter);
    cotel_tracer_provider *provider = provider_of(exporter);
    uint64_t began_ms = now_ms();
    make_spans(provider);
    cotel_status status = cotel_tracer_provider_flush(provider, PATIENCE_MS);
    uint64_t took_ms = now_ms() - began_ms;
    assert_int_equal(status, expected->lost > 0 ? COTEL_STATUS_EXPORT_FAILED : COTEL_STATUS_OK);
    check_counts(provider, expected);
    cotel_tracer_provider_destroy(provider);
    return took_ms;
}

void account_for(const char *fault, cotel_exporter *exporter, const struct expectation *expected)
{
    printf("%s\n", fault);
    listen_anew();
    uint64_t took_ms = deliver(exporter, expected);
    printf("%u of %u lost, %u ms\n", (unsigned)expected->lost, (unsigned)SPANS, (unsigned)took_ms);
    check_told(expected);
    assert_true(took_ms >= expected->least_ms);
}

void count_for(cotel_exporter *exporter, const struct expectation *expected)
{
    (void)deliver(exporter, expected);
}

void make_tracers(int count)
{
    for (int i = 0; i < count; i++) {
        cotel_tracer_provider *provider = NULL;
        assert_int_equal(cotel_tracer_provider_create(NULL, &provider), COTEL_STATUS_OK);
        (void)cotel_tracer_provider_get_tracer(provider, "accounting", NULL);
        cotel_tracer_provider_destroy(provider);
    }
}

void account_for_requests(const struct expectation *expected, unsigned requests)
{
    if (expected->requests > 0)
        assert_int_equal(requests, expected->requests);
}

/* ---- a bomb ---- */

const void *gzip_bomb(size_t *size)
{
    enum { PLAIN_SIZE = 8 << 20, PACKED_SIZE = 64 << 10, GZIP = 15 + 16 };
    static unsigned char packed[PACKED_SIZE];
    static size_t packed_size;
    if (packed_size == 0) {
        unsigned char *zeros = calloc(1, PLAIN_SIZE);
        assert_non_null(zeros);
        z_stream stream = {
            .next_in = zeros, .avail_in = PLAIN_SIZE, .next_out = packed, .avail_out = PACKED_SIZE};
        assert_int_equal(deflateInit2(&stream, 9, Z_DEFLATED, GZIP, 8, Z_DEFAULT_STRATEGY), Z_OK);
        assert_int_equal(deflate(&stream, Z_FINISH), Z_STREAM_END);
        packed_size = stream.total_out;
        deflateEnd(&stream);
        free(zeros);
    }
    *size = packed_size;
    return packed;
}
