/* SPDX-License-Identifier: Apache-2.0 */
/* A pipeline that asks a source: when it asks, what goes out in which order, what is lost how. */
#include "collecting_fixture.h"

#include <semaphore.h>
#include <sys/wait.h>

static uint64_t dropped(struct collecting *f, cotel_drop_reason reason)
{
    return collecting_stats(f).dropped[reason];
}

/* ---- when ---- */

static void it_asks_every_interval_and_never_early(void **state)
{
    struct collecting f;
    collecting_begin(&f, ACCEPT);
    f.options.interval_ns = 20 * MS;
    uint64_t start_ns = ct_clock_monotonic_ns();
    collecting_start(&f, COTEL_WORKER_THREAD);
    EVENTUALLY(f.source.collections >= 4);
    for (size_t i = 0; i < 4; i++)
        assert_true(f.source.begun_ns[i] >= start_ns + (i + 1) * 20 * MS);
    collecting_end(&f);
    (void)state;
}

static void nothing_is_collected_before_the_first_interval(void **state)
{
    struct collecting f;
    collecting_begin(&f, ACCEPT);
    collecting_start(&f, COTEL_WORKER_THREAD);
    usleep(20000);
    assert_int_equal(f.source.collections, 0);
    collecting_end(&f);
    assert_int_equal(f.source.collections, 0);
    (void)state;
}

static void a_collection_that_is_overdue_is_made_once(void **state)
{
    struct collecting f;
    collecting_begin(&f, HOLD);
    f.options.interval_ns = 20 * MS;
    collecting_start(&f, COTEL_WORKER_THREAD);
    EVENTUALLY(fake_records(&f.exporter) == 1);
    usleep(70000); /* three more are due meanwhile */
    assert_int_equal(f.source.collections, 1);
    fake_release(&f.exporter);
    EVENTUALLY(f.source.collections >= 3);
    uint64_t late_ns = f.source.begun_ns[1] - f.source.begun_ns[0];
    assert_true(late_ns >= 70 * MS);
    /* The next one again at a multiple of the interval, as if nothing had happened; that it is
     * never early can be seen from a beginning that was never early either. */
    assert_true(f.source.begun_ns[2] > f.source.begun_ns[1]);
    assert_int_equal(f.exporter.sizes[1], 1);
    collecting_end(&f);
    (void)state;
}

static void a_caller_learns_when_it_is_due_and_drives_it(void **state)
{
    struct collecting f;
    uint64_t deadline_ns = 0;
    cotel_poll_item items[4];
    collecting_begin(&f, ACCEPT);
    f.options.interval_ns = 400 * MS;
    uint64_t start_ns = ct_clock_monotonic_ns();
    collecting_start(&f, COTEL_WORKER_CALLER);
    assert_true(ct_runtime_poll(f.runtime, items, 4, &deadline_ns) > 0);
    assert_true(deadline_ns >= start_ns + 400 * MS);
    assert_true(deadline_ns <= ct_clock_monotonic_ns() + 400 * MS);
    assert_int_equal(ct_runtime_drive(f.runtime), COTEL_STATUS_OK);
    assert_int_equal(f.source.collections, 0);
    while (!ct_deadline_passed(deadline_ns))
        usleep(1000);
    assert_int_equal(ct_runtime_drive(f.runtime), COTEL_STATUS_OK);
    assert_int_equal(f.source.collections, 1);
    assert_int_equal(fake_records(&f.exporter), 1);
    collecting_end(&f);
    (void)state;
}

/* ---- what, in which order ---- */

struct seen {
    size_t count;
    char names[256][32]; /* of the metric of each batch */
    size_t items[256];
    size_t under_way;
    size_t most_under_way;
};

static void see(void *user, const cotel_batch *batch)
{
    struct seen *seen = user;
    cotel_batch_cursor cursor = {0};
    cotel_metric_data metric;
    assert_int_equal(cotel_batch_signal(batch), COTEL_SIGNAL_METRICS);
    assert_true(seen->count < 256);
    assert_true(cotel_batch_next_metric(batch, &cursor, &metric, NULL));
    (void)snprintf(seen->names[seen->count], 32, "%.*s", (int)metric.name.size, metric.name.data);
    seen->items[seen->count++] = cotel_batch_items(batch);
}

static void batches_go_one_after_the_other_whatever_the_exporter_takes(void **state)
{
    struct collecting f;
    struct seen seen = {0};
    collecting_begin(&f, HOLD);
    f.exporter.ops.concurrency = 8;
    f.exporter.see = see;
    f.exporter.user = &seen;
    f.source.points = 10;
    f.source.points_in_a_batch = 4;
    collecting_start(&f, COTEL_WORKER_CALLER);
    assert_int_equal(flush_in(&f, 20), COTEL_STATUS_TIMEOUT);
    assert_int_equal(f.exporter.batches, 1);
    cotel_pipeline_stats stats = collecting_stats(&f);
    assert_int_equal(stats.offered, 10);
    assert_int_equal(stats.in_flight, 4);
    assert_int_equal(stats.queued, 6);
    assert_true(stats.queued_bytes > 0);
    fake_release(&f.exporter);
    assert_int_equal(flush_in(&f, 10000), COTEL_STATUS_OK);
    /* The second flush had to ask again: all of the first collection goes before that. */
    static const char *const names[] = {"c1", "c1", "c1", "c2", "c2", "c2"};
    static const size_t items[] = {4, 4, 2, 4, 4, 2};
    assert_int_equal(seen.count, 6);
    for (size_t i = 0; i < 6; i++) {
        assert_string_equal(seen.names[i], names[i]);
        assert_int_equal(seen.items[i], items[i]);
    }
    stats = collecting_stats(&f);
    assert_int_equal(stats.offered, 20);
    assert_int_equal(stats.accepted, 20);
    assert_int_equal(stats.batches, 6);
    collecting_end(&f);
    (void)state;
}

static void a_hundred_batches_of_one_collection_all_arrive(void **state)
{
    struct collecting f;
    collecting_begin(&f, ACCEPT);
    f.source.metrics = 20;
    f.source.points = 50;
    f.source.points_in_a_batch = 10;
    collecting_start(&f, COTEL_WORKER_THREAD);
    assert_int_equal(flush_in(&f, 10000), COTEL_STATUS_OK);
    assert_int_equal(f.exporter.batches, 100);
    assert_int_equal(collecting_stats(&f).accepted, 1000);
    collecting_end(&f);
    (void)state;
}

static void a_source_that_has_nothing_bothers_nobody(void **state)
{
    struct collecting f;
    uint64_t abandoned;
    collecting_begin(&f, ACCEPT);
    f.source.metrics = 0;
    collecting_start(&f, COTEL_WORKER_THREAD);
    assert_int_equal(flush_in(&f, 10000), COTEL_STATUS_OK);
    assert_int_equal(f.source.collections, 1);
    assert_int_equal(shut_down_in(&f, 10000, &abandoned), COTEL_STATUS_OK);
    assert_int_equal(f.source.collections, 2);
    assert_int_equal(f.exporter.batches, 0);
    collecting_end(&f);
    (void)state;
}

static void what_the_peer_does_not_take_is_counted_in_points(void **state)
{
    struct collecting f;
    collecting_begin(&f, ACCEPT_ALL_BUT_ONE);
    f.source.points = 7;
    collecting_start(&f, COTEL_WORKER_THREAD);
    assert_int_equal(flush_in(&f, 10000), COTEL_STATUS_EXPORT_FAILED);
    cotel_pipeline_stats stats = collecting_stats(&f);
    assert_int_equal(stats.accepted, 6);
    assert_int_equal(stats.dropped[COTEL_DROP_REJECTED], 1);
    collecting_end(&f);
    (void)state;
}

/* ---- time ---- */

static void one_deadline_holds_for_all_of_a_collection(void **state)
{
    struct collecting f;
    collecting_begin(&f, HOLD);
    f.options.timeout_ns = 50 * MS;
    f.source.points = 10;
    f.source.points_in_a_batch = 2;
    collecting_start(&f, COTEL_WORKER_THREAD);
    assert_int_equal(flush_in(&f, 10000), COTEL_STATUS_EXPORT_FAILED);
    assert_int_equal(f.exporter.batches, 1);
    assert_int_equal(f.exporter.cancelled, 1);
    assert_int_equal(dropped(&f, COTEL_DROP_TIMEOUT), 10);
    /* What comes later is not concerned. */
    pthread_mutex_lock(&f.exporter.lock);
    f.exporter.plan = ACCEPT;
    pthread_mutex_unlock(&f.exporter.lock);
    assert_int_equal(flush_in(&f, 10000), COTEL_STATUS_OK);
    assert_int_equal(collecting_stats(&f).accepted, 10);
    collecting_end(&f);
    (void)state;
}

static void a_source_is_told_how_long_it_may_take(void **state)
{
    struct collecting f;
    uint64_t abandoned;
    collecting_begin(&f, ACCEPT);
    f.options.timeout_ns = 5 * SECOND;
    collecting_start(&f, COTEL_WORKER_THREAD);
    uint64_t before_ns = ct_clock_monotonic_ns();
    assert_int_equal(flush_in(&f, 10000), COTEL_STATUS_OK);
    assert_in_range(f.source.deadline_ns, before_ns + 5 * SECOND,
                    ct_clock_monotonic_ns() + 5 * SECOND);
    before_ns = ct_clock_monotonic_ns();
    assert_int_equal(shut_down_in(&f, 1000, &abandoned), COTEL_STATUS_OK);
    assert_in_range(f.source.deadline_ns, before_ns + SECOND, ct_clock_monotonic_ns() + SECOND);
    collecting_end(&f);
    (void)state;
}

static void without_a_timeout_a_peer_may_take_its_time(void **state)
{
    struct collecting f;
    collecting_begin(&f, HOLD);
    f.options.timeout_ns = 0;
    collecting_start(&f, COTEL_WORKER_THREAD);
    assert_int_equal(flush_in(&f, 50), COTEL_STATUS_TIMEOUT);
    assert_int_equal(f.source.deadline_ns, CT_DEADLINE_NEVER);
    fake_release(&f.exporter);
    assert_int_equal(flush_in(&f, 10000), COTEL_STATUS_OK);
    assert_int_equal(dropped(&f, COTEL_DROP_TIMEOUT), 0);
    collecting_end(&f);
    (void)state;
}

/* ---- flush ---- */

struct gate {
    sem_t entered;
    sem_t open;
    size_t closed_for; /* the collection that waits */
};

static void wait_at_gate(struct fake_source *source)
{
    struct gate *gate = source->user;
    if (source->collections != gate->closed_for)
        return;
    sem_post(&gate->entered);
    sem_wait(&gate->open);
}

static void gate_init(struct gate *gate, struct fake_source *source, size_t closed_for)
{
    assert_int_equal(sem_init(&gate->entered, 0, 0), 0);
    assert_int_equal(sem_init(&gate->open, 0, 0), 0);
    gate->closed_for = closed_for;
    source->in_collect = wait_at_gate;
    source->user = gate;
}

static void *open_soon(void *argument)
{
    usleep(30000);
    sem_post(&((struct gate *)argument)->open);
    return NULL;
}

static void a_flush_during_a_collection_has_another_one(void **state)
{
    struct collecting f;
    struct gate gate;
    struct seen seen = {0};
    pthread_t opener;
    collecting_begin(&f, ACCEPT);
    f.exporter.see = see;
    f.exporter.user = &seen;
    f.options.interval_ns = SECOND / 2;
    gate_init(&gate, &f.source, 1);
    collecting_start(&f, COTEL_WORKER_THREAD);
    sem_wait(&gate.entered); /* it has begun: what is recorded now it may have missed */
    assert_int_equal(pthread_create(&opener, NULL, open_soon, &gate), 0);
    assert_int_equal(flush_in(&f, 10000), COTEL_STATUS_OK);
    assert_true(f.source.collections >= 2);
    assert_string_equal(seen.names[0], "c1");
    assert_string_equal(seen.names[1], "c2");
    pthread_join(opener, NULL);
    collecting_end(&f);
    (void)state;
}

static void a_flush_waits_for_the_peer(void **state)
{
    struct collecting f;
    collecting_begin(&f, HOLD);
    collecting_start(&f, COTEL_WORKER_THREAD);
    assert_int_equal(flush_in(&f, 30), COTEL_STATUS_TIMEOUT);
    assert_int_equal(f.exporter.batches, 1);
    fake_release(&f.exporter);
    collecting_end(&f);
    (void)state;
}

static void those_who_flush_together_share_a_collection(void **state)
{
    struct collecting f;
    struct ct_flush a, b;
    collecting_begin(&f, ACCEPT);
    collecting_start(&f, COTEL_WORKER_CALLER);
    assert_int_equal(ct_pipeline_begin_flush(f.pipeline, &a), COTEL_STATUS_OK);
    assert_int_equal(ct_pipeline_begin_flush(f.pipeline, &b), COTEL_STATUS_OK);
    uint64_t deadline_ns = ct_deadline_after_ms(10000);
    assert_int_equal(ct_pipeline_await_flush(f.pipeline, &a, deadline_ns), COTEL_STATUS_OK);
    assert_int_equal(ct_pipeline_await_flush(f.pipeline, &b, deadline_ns), COTEL_STATUS_OK);
    assert_int_equal(f.source.collections, 1);
    collecting_end(&f);
    (void)state;
}

static void flush_from_inside(struct fake_source *source)
{
    struct collecting *f = source->user;
    uint64_t abandoned;
    assert_int_equal(flush_in(f, 1000), COTEL_STATUS_WOULD_DEADLOCK);
    assert_int_equal(shut_down_in(f, 1000, &abandoned), COTEL_STATUS_WOULD_DEADLOCK);
}

static void a_source_can_not_wait_for_itself(void **state)
{
    static const cotel_worker_mode modes[] = {COTEL_WORKER_THREAD, COTEL_WORKER_CALLER};
    for (size_t i = 0; i < 2; i++) {
        struct collecting f;
        collecting_begin(&f, ACCEPT);
        f.source.in_collect = flush_from_inside;
        f.source.user = &f;
        collecting_start(&f, modes[i]);
        assert_int_equal(flush_in(&f, 10000), COTEL_STATUS_OK);
        collecting_end(&f);
    }
    (void)state;
}

/* ---- shutdown ---- */

static void a_shutdown_collects_once_more(void **state)
{
    struct collecting f;
    uint64_t abandoned;
    collecting_begin(&f, ACCEPT);
    collecting_start(&f, COTEL_WORKER_THREAD);
    assert_int_equal(shut_down_in(&f, 10000, &abandoned), COTEL_STATUS_OK);
    assert_int_equal(abandoned, 0);
    assert_int_equal(f.source.collections, 1);
    assert_int_equal(collecting_stats(&f).accepted, 1);
    assert_true(f.exporter.shut_down);
    assert_int_equal(flush_in(&f, 1000), COTEL_STATUS_SHUT_DOWN);
    assert_int_equal(shut_down_in(&f, 1000, &abandoned), COTEL_STATUS_SHUT_DOWN);
    assert_int_equal(f.source.collections, 1);
    collecting_end(&f);
    (void)state;
}

static void a_shutdown_gives_up_in_points(void **state)
{
    struct collecting f;
    uint64_t abandoned;
    collecting_begin(&f, HOLD);
    f.source.points = 10;
    f.source.points_in_a_batch = 3;
    collecting_start(&f, COTEL_WORKER_THREAD);
    assert_int_equal(shut_down_in(&f, 50, &abandoned), COTEL_STATUS_TIMEOUT);
    assert_int_equal(abandoned, 10);
    assert_int_equal(dropped(&f, COTEL_DROP_SHUTDOWN), 10);
    collecting_end(&f);
    (void)state;
}

static void a_shutdown_without_time_says_that_it_did_not_collect(void **state)
{
    struct collecting f;
    uint64_t abandoned;
    collecting_begin(&f, ACCEPT);
    collecting_start(&f, COTEL_WORKER_THREAD);
    assert_int_equal(shut_down_in(&f, 0, &abandoned), COTEL_STATUS_TIMEOUT);
    assert_int_equal(abandoned, 0);
    assert_int_equal(f.source.collections, 0);
    collecting_end(&f);
    (void)state;
}

static void a_source_that_hangs_holds_no_shutdown_up(void **state)
{
    struct collecting f;
    struct gate gate;
    uint64_t abandoned;
    collecting_begin(&f, ACCEPT);
    gate_init(&gate, &f.source, 1);
    collecting_start(&f, COTEL_WORKER_THREAD);
    assert_int_equal(flush_in(&f, 20), COTEL_STATUS_TIMEOUT);
    sem_wait(&gate.entered);
    assert_int_equal(shut_down_in(&f, 20, &abandoned), COTEL_STATUS_TIMEOUT);
    assert_false(ct_pipeline_destroy(f.pipeline)); /* it is in use */
    sem_post(&gate.open);
    EVENTUALLY(ct_pipeline_state(f.pipeline) == CT_PIPELINE_STOPPED);
    assert_int_equal(dropped(&f, COTEL_DROP_SHUTDOWN), 1);
    collecting_end(&f);
    (void)state;
}

/* ---- isolation ---- */

static cotel_export_outcome dislike_c1_of_three(void *user, const cotel_batch *batch)
{
    (void)user;
    cotel_batch_cursor cursor = {0};
    cotel_metric_data metric;
    cotel_iterator points;
    cotel_point_data point;
    while (cotel_batch_next_metric(batch, &cursor, &metric, NULL)) {
        points = cotel_metric_data_points(&metric);
        while (cotel_iterator_next_point(&points, &metric, &point)) {
            if (point.value.integer == 5)
                return COTEL_EXPORT_INVALID;
        }
    }
    return COTEL_EXPORT_ACCEPTED;
}

static char heard[512];

static void hear(void *user, cotel_log_level level, const char *component, const char *message)
{
    (void)level;
    (void)component;
    (void)user;
    if (strstr(message, "is lost") != NULL)
        (void)snprintf(heard, sizeof heard, "%s", message);
}

static void the_metric_that_is_refused_is_lost_alone_and_named(void **state)
{
    struct collecting f;
    collecting_begin(&f, JUDGE);
    f.exporter.judge = dislike_c1_of_three;
    f.source.metrics = 8;
    f.source.points = 3;
    collecting_start(&f, COTEL_WORKER_CALLER);
    cotel_diagnostics_set(hear, NULL, COTEL_LOG_ERROR);
    assert_int_equal(flush_in(&f, 10000), COTEL_STATUS_EXPORT_FAILED);
    cotel_diagnostics_set(NULL, NULL, COTEL_LOG_ERROR);
    cotel_pipeline_stats stats = collecting_stats(&f);
    assert_int_equal(stats.accepted, 21);
    assert_int_equal(stats.dropped[COTEL_DROP_REFUSED], 3);
    assert_int_equal(f.exporter.batches, 1 + 2 * 3);
    assert_non_null(strstr(heard, "the metric c1 (points: 3, bytes: "));
    collecting_end(&f);
    (void)state;
}

static void parts_of_a_refused_batch_go_before_the_next_batch(void **state)
{
    struct collecting f;
    struct seen seen = {0};
    collecting_begin(&f, JUDGE);
    f.exporter.judge = dislike_c1_of_three;
    f.exporter.see = see;
    f.exporter.user = &seen;
    f.source.metrics = 16;
    f.source.points_in_a_batch = 8;
    collecting_start(&f, COTEL_WORKER_CALLER);
    assert_int_equal(flush_in(&f, 10000), COTEL_STATUS_EXPORT_FAILED);
    /* 8, refused; 4; 4, refused; ... down to one, and only then the other 8. */
    assert_int_equal(seen.count, 8);
    assert_int_equal(seen.items[0], 8);
    assert_int_equal(seen.items[1], 4);
    assert_int_equal(seen.items[7], 8);
    collecting_end(&f);
    (void)state;
}

/* ---- fork ---- */

static int in_child(struct collecting *f)
{
    ct_runtime_forked(f->runtime, f->source.resource);
    cotel_pipeline_stats stats = collecting_stats(f);
    if (stats.offered + stats.queued + stats.in_flight + stats.accepted != 0)
        return 1;
    pthread_mutex_init(&f->exporter.lock, NULL);
    f->exporter.plan = ACCEPT;
    size_t before = f->exporter.batches;
    if (flush_in(f, 5000) != COTEL_STATUS_OK)
        return 2;
    stats = collecting_stats(f);
    if (stats.accepted != 5 || f->exporter.batches != before + 2)
        return 3;
    return 0;
}

static void a_child_forgets_what_its_parent_found(void **state)
{
    struct collecting f;
    collecting_begin(&f, HOLD);
    f.source.points = 5;
    f.source.points_in_a_batch = 3;
    collecting_start(&f, COTEL_WORKER_CALLER);
    assert_int_equal(flush_in(&f, 10), COTEL_STATUS_TIMEOUT);
    pid_t child = fork();
    if (child == 0)
        _exit(in_child(&f));
    int status = -1;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    fake_release(&f.exporter);
    assert_int_equal(flush_in(&f, 10000), COTEL_STATUS_OK);
    assert_int_equal(collecting_stats(&f).accepted, 10);
    collecting_end(&f);
    (void)state;
}

/* ---- all at once ---- */

static void *flush_again_and_again(void *argument)
{
    struct collecting *f = argument;
    for (int i = 0; i < 200; i++) {
        cotel_status status = flush_in(f, 10000);
        if (status == COTEL_STATUS_SHUT_DOWN || status == COTEL_STATUS_TIMEOUT)
            break; /* it was cut off */
        assert_int_equal(status, COTEL_STATUS_OK);
        (void)collecting_stats(f);
    }
    return NULL;
}

static void flushes_intervals_and_a_shutdown_go_together(void **state)
{
    struct collecting f;
    pthread_t threads[3];
    uint64_t abandoned;
    collecting_begin(&f, ACCEPT);
    f.options.interval_ns = MS;
    f.source.points = 10;
    f.source.points_in_a_batch = 3;
    collecting_start(&f, COTEL_WORKER_THREAD);
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, flush_again_and_again, &f), 0);
    usleep(50000);
    assert_int_equal(shut_down_in(&f, 10000, &abandoned), COTEL_STATUS_OK);
    for (size_t i = 0; i < 3; i++)
        pthread_join(threads[i], NULL);
    assert_int_equal(collecting_stats(&f).accepted, f.source.collections * 10);
    collecting_end(&f);
    (void)state;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_asks_every_interval_and_never_early),
        cmocka_unit_test(nothing_is_collected_before_the_first_interval),
        cmocka_unit_test(a_collection_that_is_overdue_is_made_once),
        cmocka_unit_test(a_caller_learns_when_it_is_due_and_drives_it),
        cmocka_unit_test(batches_go_one_after_the_other_whatever_the_exporter_takes),
        cmocka_unit_test(a_hundred_batches_of_one_collection_all_arrive),
        cmocka_unit_test(a_source_that_has_nothing_bothers_nobody),
        cmocka_unit_test(what_the_peer_does_not_take_is_counted_in_points),
        cmocka_unit_test(one_deadline_holds_for_all_of_a_collection),
        cmocka_unit_test(a_source_is_told_how_long_it_may_take),
        cmocka_unit_test(without_a_timeout_a_peer_may_take_its_time),
        cmocka_unit_test(a_flush_during_a_collection_has_another_one),
        cmocka_unit_test(a_flush_waits_for_the_peer),
        cmocka_unit_test(those_who_flush_together_share_a_collection),
        cmocka_unit_test(a_source_can_not_wait_for_itself),
        cmocka_unit_test(a_shutdown_collects_once_more),
        cmocka_unit_test(a_shutdown_gives_up_in_points),
        cmocka_unit_test(a_shutdown_without_time_says_that_it_did_not_collect),
        cmocka_unit_test(a_source_that_hangs_holds_no_shutdown_up),
        cmocka_unit_test(the_metric_that_is_refused_is_lost_alone_and_named),
        cmocka_unit_test(parts_of_a_refused_batch_go_before_the_next_batch),
        cmocka_unit_test(a_child_forgets_what_its_parent_found),
        cmocka_unit_test(flushes_intervals_and_a_shutdown_go_together),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
