/* SPDX-License-Identifier: Apache-2.0 */
/* Threads that come and go, and the ceiling on what live spans may hold. */
#include "../../../support/sdk_fixture.h"

#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

static struct sdk_fixture fixture;

static int start(void **state)
{
    sdk_fixture_start(&fixture, NULL);
    return 0;
}

static int stop(void **state)
{
    assert_identities(fixture.provider);
    sdk_fixture_stop(&fixture);
    return 0;
}

static void *one_span(void *unused)
{
    cotel_span span = cotel_span_start(fixture.tracer, "short-lived", NULL);
    cotel_token token = cotel_span_activate(&span);
    cotel_span_set_int(&span, "n", 1);
    cotel_context_detach(token);
    cotel_span_end(&span);
    return NULL;
}

static void run_threads(size_t count, void *(*body)(void *))
{
    pthread_t threads[8];
    for (size_t i = 0; i < count; i += COUNT_OF(threads)) {
        for (size_t j = 0; j < COUNT_OF(threads); j++)
            assert_int_equal(pthread_create(&threads[j], NULL, body, NULL), 0);
        for (size_t j = 0; j < COUNT_OF(threads); j++)
            assert_int_equal(pthread_join(threads[j], NULL), 0);
    }
}

static size_t resident_pages(void)
{
    size_t total = 0, resident = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    assert_non_null(file);
    assert_int_equal(fscanf(file, "%zu %zu", &total, &resident), 2);
    (void)fclose(file);
    return resident;
}

#define THREADS 1000

/* A thread's object takes some four KiB: a thousand that were not used again would show. */
static void a_thousand_threads_lose_nothing_and_leave_nothing(void **state)
{
    run_threads(THREADS, one_span);
    assert_int_equal(sdk_fixture_count(&fixture), THREADS);
    cotel_memory_exporter_clear(fixture.memory);
    size_t before = resident_pages();
    run_threads(THREADS, one_span);
    assert_int_equal(sdk_fixture_count(&fixture), THREADS);
    size_t grown = resident_pages() - before;
#if !defined(__SANITIZE_THREAD__) && !defined(__SANITIZE_ADDRESS__)
    assert_true((ptrdiff_t)grown < 512);
#endif
    (void)grown;
    cotel_sdk_counts counts = sdk_counts(fixture.provider);
    assert_int_equal(counts.started, 2 * THREADS);
    assert_int_equal(counts.ended, 2 * THREADS);
    assert_int_equal(counts.live_bytes, 0);
    assert_int_equal(counts.pipelines[0].accepted, 2 * THREADS);
}

/* ---- a span that outlives its thread's own end ---- */

static pthread_key_t late_key;

static void end_late(void *span)
{
    cotel_span_end(span);
    one_span(NULL);
}

static void *leave_to_destructor(void *unused)
{
    static _Thread_local cotel_span span;
    span = cotel_span_start(fixture.tracer, "late", NULL);
    assert_int_equal(pthread_setspecific(late_key, &span), 0);
    return NULL;
}

/* The key is made after cotel's own, so that its destructor runs after cotel's. */
static void a_span_may_end_in_a_destructor_of_its_thread(void **state)
{
    one_span(NULL);
    assert_int_equal(pthread_key_create(&late_key, end_late), 0);
    run_threads(32, leave_to_destructor);
    assert_int_equal(sdk_fixture_count(&fixture), 1 + 32 + 32);
    cotel_sdk_counts counts = sdk_counts(fixture.provider);
    assert_int_equal(counts.live, 0);
    assert_int_equal(counts.stale_handles, 0);
    (void)pthread_key_delete(late_key);
}

/* ---- the ceiling ---- */

#define CEILING (64u << 10)
#define MOST 256

static void beyond_the_ceiling_spans_do_not_record_and_are_counted(void **state)
{
    struct sdk_fixture small;
    cotel_span spans[MOST];
    cotel_tracer_provider_options options = COTEL_TRACER_PROVIDER_OPTIONS_INIT;
    options.max_live_bytes = CEILING;
    sdk_fixture_start(&small, &options);
    size_t recording = 0;
    for (size_t i = 0; i < MOST; i++) {
        spans[i] = cotel_span_start(small.tracer, "span", NULL);
        recording += cotel_span_is_recording(&spans[i]);
        assert_true(cotel_span_id_is_valid(&spans[i].span_id));
        assert_true(sdk_counts(small.provider).live_bytes <= CEILING);
    }
    assert_int_equal(recording, CEILING / 1024);
    cotel_sdk_counts counts = sdk_counts(small.provider);
    assert_int_equal(counts.live, recording);
    assert_int_equal(counts.refused, MOST - recording);
    assert_int_equal(counts.unsampled, counts.refused);
    assert_identities(small.provider);
    for (size_t i = 0; i < MOST; i++)
        cotel_span_end(&spans[i]);
    assert_int_equal(sdk_fixture_count(&small), recording);
    /* What a thread keeps for its next spans. */
    assert_true(sdk_counts(small.provider).live_bytes <= 16 * 1024);
    cotel_span again = cotel_span_start(small.tracer, "again", NULL);
    assert_true(cotel_span_is_recording(&again));
    cotel_span_end(&again);
    assert_identities(small.provider);
    sdk_fixture_stop(&small);
}

static void a_span_that_grows_beyond_the_ceiling_loses_what_does_not_fit(void **state)
{
    static char large[CEILING];
    struct sdk_fixture small;
    cotel_tracer_provider_options options = COTEL_TRACER_PROVIDER_OPTIONS_INIT;
    options.max_live_bytes = CEILING;
    memset(large, 'x', sizeof large);
    sdk_fixture_start(&small, &options);
    cotel_span span = cotel_span_start(small.tracer, "grows", NULL);
    uint64_t before = sdk_counts(small.provider).live_bytes;
    cotel_span_set_string_n(&span, "fits", 4, large, 3000);
    assert_true(sdk_counts(small.provider).live_bytes > before);
    cotel_span_set_string_n(&span, "large", 5, large, sizeof large);
    cotel_span_set_int(&span, "small", 1);
    cotel_span_end(&span);
    cotel_span_view view = sdk_fixture_span(&small, "grows");
    assert_true(has_attribute(&view, "fits"));
    assert_true(has_attribute(&view, "small"));
    assert_false(has_attribute(&view, "large"));
    assert_int_equal(view.dropped_attributes, 1);
    cotel_sdk_counts counts = sdk_counts(small.provider);
    assert_int_equal(counts.out_of_memory, 1);
    assert_int_equal(counts.dropped_attributes, 1);
    assert_int_equal(counts.live_bytes, before);
    sdk_fixture_stop(&small);
}

/* Its memory must not count against the provider that has the place now. */
static void a_span_of_a_provider_that_is_gone_does_not_grow(void **state)
{
    static char large[4000];
    struct sdk_fixture old, next;
    sdk_fixture_start(&old, NULL);
    cotel_span span = cotel_span_start(old.tracer, "old", NULL);
    sdk_fixture_stop(&old);
    sdk_fixture_start(&next, NULL);
    memset(large, 'x', sizeof large);
    cotel_span_set_string_n(&span, "large", 5, large, sizeof large);
    assert_int_equal(sdk_counts(next.provider).live_bytes, 0);
    cotel_span_end(&span);
    assert_int_equal(sdk_counts(next.provider).live_bytes, 0);
    sdk_fixture_stop(&next);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, start, stop)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_thousand_threads_lose_nothing_and_leave_nothing),
        TEST(a_span_may_end_in_a_destructor_of_its_thread),
        TEST(beyond_the_ceiling_spans_do_not_record_and_are_counted),
        TEST(a_span_that_grows_beyond_the_ceiling_loses_what_does_not_fit),
        TEST(a_span_of_a_provider_that_is_gone_does_not_grow),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
