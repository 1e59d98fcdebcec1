/* SPDX-License-Identifier: Apache-2.0 */
/* Eight threads, a million spans, and an exporter that looks at every one of them. Over the shared
 * library, by its public functions. */
#include "../../support/sdk_fixture.h"

#include <pthread.h>
#include <stdlib.h>

#define THREADS 8
#define SPANS_EACH SANITIZED_SHARE(125000)
#define PAYLOAD_MOST 300

/* ---- the exporter. One thread calls it, so it needs no lock. ---- */

static uint8_t *seen; /* how often a span came, by thread and number */
static uint64_t *span_ids;
static size_t came;
static unsigned torn;

static bool payload_is_whole(const cotel_span_view *span, unsigned thread, unsigned number)
{
    cotel_value_view payload;
    if (!cotel_span_view_get(span, cotel_str_of("payload"), &payload) ||
        payload.type != COTEL_VALUE_STRING || payload.text.size != number % PAYLOAD_MOST)
        return false;
    for (size_t i = 0; i < payload.text.size; i++) {
        if (payload.text.data[i] != (char)('a' + (thread + i) % 26))
            return false;
    }
    return true;
}

static void look_at(const cotel_span_view *span)
{
    cotel_value_view thread, number;
    if (!cotel_span_view_get(span, cotel_str_of("thread"), &thread) ||
        !cotel_span_view_get(span, cotel_str_of("number"), &number) || thread.integer < 0 ||
        thread.integer >= THREADS || number.integer < 0 || number.integer >= SPANS_EACH ||
        !payload_is_whole(span, (unsigned)thread.integer, (unsigned)number.integer) ||
        !text_is(span->name, "load")) {
        torn++;
        return;
    }
    seen[thread.integer * SPANS_EACH + number.integer]++;
    memcpy(&span_ids[came++], &span->span_id, sizeof *span_ids);
}

static void begin(cotel_exporter *self, cotel_export *operation, cotel_batch *batch,
                  uint64_t deadline_ns)
{
    const cotel_export_result result = {.size = sizeof result};
    cotel_batch_cursor cursor = {0, 0};
    cotel_span_view span;
    while (came < (size_t)THREADS * SPANS_EACH && cotel_batch_next(batch, &cursor, &span, NULL))
        look_at(&span);
    cotel_export_done(operation, &result);
}

static void cancel(cotel_exporter *self, cotel_export *operation) {}

static const cotel_exporter_ops ops = {
    .size = sizeof ops, .type = "checking_exporter", .begin = begin, .cancel = cancel};
static cotel_exporter checking = {&ops};

/* ---- the load ---- */

static cotel_tracer *tracer;

static void *load(void *index)
{
    unsigned thread = (unsigned)(uintptr_t)index;
    char payload[PAYLOAD_MOST];
    for (unsigned i = 0; i < PAYLOAD_MOST; i++)
        payload[i] = (char)('a' + (thread + i) % 26);
    for (unsigned number = 0; number < SPANS_EACH; number++) {
        cotel_span span = cotel_span_start(tracer, "load", NULL);
        cotel_span_set_int(&span, "thread", thread);
        cotel_span_set_int(&span, "number", number);
        cotel_span_set_string_n(&span, "payload", 7, payload, number % PAYLOAD_MOST);
        cotel_span_end(&span);
    }
    return NULL;
}

static void start_with_queue(size_t max_queue_size, size_t max_queue_bytes,
                             cotel_tracer_provider **provider)
{
    cotel_span_processor *processor;
    cotel_batch_processor_options batch = COTEL_BATCH_PROCESSOR_OPTIONS_INIT;
    cotel_tracer_provider_options options = COTEL_TRACER_PROVIDER_OPTIONS_INIT;
    batch.max_queue_size = max_queue_size;
    batch.max_queue_bytes = max_queue_bytes;
    seen = calloc((size_t)THREADS * SPANS_EACH, sizeof *seen);
    span_ids = calloc((size_t)THREADS * SPANS_EACH, sizeof *span_ids);
    assert_true(seen != NULL && span_ids != NULL);
    came = torn = 0;
    assert_int_equal(cotel_batch_processor_create(&checking, &batch, &processor), COTEL_STATUS_OK);
    options.processors = &processor;
    options.processor_count = 1;
    assert_int_equal(cotel_tracer_provider_create(&options, provider), COTEL_STATUS_OK);
    tracer = cotel_tracer_provider_get_tracer(*provider, "load", NULL);
}

static void run_load(void)
{
    pthread_t threads[THREADS];
    for (uintptr_t i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, load, (void *)i), 0);
    for (size_t i = 0; i < THREADS; i++)
        assert_int_equal(pthread_join(threads[i], NULL), 0);
}

static int compare_ids(const void *a, const void *b)
{
    uint64_t one = *(const uint64_t *)a, other = *(const uint64_t *)b;
    return (one > other) - (one < other);
}

static cotel_pipeline_stats everything_adds_up(cotel_tracer_provider *provider)
{
    cotel_sdk_counts counts = sdk_counts(provider);
    size_t total = (size_t)THREADS * SPANS_EACH;
    assert_int_equal(torn, 0);
    assert_int_equal(counts.started, total);
    assert_int_equal(counts.ended, total);
    assert_int_equal(counts.pipelines[0].offered, total);
    assert_int_equal(counts.pipelines[0].accepted, came);
    assert_identities(provider);
    size_t arrived = 0;
    for (size_t i = 0; i < total; i++) {
        assert_true(seen[i] <= 1);
        arrived += seen[i];
    }
    assert_int_equal(arrived, came);
    qsort(span_ids, came, sizeof *span_ids, compare_ids);
    for (size_t i = 1; i < came; i++)
        assert_true(span_ids[i] != span_ids[i - 1]);
    return counts.pipelines[0];
}

static void stop(cotel_tracer_provider *provider)
{
    cotel_tracer_provider_destroy(provider);
    free(seen);
    free(span_ids);
}

static void a_million_spans_of_eight_threads_arrive_whole_and_once(void **state)
{
    cotel_tracer_provider *provider;
    start_with_queue((size_t)THREADS * SPANS_EACH * 2, (size_t)1 << 30, &provider);
    run_load();
    assert_int_equal(cotel_tracer_provider_shutdown(provider, 30000, NULL), COTEL_STATUS_OK);
    cotel_pipeline_stats pipeline = everything_adds_up(provider);
    assert_int_equal(pipeline.accepted, THREADS * SPANS_EACH);
    stop(provider);
}

static void a_queue_that_overflows_counts_what_it_drops(void **state)
{
    cotel_tracer_provider *provider;
    start_with_queue(64, 64u << 10, &provider);
    run_load();
    (void)cotel_tracer_provider_shutdown(provider, 30000, NULL);
    cotel_pipeline_stats pipeline = everything_adds_up(provider);
    assert_true(pipeline.accepted > 0);
    assert_true(pipeline.accepted < THREADS * SPANS_EACH);
    stop(provider);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_million_spans_of_eight_threads_arrive_whole_and_once),
        cmocka_unit_test(a_queue_that_overflows_counts_what_it_drops),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
