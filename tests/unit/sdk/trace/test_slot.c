/* SPDX-License-Identifier: Apache-2.0 */
/* Handles that are used too late, too often, or by too many: harmless and counted. */
#include "../../../support/sdk_fixture.h"

#include <pthread.h>
#include <stdatomic.h>

static struct sdk_fixture fixture;

static int start(void **state)
{
    sdk_fixture_start(&fixture, NULL);
    return 0;
}

static int stop(void **state)
{
    sdk_fixture_stop(&fixture);
    return 0;
}

static uint64_t stale(void)
{
    return sdk_counts(fixture.provider).stale_handles;
}

/* Every call that changes a span. */
static void change(const cotel_span *span)
{
    const cotel_attribute attribute = cotel_attribute_string("late", "secret");
    const cotel_link link = {.attributes = &attribute, .attribute_count = 1};
    cotel_span_set_string(span, "late", "secret");
    cotel_span_set_int(span, "late", 1);
    cotel_span_set_double(span, "late", 1);
    cotel_span_set_bool(span, "late", true);
    cotel_span_set_attribute(span, &attribute);
    cotel_span_set_attributes(span, &attribute, 1);
    cotel_span_add_event(span, "late", &attribute, 1);
    cotel_span_add_link(span, &link);
    cotel_span_set_status(span, COTEL_STATUS_CODE_ERROR, "late");
    cotel_span_update_name(span, "late");
    cotel_span_record_error(span, "late", "secret", NULL, 0);
}
#define CHANGES 11

static void a_second_end_is_counted(void **state)
{
    uint64_t before = stale();
    cotel_span span = cotel_span_start(fixture.tracer, "once", NULL);
    cotel_span copy = span;
    cotel_span_end(&span);
    cotel_span_end(&span);
    cotel_span_end_at(&copy, 5);
    assert_int_equal(stale() - before, 2);
    assert_int_equal(sdk_fixture_count(&fixture), 1);
    assert_int_equal(sdk_counts(fixture.provider).ended, 1);
}

static void changes_after_the_end_are_counted(void **state)
{
    uint64_t before = stale();
    cotel_span span = cotel_span_start(fixture.tracer, "ended", NULL);
    cotel_span_end(&span);
    assert_false(cotel_span_is_recording(&span));
    change(&span);
    assert_int_equal(stale() - before, CHANGES);
    cotel_span_view view = sdk_fixture_span(&fixture, "ended");
    assert_null(memmem(view.bytes.data, view.bytes.size, "late", 4));
}

/* The next span most likely has the same slot. */
static void a_stale_handle_never_reaches_the_next_span_of_its_slot(void **state)
{
    uint64_t before = stale();
    cotel_span old = cotel_span_start(fixture.tracer, "old", NULL);
    cotel_span_end(&old);
    cotel_span next = cotel_span_start(fixture.tracer, "next", NULL);
    assert_ptr_equal(old.slot, next.slot);
    change(&old);
    cotel_span_end(&old);
    assert_true(cotel_span_is_recording(&next));
    assert_int_equal(stale() - before, CHANGES + 1);
    cotel_span_end(&next);
    cotel_span_view view = sdk_fixture_span(&fixture, "next");
    assert_null(memmem(view.bytes.data, view.bytes.size, "late", 4));
}

static void *end_twice(void *span)
{
    cotel_span_set_int(span, "elsewhere", 7);
    cotel_span_end(span);
    cotel_span_end(span);
    return NULL;
}

static void a_span_may_end_on_another_thread(void **state)
{
    pthread_t thread;
    uint64_t before = stale();
    cotel_span span = cotel_span_start(fixture.tracer, "handed over", NULL);
    assert_int_equal(pthread_create(&thread, NULL, end_twice, &span), 0);
    assert_int_equal(pthread_join(thread, NULL), 0);
    cotel_span_end(&span);
    assert_int_equal(stale() - before, 2);
    cotel_span_view view = sdk_fixture_span(&fixture, "handed over");
    assert_int_equal(int_attribute(&view, "elsewhere"), 7);
}

static void contexts_detached_in_the_wrong_order_are_counted(void **state)
{
    cotel_context_counts before = {.size = sizeof before}, after = {.size = sizeof after};
    cotel_context_stats(&before);
    cotel_span outer = cotel_span_start(fixture.tracer, "outer", NULL);
    cotel_token outer_token = cotel_span_activate(&outer);
    cotel_span inner = cotel_span_start(fixture.tracer, "inner", NULL);
    cotel_token inner_token = cotel_span_activate(&inner);
    cotel_context_detach(outer_token);
    assert_memory_equal(&cotel_context_span_pointer(NULL)->span_id, &inner.span_id, 8);
    cotel_context_detach(inner_token);
    cotel_context_detach(inner_token);
    cotel_context_stats(&after);
    assert_ptr_equal(cotel_context_current(), cotel_context_empty());
    assert_int_equal(after.out_of_order - before.out_of_order, 1);
    assert_int_equal(after.already_detached - before.already_detached, 1);
    cotel_span_end(&inner);
    cotel_span_end(&outer);
}

static void calls_after_the_shutdown_are_counted(void **state)
{
    uint64_t before = sdk_counts(fixture.provider).after_shutdown;
    cotel_span live = cotel_span_start(fixture.tracer, "live", NULL);
    assert_int_equal(cotel_tracer_provider_shutdown(fixture.provider, FLUSH_MS, NULL),
                     COTEL_STATUS_OK);
    assert_false(cotel_tracer_enabled(fixture.tracer));
    cotel_span late = cotel_span_start(fixture.tracer, "late", NULL);
    assert_false(cotel_span_is_recording(&late));
    change(&late);
    cotel_span_end(&late);
    change(&live);
    cotel_span_end(&live);
    cotel_span_end(&live);
    assert_int_equal(sdk_counts(fixture.provider).after_shutdown - before, 2);
    assert_int_equal(cotel_memory_exporter_count(fixture.memory), 0);
    assert_identities(fixture.provider);
}

static void handles_and_tracers_outlive_their_provider(void **state)
{
    struct sdk_fixture gone;
    sdk_fixture_start(&gone, NULL);
    cotel_span live = cotel_span_start(gone.tracer, "live", NULL);
    char value[2000];
    memset(value, 'v', sizeof value);
    cotel_span_set_string_n(&live, "large", 5, value, sizeof value);
    sdk_fixture_stop(&gone);
    /* Another provider most likely has its place. */
    struct sdk_fixture next;
    sdk_fixture_start(&next, NULL);
    uint64_t before = sdk_counts(next.provider).after_shutdown;
    cotel_span late = cotel_span_start(gone.tracer, "late", NULL);
    assert_false(cotel_span_is_recording(&late));
    change(&live);
    cotel_span_end(&live);
    change(&live);
    assert_int_equal(sdk_fixture_count(&next), 0);
    assert_identities(next.provider);
    cotel_sdk_counts counts = sdk_counts(next.provider);
    assert_int_equal(counts.after_shutdown - before, 1);
    assert_int_equal(counts.started, 0);
    assert_int_equal(counts.live_bytes, 0);
    sdk_fixture_stop(&next);
}

/* ---- everybody at once ---- */

#define SHARED 4
#define THREADS 8
#define TURNS SANITIZED_SHARE(40000)

/* Handles that all threads use. A handle is five words, so who shares one keeps it under a lock. */
static pthread_mutex_t shared_lock = PTHREAD_MUTEX_INITIALIZER;
static cotel_span shared[SHARED];

static cotel_span exchange(size_t place, const cotel_span *replacement)
{
    (void)pthread_mutex_lock(&shared_lock);
    cotel_span span = shared[place];
    if (replacement != NULL)
        shared[place] = *replacement;
    (void)pthread_mutex_unlock(&shared_lock);
    return span;
}

static void use(const cotel_span *span, unsigned turn)
{
    static const char *const keys[] = {"a", "b", "c", "d"};
    cotel_span_set_int(span, keys[turn % 4], turn);
    cotel_span_set_string(span, keys[(turn + 1) % 4], "value");
    if (turn % 7 == 0)
        cotel_span_update_name(span, "renamed");
    if (turn % 5 == 0)
        cotel_span_add_event(span, "event", NULL, 0);
    if (turn % 3 == 0)
        cotel_span_set_status(span, COTEL_STATUS_CODE_ERROR, "contended");
    (void)cotel_span_is_recording(span);
}

static void *hammer(void *seed)
{
    unsigned random = (unsigned)(uintptr_t)seed;
    cotel_span kept = cotel_span_none();
    for (unsigned turn = 0; turn < TURNS; turn++) {
        random = random * 1103515245u + 12345u;
        size_t place = (random >> 16) % SHARED;
        cotel_span span = exchange(place, NULL);
        use(&span, turn);
        use(&kept, turn); /* most likely stale, and its slot somebody else's */
        if (random >> 30 == 0) {
            cotel_span fresh = cotel_span_start(fixture.tracer, "fresh", NULL);
            kept = exchange(place, &fresh);
            cotel_span_end(&kept);
        } else if (random >> 30 == 1) {
            cotel_span_end(&span);
        }
    }
    return NULL;
}

static void many_threads_on_shared_and_stale_handles_tear_nothing(void **state)
{
    pthread_t threads[THREADS];
    for (size_t i = 0; i < SHARED; i++)
        shared[i] = cotel_span_start(fixture.tracer, "first", NULL);
    for (size_t i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, hammer, (void *)(i + 1)), 0);
    for (size_t i = 0; i < THREADS; i++)
        assert_int_equal(pthread_join(threads[i], NULL), 0);
    for (size_t i = 0; i < SHARED; i++)
        cotel_span_end(&shared[i]);
    (void)cotel_tracer_provider_flush(fixture.provider, FLUSH_MS);
    cotel_sdk_counts counts = sdk_counts(fixture.provider);
    assert_int_equal(counts.live, 0);
    assert_true(counts.stale_handles > 0);
    assert_identities(fixture.provider);
    cotel_span_view view;
    for (size_t i = 0; cotel_memory_exporter_get(fixture.memory, i, &view, NULL, NULL); i++) {
        assert_true(view.end_unix_ns >= view.start_unix_ns);
        assert_true(attribute_count(&view) <= 4);
        assert_true(text_is(view.name, "first") || text_is(view.name, "fresh") ||
                    text_is(view.name, "renamed"));
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, start, stop)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_second_end_is_counted),
        TEST(changes_after_the_end_are_counted),
        TEST(a_stale_handle_never_reaches_the_next_span_of_its_slot),
        TEST(a_span_may_end_on_another_thread),
        TEST(contexts_detached_in_the_wrong_order_are_counted),
        TEST(calls_after_the_shutdown_are_counted),
        TEST(handles_and_tracers_outlive_their_provider),
        TEST(many_threads_on_shared_and_stale_handles_tear_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
