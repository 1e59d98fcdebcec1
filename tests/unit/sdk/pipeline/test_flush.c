/* SPDX-License-Identifier: Apache-2.0 */
/* Flush and shutdown: what they promise, and when they return. */
#include "fixture.h"

#include <stdatomic.h>

static cotel_status flush_within(struct fixture *f, uint64_t ms)
{
    return ct_pipeline_flush(f->pipeline, ct_deadline_after_ms(ms));
}

/* Each of these in both modes. */
static cotel_worker_mode mode_of(void **state)
{
    return *(cotel_worker_mode *)*state;
}

static void a_flush_waits_for_the_answer(void **state)
{
    struct fixture f;
    struct ct_producer producer = {0};
    fixture_begin(&f, HOLD);
    fixture_start(&f, mode_of(state), false);
    assert_int_equal(put_many(&f, &producer, 5), 5);
    uint64_t begin = ct_clock_monotonic_ns();
    assert_int_equal(flush_within(&f, 100), COTEL_STATUS_TIMEOUT);
    assert_in_range(ct_clock_monotonic_ns() - begin, 100 * MS, 100 * MS + LATE);
    fake_release(&f.exporter);
    assert_int_equal(flush_within(&f, 5000), COTEL_STATUS_OK);
    assert_int_equal(fixture_stats(&f).accepted, 5);
    fixture_end(&f);
}

static void a_flush_of_nothing_is_ok(void **state)
{
    struct fixture f;
    fixture_begin(&f, ACCEPT);
    fixture_start(&f, mode_of(state), false);
    assert_int_equal(flush_within(&f, 5000), COTEL_STATUS_OK);
    fixture_end(&f);
}

static void a_flush_tells_once_of_records_that_were_dropped(void **state)
{
    struct fixture f;
    struct ct_producer producer = {0};
    fixture_begin(&f, ACCEPT);
    f.options.max_queue_size = 10;
    f.options.max_export_batch_size = 10;
    f.options.schedule_delay_ms = 60000;
    fixture_start(&f, COTEL_WORKER_CALLER, false);
    assert_int_equal(put_many(&f, &producer, 15), 10);
    assert_int_equal(flush_within(&f, 5000), COTEL_STATUS_DATA_LOST);
    assert_int_equal(flush_within(&f, 5000), COTEL_STATUS_OK);
    fixture_end(&f);
}

static void a_failure_between_flushes_is_told_by_the_next_one(void **state)
{
    struct fixture f;
    struct ct_producer producer = {0};
    fixture_begin(&f, REFUSE);
    f.options.max_export_batch_size = 1;
    fixture_start(&f, COTEL_WORKER_THREAD, false);
    assert_true(put(&f, &producer));
    assert_true(fake_wait(&f.exporter, 1));
    while (fixture_stats(&f).batches == 0)
        usleep(200);
    assert_int_equal(flush_within(&f, 5000), COTEL_STATUS_EXPORT_FAILED);
    assert_int_equal(flush_within(&f, 5000), COTEL_STATUS_OK);
    fixture_end(&f);
}

/* ---- several at once, under load ---- */

struct flusher {
    struct fixture *f;
    pthread_t thread;
    cotel_status status;
};

static void *flush_and_note(void *argument)
{
    struct flusher *flusher = argument;
    flusher->status = flush_within(flusher->f, 5000);
    return NULL;
}

static void several_may_flush_at_once(void **state)
{
    struct fixture f;
    struct ct_producer producer = {0};
    struct flusher flushers[4];
    fixture_begin(&f, HOLD);
    fixture_start(&f, mode_of(state), false);
    assert_int_equal(put_many(&f, &producer, 5), 5);
    for (size_t i = 0; i < 4; i++) {
        flushers[i] = (struct flusher){.f = &f};
        assert_int_equal(pthread_create(&flushers[i].thread, NULL, flush_and_note, &flushers[i]),
                         0);
        usleep(5000);
        (void)put(&f, &producer);
    }
    fake_release(&f.exporter);
    for (size_t i = 0; i < 4; i++) {
        pthread_join(flushers[i].thread, NULL);
        assert_int_equal(flushers[i].status, COTEL_STATUS_OK);
    }
    fixture_end(&f);
}

struct busy {
    struct fixture *f;
    _Atomic bool stop;
};

static void *keep_putting(void *argument)
{
    struct busy *busy = argument;
    struct ct_producer producer = {0};
    while (!atomic_load(&busy->stop)) {
        (void)put(busy->f, &producer);
        if (atomic_load_explicit(&busy->f->input->queue.drained, memory_order_relaxed) % 64 == 0)
            usleep(50);
    }
    retire(busy->f, &producer);
    return NULL;
}

static void a_flush_ends_while_others_go_on(void **state)
{
    struct fixture f;
    pthread_t threads[2];
    fixture_begin(&f, ACCEPT);
    fixture_start(&f, COTEL_WORKER_THREAD, false);
    struct busy busy = {.f = &f};
    for (size_t i = 0; i < 2; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, keep_putting, &busy), 0);
    for (size_t i = 0; i < 20; i++) {
        struct ct_producer producer = {0};
        (void)put(&f, &producer);
        retire(&f, &producer);
        cotel_status status = flush_within(&f, 5000);
        assert_true(status == COTEL_STATUS_OK || status == COTEL_STATUS_DATA_LOST);
    }
    atomic_store(&busy.stop, true);
    for (size_t i = 0; i < 2; i++)
        pthread_join(threads[i], NULL);
    fixture_end(&f);
}

/* ---- from inside ---- */

static struct fixture *inside_of;
static cotel_status inside_status[3];

static void call_from_inside(struct fake_exporter *self)
{
    uint64_t abandoned = 0;
    self->in_begin = NULL;
    inside_status[0] = flush_within(inside_of, 1000);
    inside_status[1] =
        ct_pipeline_shutdown(inside_of->pipeline, ct_deadline_after_ms(1000), &abandoned);
    inside_status[2] = ct_runtime_drive(inside_of->runtime);
}

static void flush_and_shutdown_from_a_callback_are_refused(void **state)
{
    struct fixture f;
    struct ct_producer producer = {0};
    fixture_begin(&f, ACCEPT);
    f.exporter.in_begin = call_from_inside;
    fixture_start(&f, mode_of(state), false);
    inside_of = &f;
    assert_true(put(&f, &producer));
    assert_int_equal(flush_within(&f, 5000), COTEL_STATUS_OK);
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(inside_status[i], COTEL_STATUS_WOULD_DEADLOCK);
    fixture_end(&f);
}

/* ---- shutdown ---- */

static void a_shutdown_sends_what_is_there(void **state)
{
    struct fixture f;
    struct ct_producer producer = {0};
    uint64_t abandoned = 0;
    fixture_begin(&f, ACCEPT);
    fixture_start(&f, mode_of(state), false);
    assert_int_equal(put_many(&f, &producer, 1000), 1000);
    assert_int_equal(ct_pipeline_shutdown(f.pipeline, ct_deadline_after_ms(5000), &abandoned),
                     COTEL_STATUS_OK);
    assert_int_equal(abandoned, 0);
    assert_int_equal(fake_records(&f.exporter), 1000);
    assert_true(f.exporter.shut_down);
    assert_false(put(&f, &producer));
    assert_int_equal(fixture_stats(&f).dropped[COTEL_DROP_SHUTDOWN], 1);
    assert_int_equal(flush_within(&f, 100), COTEL_STATUS_SHUT_DOWN);
    assert_int_equal(ct_pipeline_shutdown(f.pipeline, ct_deadline_after_ms(100), &abandoned),
                     COTEL_STATUS_SHUT_DOWN);
    fixture_end(&f);
}

static void a_shutdown_with_a_stuck_exporter_ends_in_time_and_counts(void **state)
{
    struct fixture f;
    struct ct_producer producer = {0};
    uint64_t abandoned = 0;
    fixture_begin(&f, HOLD);
    f.options.max_export_batch_size = 100;
    fixture_start(&f, mode_of(state), false);
    assert_int_equal(put_many(&f, &producer, 1234), 1234);
    uint64_t begin = ct_clock_monotonic_ns();
    assert_int_equal(ct_pipeline_shutdown(f.pipeline, ct_deadline_after_ms(200), &abandoned),
                     COTEL_STATUS_TIMEOUT);
    assert_in_range(ct_clock_monotonic_ns() - begin, 200 * MS, 200 * MS + LATE);
    assert_int_equal(abandoned, 1234);
    cotel_pipeline_stats stats = fixture_stats(&f);
    assert_int_equal(stats.dropped[COTEL_DROP_SHUTDOWN], 1234);
    assert_int_equal(f.exporter.cancelled, 1);
    fixture_end(&f);
}

static void records_that_race_with_a_shutdown_are_counted(void **state)
{
    for (size_t round = 0; round < 20; round++) {
        struct fixture f;
        pthread_t threads[2];
        uint64_t abandoned = 0;
        fixture_begin(&f, ACCEPT);
        fixture_start(&f, COTEL_WORKER_THREAD, false);
        struct busy busy = {.f = &f};
        for (size_t i = 0; i < 2; i++)
            assert_int_equal(pthread_create(&threads[i], NULL, keep_putting, &busy), 0);
        usleep(1000);
        (void)ct_pipeline_shutdown(f.pipeline, ct_deadline_after_ms(5000), &abandoned);
        assert_int_equal(fixture_stats(&f).in_flight, 0);
        usleep(500);
        atomic_store(&busy.stop, true);
        for (size_t i = 0; i < 2; i++)
            pthread_join(threads[i], NULL);
        fixture_end(&f); /* which sees that all adds up */
    }
}

int main(void)
{
    static cotel_worker_mode thread = COTEL_WORKER_THREAD, caller = COTEL_WORKER_CALLER;
#define IN_BOTH_MODES(test)                          \
    cmocka_unit_test_prestate(test, &thread),        \
    {                                                \
#test " (caller)", test, NULL, NULL, &caller \
    }
    const struct CMUnitTest tests[] = {
        IN_BOTH_MODES(a_flush_waits_for_the_answer),
        IN_BOTH_MODES(a_flush_of_nothing_is_ok),
        cmocka_unit_test(a_flush_tells_once_of_records_that_were_dropped),
        cmocka_unit_test(a_failure_between_flushes_is_told_by_the_next_one),
        IN_BOTH_MODES(several_may_flush_at_once),
        cmocka_unit_test(a_flush_ends_while_others_go_on),
        IN_BOTH_MODES(flush_and_shutdown_from_a_callback_are_refused),
        IN_BOTH_MODES(a_shutdown_sends_what_is_there),
        IN_BOTH_MODES(a_shutdown_with_a_stuck_exporter_ends_in_time_and_counts),
        cmocka_unit_test(records_that_race_with_a_shutdown_are_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
