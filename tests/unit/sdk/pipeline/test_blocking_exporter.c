/* SPDX-License-Identifier: Apache-2.0 */
/* Exporters that block, behind the adapter. */
#include "fixture.h"

#include <stdatomic.h>
#include <stdlib.h>

struct blocker {
    cotel_blocking_exporter base;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    bool stuck;
    cotel_export_outcome outcome;
    _Atomic size_t records;
    _Atomic bool destroyed;
    _Atomic bool left;
    struct fixture *call_into; /* flush from inside the export */
    cotel_status status;
};

static void export_batch(cotel_blocking_exporter *self, const cotel_batch *batch,
                         uint64_t deadline_ns, cotel_export_result *result)
{
    struct blocker *blocker = (struct blocker *)self;
    assert_int_equal(result->outcome, COTEL_EXPORT_ACCEPTED);
    if (blocker->call_into != NULL)
        blocker->status =
            ct_pipeline_flush(blocker->call_into->pipeline, ct_deadline_after_ms(1000));
    pthread_mutex_lock(&blocker->lock);
    while (blocker->stuck)
        pthread_cond_wait(&blocker->changed, &blocker->lock);
    pthread_mutex_unlock(&blocker->lock);
    atomic_fetch_add(&blocker->records, cotel_batch_count(batch));
    result->outcome = blocker->outcome;
    atomic_store(&blocker->left, true);
}

static void destroy(cotel_blocking_exporter *self)
{
    atomic_store(&((struct blocker *)self)->destroyed, true);
}

static const cotel_blocking_exporter_ops blocker_ops = {sizeof blocker_ops, "blocker", export_batch,
                                                        destroy};

static void blocker_init(struct blocker *blocker)
{
    *blocker = (struct blocker){.base = {&blocker_ops},
                                .lock = PTHREAD_MUTEX_INITIALIZER,
                                .changed = PTHREAD_COND_INITIALIZER};
}

static void let_go(struct blocker *blocker)
{
    pthread_mutex_lock(&blocker->lock);
    blocker->stuck = false;
    pthread_cond_broadcast(&blocker->changed);
    pthread_mutex_unlock(&blocker->lock);
}

/* The fixture's own exporter gives way to the adapter. */
static void start(struct fixture *f, struct blocker *blocker, cotel_worker_mode mode)
{
    cotel_exporter *adapter = NULL;
    assert_int_equal(cotel_exporter_from_blocking(&blocker->base, &adapter), COTEL_STATUS_OK);
    assert_string_equal(adapter->ops->type, "blocker");
    fixture_start_with(f, adapter, mode, false);
}

static void what_it_answers_is_counted(void **state)
{
    static const cotel_worker_mode modes[] = {COTEL_WORKER_THREAD, COTEL_WORKER_CALLER};
    for (size_t i = 0; i < 2; i++) {
        struct fixture f;
        struct blocker blocker;
        struct ct_producer producer = {0};
        fixture_begin(&f, ACCEPT);
        blocker_init(&blocker);
        start(&f, &blocker, modes[i]);
        assert_int_equal(put_many(&f, &producer, 1000), 1000);
        assert_int_equal(ct_pipeline_flush(f.pipeline, ct_deadline_after_ms(5000)),
                         COTEL_STATUS_OK);
        assert_int_equal(atomic_load(&blocker.records), 1000);
        blocker.outcome = COTEL_EXPORT_REFUSED;
        assert_int_equal(put_many(&f, &producer, 10), 10);
        assert_int_equal(ct_pipeline_flush(f.pipeline, ct_deadline_after_ms(5000)),
                         COTEL_STATUS_EXPORT_FAILED);
        assert_int_equal(fixture_stats(&f).dropped[COTEL_DROP_REFUSED], 10);
        fixture_end(&f);
        assert_true(atomic_load(&blocker.destroyed));
    }
}

static void one_that_never_returns_is_left_behind(void **state)
{
    static struct blocker blocker; /* its thread outlives the test */
    struct fixture f;
    struct ct_producer producer = {0};
    uint64_t abandoned = 0;
    fixture_begin(&f, ACCEPT);
    blocker_init(&blocker);
    blocker.stuck = true;
    f.options.export_timeout_ms = 50;
    start(&f, &blocker, COTEL_WORKER_THREAD);
    assert_int_equal(put_many(&f, &producer, 10), 10);
    assert_int_equal(ct_pipeline_flush(f.pipeline, ct_deadline_after_ms(5000)),
                     COTEL_STATUS_EXPORT_FAILED);
    assert_int_equal(fixture_stats(&f).dropped[COTEL_DROP_TIMEOUT], 10);
    f.pipeline->export_timeout_ns = 0;
    assert_int_equal(put_many(&f, &producer, 7), 7);
    uint64_t begin = ct_clock_monotonic_ns();
    assert_int_equal(ct_pipeline_shutdown(f.pipeline, ct_deadline_after_ms(100), &abandoned),
                     COTEL_STATUS_TIMEOUT);
    fixture_end(&f);
    assert_in_range(ct_clock_monotonic_ns() - begin, 100 * MS, 100 * MS + LATE);
    assert_int_equal(abandoned, 7);
    assert_false(atomic_load(&blocker.destroyed));
    /* Should it come back after all, nothing breaks. */
    let_go(&blocker);
    uint64_t deadline = ct_deadline_after_ms(5000);
    while (!atomic_load(&blocker.destroyed) && !ct_deadline_passed(deadline))
        usleep(1000);
    assert_int_equal(atomic_load(&blocker.records), 10);
}

static void a_late_answer_is_not_taken_for_the_next_one(void **state)
{
    struct blocker blocker;
    struct fixture f;
    struct ct_producer producer = {0};
    fixture_begin(&f, ACCEPT);
    blocker_init(&blocker);
    blocker.stuck = true;
    blocker.outcome = COTEL_EXPORT_REFUSED;
    f.options.export_timeout_ms = 50;
    start(&f, &blocker, COTEL_WORKER_THREAD);
    assert_int_equal(put_many(&f, &producer, 3), 3);
    assert_int_equal(ct_pipeline_flush(f.pipeline, ct_deadline_after_ms(5000)),
                     COTEL_STATUS_EXPORT_FAILED);
    let_go(&blocker);
    uint64_t deadline = ct_deadline_after_ms(5000);
    while (!atomic_load(&blocker.left) && !ct_deadline_passed(deadline))
        usleep(1000);
    usleep(5000);
    blocker.outcome = COTEL_EXPORT_ACCEPTED;
    f.pipeline->export_timeout_ns = 5 * SECOND;
    assert_int_equal(put_many(&f, &producer, 4), 4);
    assert_int_equal(ct_pipeline_flush(f.pipeline, ct_deadline_after_ms(5000)), COTEL_STATUS_OK);
    cotel_pipeline_stats stats = fixture_stats(&f);
    assert_int_equal(stats.dropped[COTEL_DROP_TIMEOUT], 3);
    assert_int_equal(stats.accepted, 4);
    fixture_end(&f);
    assert_true(atomic_load(&blocker.destroyed));
}

static void a_flush_from_its_thread_is_refused(void **state)
{
    struct blocker blocker;
    struct fixture f;
    struct ct_producer producer = {0};
    fixture_begin(&f, ACCEPT);
    blocker_init(&blocker);
    blocker.call_into = &f;
    start(&f, &blocker, COTEL_WORKER_THREAD);
    assert_true(put(&f, &producer));
    assert_int_equal(ct_pipeline_flush(f.pipeline, ct_deadline_after_ms(5000)), COTEL_STATUS_OK);
    assert_int_equal(blocker.status, COTEL_STATUS_WOULD_DEADLOCK);
    fixture_end(&f);
}

static void one_that_was_never_used_is_destroyed(void **state)
{
    struct blocker blocker;
    cotel_exporter *adapter = NULL;
    blocker_init(&blocker);
    assert_int_equal(cotel_exporter_from_blocking(&blocker.base, &adapter), COTEL_STATUS_OK);
    cotel_exporter_destroy(adapter);
    assert_true(atomic_load(&blocker.destroyed));
    assert_int_equal(cotel_exporter_from_blocking(NULL, &adapter), COTEL_STATUS_INVALID_ARGUMENT);
    cotel_exporter_destroy(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_it_answers_is_counted),
        cmocka_unit_test(one_that_never_returns_is_left_behind),
        cmocka_unit_test(a_late_answer_is_not_taken_for_the_next_one),
        cmocka_unit_test(a_flush_from_its_thread_is_refused),
        cmocka_unit_test(one_that_was_never_used_is_destroyed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
