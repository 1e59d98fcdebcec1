/* SPDX-License-Identifier: Apache-2.0 */
/* When batches leave, how they are cut, and what is counted. */
#include "fixture.h"

static void exactly_ten_of_ten_are_accepted_while_the_exporter_is_stuck(void **state)
{
    struct fixture f;
    struct ct_producer producer = {0};
    fixture_begin(&f, HOLD);
    f.options.max_queue_size = 10;
    f.options.max_export_batch_size = 1;
    fixture_start(&f, COTEL_WORKER_THREAD, false);
    assert_true(put(&f, &producer));
    assert_true(fake_wait(&f.exporter, 1));
    assert_int_equal(put_many(&f, &producer, 25), 10);
    cotel_pipeline_stats stats = fixture_stats(&f);
    assert_int_equal(stats.offered, 26);
    assert_int_equal(stats.queued, 10);
    assert_int_equal(stats.in_flight, 1);
    assert_int_equal(stats.dropped[COTEL_DROP_QUEUE_FULL], 15);
    assert_adds_up(&stats);
    fake_release(&f.exporter);
    assert_true(fake_wait(&f.exporter, 11));
    fixture_end(&f);
}

static void a_full_batch_leaves_at_once(void **state)
{
    static const size_t sizes[][2] = {{10, 1}, {10, 10}, {2048, 512}, {2048, 7}, {100, 64}};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        struct fixture f;
        struct ct_producer producer = {0};
        fixture_begin(&f, ACCEPT);
        f.options.max_queue_size = sizes[i][0];
        f.options.max_export_batch_size = sizes[i][1];
        fixture_start(&f, COTEL_WORKER_THREAD, false);
        for (size_t round = 1; round <= 5; round++) {
            assert_int_equal(put_many(&f, &producer, sizes[i][1]), sizes[i][1]);
            assert_true(fake_wait(&f.exporter, round * sizes[i][1]));
            assert_int_equal(f.exporter.sizes[round - 1], sizes[i][1]);
            usleep(round * 1000); /* the worker asks to be woken again */
        }
        fixture_end(&f);
    }
}

/* Records come at all moments of the worker's falling asleep; only a wake-up brings them out. */
static void no_wake_up_is_lost(void **state)
{
    struct fixture f;
    struct ct_producer producers[2] = {{0}};
    uint32_t random = 1;
    fixture_begin(&f, ACCEPT);
    f.options.max_export_batch_size = 2;
    fixture_start(&f, COTEL_WORKER_THREAD, false);
    for (size_t i = 1; i <= 1000; i++) {
        assert_true(put(&f, &producers[0]));
        assert_true(put(&f, &producers[1]));
        assert_true(fake_wait(&f.exporter, 2 * i));
        random = random * 1103515245u + 12345u;
        usleep((random >> 16) % 2000);
    }
    fixture_end(&f);
}

static void a_batch_that_is_not_full_leaves_after_the_delay(void **state)
{
    struct fixture f;
    struct ct_producer producer = {0};
    fixture_begin(&f, ACCEPT);
    f.options.schedule_delay_ms = 150;
    fixture_start(&f, COTEL_WORKER_THREAD, false);
    uint64_t begin = ct_clock_monotonic_ns();
    assert_int_equal(put_many(&f, &producer, 3), 3);
    assert_true(fake_wait(&f.exporter, 3));
    assert_true(f.exporter.first_ns - begin >= 150 * MS);
    assert_int_equal(f.exporter.sizes[0], 3);
    fixture_end(&f);
}

static void a_delay_of_zero_waits_for_nothing(void **state)
{
    struct fixture f;
    struct ct_producer producer = {0};
    fixture_begin(&f, ACCEPT);
    f.options.schedule_delay_ms = 0;
    fixture_start(&f, COTEL_WORKER_THREAD, false);
    for (size_t i = 1; i <= 20; i++) {
        assert_true(put(&f, &producer));
        assert_true(fake_wait(&f.exporter, i));
        usleep(i * 200);
    }
    fixture_end(&f);
}

static void a_batch_is_cut_at_its_bytes(void **state)
{
    struct fixture f;
    struct ct_producer producer = {0};
    fixture_begin(&f, ACCEPT);
    f.options.max_batch_bytes = 1020; /* ten records of 100 bytes, each with a frame of 2 */
    fixture_start(&f, COTEL_WORKER_CALLER, false);
    assert_int_equal(put_many(&f, &producer, 21), 21);
    assert_int_equal(ct_pipeline_flush(f.pipeline, ct_deadline_after_ms(5000)), COTEL_STATUS_OK);
    assert_int_equal(f.exporter.sizes[0], 10);
    assert_int_equal(f.exporter.sizes[1], 10);
    assert_int_equal(f.exporter.sizes[2], 1);
    fixture_end(&f);

    fixture_begin(&f, ACCEPT);
    f.options.max_batch_bytes = 1019;
    fixture_start(&f, COTEL_WORKER_CALLER, false);
    producer = (struct ct_producer){0};
    assert_int_equal(put_many(&f, &producer, 10), 10);
    assert_int_equal(ct_pipeline_flush(f.pipeline, ct_deadline_after_ms(5000)), COTEL_STATUS_OK);
    assert_int_equal(f.exporter.sizes[0], 9);
    assert_int_equal(f.exporter.sizes[1], 1);
    fixture_end(&f);
}

static void a_record_above_the_batch_goes_alone_and_one_above_the_request_is_dropped(void **state)
{
    struct fixture f;
    struct ct_producer producer = {0};
    fixture_begin(&f, ACCEPT);
    f.options.max_batch_bytes = 1000;
    f.options.max_request_bytes = 100000;
    fixture_start(&f, COTEL_WORKER_CALLER, false);
    assert_true(put(&f, &producer));
    assert_true(put_in(&f, &producer, &fake_scopes[0], 2000, 'l'));
    assert_true(put(&f, &producer));
    assert_true(put_in(&f, &producer, &fake_scopes[0], 100000, 'l'));
    assert_false(put_in(&f, &producer, &fake_scopes[0], 100001, 'l'));
    assert_int_equal(ct_pipeline_flush(f.pipeline, ct_deadline_after_ms(5000)),
                     COTEL_STATUS_DATA_LOST);
    cotel_pipeline_stats stats = fixture_stats(&f);
    assert_int_equal(stats.dropped[COTEL_DROP_TOO_LARGE], 1);
    assert_int_equal(stats.accepted, 4);
    assert_int_equal(stats.batches, 4);
    fixture_end(&f);
}

/* Counts records of each scope, and checks that every byte is what was put. */
static void see_groups(void *user, const cotel_batch *batch)
{
    size_t *seen = user;
    size_t count;
    const cotel_batch_group *groups = cotel_batch_groups(batch, &count);
    assert_int_equal(count, 3);
    for (size_t i = 0; i < count; i++) {
        assert_ptr_equal(groups[i].scope, &fake_scopes[i]);
        assert_int_equal(groups[i].bytes.size, groups[i].count * 102);
        for (size_t at = 0; at < groups[i].bytes.size; at++) {
            char expected = at % 102 == 0 ? 0x12 : at % 102 == 1 ? 100 : (char)('a' + i);
            assert_int_equal(groups[i].bytes.data[at], expected);
        }
        seen[i] += groups[i].count;
    }
}

static void records_are_grouped_by_scope_in_the_order_of_their_first(void **state)
{
    struct fixture f;
    struct ct_producer producer = {0};
    size_t seen[3] = {0};
    fixture_begin(&f, ACCEPT);
    f.exporter.see = see_groups;
    f.exporter.user = seen;
    fixture_start(&f, COTEL_WORKER_CALLER, false);
    for (size_t i = 0; i < 300; i++)
        assert_true(put_in(&f, &producer, &fake_scopes[i % 3], 100, (char)('a' + i % 3)));
    assert_int_equal(ct_pipeline_flush(f.pipeline, ct_deadline_after_ms(5000)), COTEL_STATUS_OK);
    assert_int_equal(seen[0], 100);
    assert_int_equal(seen[2], 100);
    assert_int_equal(f.exporter.batches, 1);
    fixture_end(&f);
}

static void the_bound_in_bytes_is_kept(void **state)
{
    struct fixture f;
    struct ct_producer producer = {0};
    fixture_begin(&f, HOLD);
    f.options.max_queue_bytes = 64 << 10;
    f.options.max_queue_size = 100000;
    f.options.max_export_batch_size = 1;
    fixture_start(&f, COTEL_WORKER_THREAD, false);
    assert_true(put(&f, &producer));
    assert_true(fake_wait(&f.exporter, 1));
    size_t put_in_all = put_many(&f, &producer, 2000);
    assert_in_range(put_in_all, 300, (64 << 10) / 116);
    cotel_pipeline_stats stats = fixture_stats(&f);
    assert_int_equal(stats.dropped[COTEL_DROP_QUEUE_BYTES], 2000 - put_in_all);
    assert_true(stats.queued_bytes <= 64 << 10);
    fake_release(&f.exporter);
    assert_true(fake_wait(&f.exporter, 1 + put_in_all));
    assert_int_equal(put_many(&f, &producer, 100), 100);
    fixture_end(&f);
}

static void a_peer_that_refuses_or_takes_a_part_is_counted(void **state)
{
    struct fixture f;
    struct ct_producer producer = {0};
    fixture_begin(&f, ACCEPT_ALL_BUT_ONE);
    fixture_start(&f, COTEL_WORKER_CALLER, false);
    assert_int_equal(put_many(&f, &producer, 7), 7);
    assert_int_equal(ct_pipeline_flush(f.pipeline, ct_deadline_after_ms(5000)),
                     COTEL_STATUS_EXPORT_FAILED);
    f.exporter.plan = REFUSE;
    assert_int_equal(put_many(&f, &producer, 5), 5);
    assert_int_equal(ct_pipeline_flush(f.pipeline, ct_deadline_after_ms(5000)),
                     COTEL_STATUS_EXPORT_FAILED);
    f.exporter.plan = ACCEPT;
    assert_int_equal(put_many(&f, &producer, 2), 2);
    assert_int_equal(ct_pipeline_flush(f.pipeline, ct_deadline_after_ms(5000)), COTEL_STATUS_OK);
    cotel_pipeline_stats stats = fixture_stats(&f);
    assert_int_equal(stats.accepted, 8);
    assert_int_equal(stats.dropped[COTEL_DROP_REJECTED], 1);
    assert_int_equal(stats.dropped[COTEL_DROP_REFUSED], 5);
    fixture_end(&f);
}

static void an_export_is_cancelled_at_its_deadline(void **state)
{
    struct fixture f;
    struct ct_producer producer = {0};
    fixture_begin(&f, HOLD);
    f.options.export_timeout_ms = 100;
    fixture_start(&f, COTEL_WORKER_THREAD, false);
    assert_int_equal(put_many(&f, &producer, 5), 5);
    uint64_t begin = ct_clock_monotonic_ns();
    assert_int_equal(ct_pipeline_flush(f.pipeline, ct_deadline_after_ms(5000)),
                     COTEL_STATUS_EXPORT_FAILED);
    uint64_t took = ct_clock_monotonic_ns() - begin;
    assert_in_range(took, 90 * MS, 100 * MS + LATE);
    cotel_pipeline_stats stats = fixture_stats(&f);
    assert_int_equal(stats.dropped[COTEL_DROP_TIMEOUT], 5);
    assert_int_equal(f.exporter.cancelled, 1);
    fixture_end(&f);
}

static void an_exporter_gets_no_more_at_a_time_than_it_says(void **state)
{
    struct fixture f;
    struct ct_producer producer = {0};
    fixture_begin(&f, HOLD);
    f.exporter.ops.concurrency = 3;
    f.options.max_export_batch_size = 10;
    fixture_start(&f, COTEL_WORKER_THREAD, false);
    assert_int_equal(put_many(&f, &producer, 60), 60);
    assert_true(fake_wait(&f.exporter, 30));
    usleep(20000);
    assert_int_equal(fixture_stats(&f).in_flight, 30);
    assert_int_equal(fixture_stats(&f).queued, 30);
    fake_release(&f.exporter);
    assert_true(fake_wait(&f.exporter, 60));
    fixture_end(&f);
}

static void bytes_in_flight_are_bounded_but_for_one_batch(void **state)
{
    struct fixture f;
    struct ct_producer producer = {0};
    fixture_begin(&f, HOLD);
    f.exporter.ops.concurrency = 8;
    f.options.max_export_batch_size = 10;
    f.options.max_in_flight_bytes = 2050; /* two batches of 1020 */
    fixture_start(&f, COTEL_WORKER_THREAD, false);
    assert_int_equal(put_many(&f, &producer, 60), 60);
    assert_true(fake_wait(&f.exporter, 20));
    usleep(20000);
    assert_int_equal(fixture_stats(&f).in_flight, 20);
    fake_release(&f.exporter);
    assert_true(fake_wait(&f.exporter, 60));
    fixture_end(&f);
}

static void see_order(void *user, const cotel_batch *batch)
{
    char *last = user;
    size_t count;
    const cotel_batch_group *groups = cotel_batch_groups(batch, &count);
    assert_int_equal(cotel_batch_count(batch), 1);
    char fill = groups[0].bytes.data[groups[0].bytes.size - 1];
    assert_int_equal(fill, *last + 1);
    *last = fill;
}

static void a_simple_pipeline_keeps_the_order_large_records_too(void **state)
{
    struct fixture f;
    struct ct_producer producers[3] = {{0}};
    char last = 0;
    fixture_begin(&f, ACCEPT);
    f.exporter.see = see_order;
    f.exporter.user = &last;
    fixture_start(&f, COTEL_WORKER_THREAD, true);
    for (char i = 1; i <= 100; i++)
        assert_true(put_in(&f, &producers[i % 3], &fake_scopes[0], i % 7 == 0 ? 40000 : 100, i));
    assert_true(fake_wait(&f.exporter, 100));
    fixture_end(&f);
}

/* Records carry a number; a lock of the test's makes sure that it grows. */
struct turn {
    struct fixture f;
    pthread_mutex_t lock;
    uint32_t number;
    uint32_t seen;
};

static void see_turn(void *user, const cotel_batch *batch)
{
    struct turn *turn = user;
    size_t count;
    const cotel_batch_group *groups = cotel_batch_groups(batch, &count);
    uint32_t number;
    memcpy(&number, groups[0].bytes.data + groups[0].bytes.size - sizeof number, sizeof number);
    assert_int_equal(number, ++turn->seen);
}

static void *take_turns(void *argument)
{
    struct turn *turn = argument;
    struct ct_producer producer = {0};
    struct ct_queue *queue = &turn->f.input->queue;
    for (size_t i = 0; i < 5000; i++) {
        struct ct_reservation reservation;
        pthread_mutex_lock(&turn->lock);
        if (ct_queue_reserve(queue, &producer, 1000, &fake_scopes[0], &reservation)) {
            turn->number++;
            memset(reservation.data, 0, 1000);
            memcpy((char *)reservation.data + 1000 - sizeof turn->number, &turn->number,
                   sizeof turn->number);
            ct_queue_commit(queue, &reservation);
        }
        pthread_mutex_unlock(&turn->lock);
    }
    retire(&turn->f, &producer);
    return NULL;
}

static void a_simple_pipeline_keeps_the_order_of_threads_that_take_turns(void **state)
{
    static struct turn turn = {.lock = PTHREAD_MUTEX_INITIALIZER};
    pthread_t threads[2];
    fixture_begin(&turn.f, ACCEPT);
    turn.f.options.max_queue_bytes = 64 << 10; /* chunks of three such records */
    turn.f.exporter.see = see_turn;
    turn.f.exporter.user = &turn;
    fixture_start(&turn.f, COTEL_WORKER_THREAD, true);
    for (size_t i = 0; i < 2; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, take_turns, &turn), 0);
    for (size_t i = 0; i < 2; i++)
        pthread_join(threads[i], NULL);
    assert_true(fake_wait(&turn.f.exporter, turn.number));
    fixture_end(&turn.f);
}

static void options_out_of_range_are_refused(void **state)
{
    struct fake_exporter exporter;
    fake_init(&exporter, ACCEPT);
    cotel_span_processor *processor = NULL;
    cotel_batch_processor_options options = COTEL_BATCH_PROCESSOR_OPTIONS_INIT;
    options.max_queue_size = 0;
    assert_int_equal(cotel_batch_processor_create(&exporter.base, &options, &processor),
                     COTEL_STATUS_INVALID_ARGUMENT);
    options.max_queue_size = 10;
    options.max_queue_bytes = (64 << 10) - 1;
    assert_int_equal(cotel_batch_processor_create(&exporter.base, &options, &processor),
                     COTEL_STATUS_INVALID_ARGUMENT);
    options.max_queue_bytes = 64 << 10;
    assert_int_equal(cotel_batch_processor_create(NULL, &options, &processor),
                     COTEL_STATUS_INVALID_ARGUMENT);
    assert_int_equal(cotel_batch_processor_create(&exporter.base, &options, NULL),
                     COTEL_STATUS_INVALID_ARGUMENT);
    assert_int_equal(cotel_batch_processor_create(&exporter.base, &options, &processor),
                     COTEL_STATUS_OK);
    cotel_span_processor_destroy(processor);
    fake_fini(&exporter);
}

static void the_seventeenth_pipeline_is_refused(void **state)
{
    struct fake_exporter exporter;
    fake_init(&exporter, ACCEPT);
    cotel_span_processor *processors[CT_MAX_PIPELINES + 1];
    for (size_t i = 0; i < CT_MAX_PIPELINES; i++)
        assert_int_equal(cotel_batch_processor_create(&exporter.base, NULL, &processors[i]),
                         COTEL_STATUS_OK);
    assert_int_equal(
        cotel_batch_processor_create(&exporter.base, NULL, &processors[CT_MAX_PIPELINES]),
        COTEL_STATUS_LIMIT_REACHED);
    for (size_t i = 0; i < CT_MAX_PIPELINES; i++)
        cotel_span_processor_destroy(processors[i]);
    fake_fini(&exporter);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(exactly_ten_of_ten_are_accepted_while_the_exporter_is_stuck),
        cmocka_unit_test(a_full_batch_leaves_at_once),
        cmocka_unit_test(no_wake_up_is_lost),
        cmocka_unit_test(a_batch_that_is_not_full_leaves_after_the_delay),
        cmocka_unit_test(a_delay_of_zero_waits_for_nothing),
        cmocka_unit_test(a_batch_is_cut_at_its_bytes),
        cmocka_unit_test(a_record_above_the_batch_goes_alone_and_one_above_the_request_is_dropped),
        cmocka_unit_test(records_are_grouped_by_scope_in_the_order_of_their_first),
        cmocka_unit_test(the_bound_in_bytes_is_kept),
        cmocka_unit_test(a_peer_that_refuses_or_takes_a_part_is_counted),
        cmocka_unit_test(an_export_is_cancelled_at_its_deadline),
        cmocka_unit_test(an_exporter_gets_no_more_at_a_time_than_it_says),
        cmocka_unit_test(bytes_in_flight_are_bounded_but_for_one_batch),
        cmocka_unit_test(a_simple_pipeline_keeps_the_order_large_records_too),
        cmocka_unit_test(a_simple_pipeline_keeps_the_order_of_threads_that_take_turns),
        cmocka_unit_test(options_out_of_range_are_refused),
        cmocka_unit_test(the_seventeenth_pipeline_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
