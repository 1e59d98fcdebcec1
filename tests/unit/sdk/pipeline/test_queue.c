/* SPDX-License-Identifier: Apache-2.0 */
/* The queue under many threads: nothing lost, nothing twice, nothing torn, nothing leaked. */
#include "fixture.h"

#include <stdatomic.h>
#include <stdlib.h>

/* ---- the bound, with several producers ---- */

#define PRODUCERS 8u

static void the_slack_of_eight_producers_is_within_what_is_documented(void **state)
{
    struct fixture f;
    struct ct_producer producers[PRODUCERS] = {{0}};
    fixture_begin(&f, HOLD);
    f.options.max_queue_size = 4096;
    f.options.max_export_batch_size = 4096;
    fixture_start(&f, COTEL_WORKER_CALLER, false);
    for (size_t i = 0; i < PRODUCERS; i++)
        assert_true(put(&f, &producers[i])); /* each now holds a lot */
    size_t accepted = PRODUCERS + put_many(&f, &producers[0], 5000);
    size_t lot = 64; /* min(64, 4096 / 64, 4096 / 8) */
    assert_in_range(accepted, 4096 - (PRODUCERS - 1) * (lot - 1), 4096);
    assert_int_equal(fixture_stats(&f).queued, accepted);
    /* What the others hold is theirs to spend: in the end not one is left over. */
    for (size_t i = 1; i < PRODUCERS; i++)
        accepted += put_many(&f, &producers[i], lot);
    assert_int_equal(accepted, 4096);
    fixture_end(&f);
}

static void a_small_queue_is_exact_for_any_number_of_producers(void **state)
{
    struct fixture f;
    struct ct_producer producers[PRODUCERS] = {{0}};
    fixture_begin(&f, HOLD);
    f.options.max_queue_size = 100;
    f.options.max_export_batch_size = 100;
    fixture_start(&f, COTEL_WORKER_CALLER, false);
    size_t accepted = 0;
    for (size_t i = 0; i < 200; i++)
        accepted += put(&f, &producers[i % PRODUCERS]);
    assert_int_equal(accepted, 100);
    fixture_end(&f);
}

static void a_retired_producer_gives_its_credits_and_its_chunk_back(void **state)
{
    struct fixture f;
    fixture_begin(&f, ACCEPT);
    fixture_start(&f, COTEL_WORKER_CALLER, false);
    for (size_t i = 0; i < 2000; i++) {
        struct ct_producer producer = {0};
        assert_true(put(&f, &producer));
        retire(&f, &producer);
        assert_null(producer.chunk);
    }
    /* Each went on in the chunk of the one before. */
    size_t chunk = f.input->queue.pool.chunk_size;
    assert_true(f.input->queue.bytes <= 2000 * 116 / chunk * chunk + 2 * chunk);
    assert_int_equal(ct_queue_used(&f.input->queue), 2000);
    assert_int_equal(ct_pipeline_flush(f.pipeline, ct_deadline_after_ms(5000)), COTEL_STATUS_OK);
    assert_int_equal(ct_queue_used(&f.input->queue), 0);
    assert_int_equal(f.input->queue.bytes, 0);
    assert_int_equal(f.input->queue.owned, 0);
    fixture_end(&f);
}

static void a_thousand_threads_that_live_at_once_lose_nothing(void **state)
{
    struct fixture f;
    enum { THREADS = 1000 };
    struct ct_producer *producers = calloc(THREADS, sizeof *producers);
    assert_non_null(producers);
    fixture_begin(&f, ACCEPT);
    f.options.max_export_batch_size = 2048;
    fixture_start(&f, COTEL_WORKER_CALLER, false);
    for (size_t i = 0; i < THREADS; i++)
        assert_true(put(&f, &producers[i]));
    assert_true(f.input->queue.bytes <= f.options.max_queue_bytes);
    assert_int_equal(fixture_stats(&f).queued, THREADS);
    for (size_t i = 0; i < THREADS; i++)
        retire(&f, &producers[i]);
    assert_int_equal(ct_pipeline_flush(f.pipeline, ct_deadline_after_ms(5000)), COTEL_STATUS_OK);
    assert_int_equal(fixture_stats(&f).accepted, THREADS);
    /* The chunk that the later ones shared stays for the next. */
    assert_int_equal(f.input->queue.bytes, f.input->queue.pool.chunk_size);
    assert_int_equal(ct_queue_used(&f.input->queue), 0);
    free(producers);
    fixture_end(&f);
}

static void a_producer_of_a_queue_that_is_gone_means_nothing(void **state)
{
    struct fixture f, g;
    struct ct_producer producer = {0};
    fixture_begin(&f, ACCEPT);
    fixture_start(&f, COTEL_WORKER_CALLER, false);
    assert_true(put(&f, &producer));
    fixture_end(&f);
    fixture_begin(&g, ACCEPT);
    fixture_start(&g, COTEL_WORKER_CALLER, false);
    assert_int_equal(g.input->index, 0); /* the same place */
    struct ct_producer stale = producer;
    retire(&g, &stale);
    assert_true(put(&g, &producer));
    assert_int_equal(fixture_stats(&g).queued, 1);
    fixture_end(&g);
}

/* As the worker may see it that looked into a chunk just before its last record came. */
static void in_an_ordered_queue_nothing_overtakes_an_open_chunk(void **state)
{
    struct fixture f;
    fixture_begin(&f, ACCEPT);
    fixture_start(&f, COTEL_WORKER_CALLER, true);
    struct ct_queue *queue = &f.input->queue;
    const struct ct_batch_limits limits = {.records = 1, .bytes = 1000};
    assert_true(put(&f, NULL));
    assert_int_equal(ct_runtime_drive(f.runtime), COTEL_STATUS_OK);
    assert_int_equal(fake_records(&f.exporter), 1);
    struct ct_chunk *open = queue->shared.chunk;
    queue->shared.chunk = NULL;
    assert_true(put(&f, NULL));
    assert_ptr_not_equal(queue->shared.chunk, open);
    assert_false(ct_batch_plan(&f.input->plan, queue, &limits));
    open->state = CT_CHUNK_SEALED;
    assert_true(ct_batch_plan(&f.input->plan, queue, &limits));
    fixture_end(&f);
}

static void idle_memory_goes_back_to_the_kernel(void **state)
{
    struct fixture f;
    struct ct_producer producer = {0};
    fixture_begin(&f, ACCEPT);
    f.options.max_queue_size = 100000;
    f.options.max_export_batch_size = 100000;
    f.options.schedule_delay_ms = 1;
    fixture_start(&f, COTEL_WORKER_CALLER, false);
    assert_int_equal(put_many(&f, &producer, 100000), 100000);
    retire(&f, &producer);
    const struct ct_chunk_pool *pool = &f.input->queue.pool;
    assert_int_equal(ct_pipeline_flush(f.pipeline, ct_deadline_after_ms(5000)), COTEL_STATUS_OK);
    usleep(5000);
    assert_int_equal(ct_runtime_drive(f.runtime), COTEL_STATUS_OK);
    assert_int_equal(pool->free_count, pool->unused);
    assert_int_equal(pool->free_count - pool->clean, CT_POOL_SLACK);
    assert_int_equal(put_many(&f, &producer, 1000), 1000);
    fixture_end(&f);
}

/* ---- stress ---- */

enum { WRITERS = 8 };

struct payload {
    uint32_t writer;
    uint32_t sequence;
    uint32_t size;
    uint32_t checksum;
};

struct stress {
    struct fixture f;
    _Atomic uint32_t next_writer;
    uint32_t records;
    size_t large_every; /* a record of over half a chunk; 0: never */
    uint32_t writers;
    unsigned char *seen; /* of each writer, each record that it could put */
    uint64_t seen_count;
};

static uint32_t checksum(const char *bytes, size_t size)
{
    uint32_t sum = 2166136261u;
    for (size_t i = 0; i < size; i++)
        sum = (sum ^ (unsigned char)bytes[i]) * 16777619u;
    return sum;
}

static void write_payload(void *out, uint32_t writer, uint32_t sequence, uint32_t size)
{
    char *bytes = (char *)out + sizeof(struct payload);
    size_t rest = size - sizeof(struct payload);
    memset(bytes, (int)(sequence & 0xff), rest);
    struct payload payload = {writer, sequence, size, checksum(bytes, rest)};
    memcpy(out, &payload, sizeof payload);
}

static void check_payload(struct stress *stress, const char *at, size_t size)
{
    struct payload payload;
    memcpy(&payload, at, sizeof payload);
    assert_int_equal(payload.size, size);
    assert_int_equal(payload.checksum, checksum(at + sizeof payload, size - sizeof payload));
    assert_in_range(payload.writer, 0, stress->writers - 1);
    assert_in_range(payload.sequence, 0, stress->records - 1);
    unsigned char *seen = &stress->seen[payload.writer * stress->records + payload.sequence];
    assert_int_equal(*seen, 0); /* nothing twice */
    *seen = 1;
    stress->seen_count++;
}

static void see_payloads(void *user, const cotel_batch *batch)
{
    size_t count, seen = 0;
    const cotel_batch_group *groups = cotel_batch_groups(batch, &count);
    for (size_t g = 0; g < count; g++) {
        const unsigned char *at = (const unsigned char *)groups[g].bytes.data;
        const unsigned char *end = at + groups[g].bytes.size;
        while (at < end) {
            assert_int_equal(*at++, 0x12);
            size_t size = 0;
            for (unsigned shift = 0;; shift += 7) {
                size |= (size_t)(*at & 0x7f) << shift;
                if (*at++ < 0x80)
                    break;
            }
            check_payload(user, (const char *)at, size);
            at += size;
            seen++;
        }
    }
    assert_int_equal(seen, cotel_batch_count(batch));
}

static void *write_records(void *argument)
{
    struct stress *stress = argument;
    uint32_t writer = atomic_fetch_add(&stress->next_writer, 1);
    struct ct_producer producer = {0};
    struct ct_queue *queue = &stress->f.input->queue;
    for (uint32_t i = 0, sequence = 0; i < stress->records; i++) {
        uint32_t size = 24 + (i * 7 + writer) % 200;
        if (stress->large_every != 0 && i % stress->large_every == 0)
            size = 20000;
        struct ct_reservation reservation;
        if (!ct_queue_reserve(queue, &producer, size, &fake_scopes[0], &reservation))
            continue;
        write_payload(reservation.data, writer, sequence++, size);
        ct_queue_commit(queue, &reservation);
    }
    ct_producer_retire(&producer, stress->f.input->index);
    return NULL;
}

static void run_stress(struct stress *stress, uint32_t records, uint32_t rounds)
{
    stress->records = records;
    stress->writers = WRITERS * rounds;
    stress->seen = calloc((size_t)stress->writers, records);
    assert_non_null(stress->seen);
    stress->f.exporter.see = see_payloads;
    stress->f.exporter.user = stress;
    fixture_start(&stress->f, COTEL_WORKER_THREAD, false);
    for (uint32_t round = 0; round < rounds; round++) {
        pthread_t threads[WRITERS];
        for (size_t i = 0; i < WRITERS; i++)
            assert_int_equal(pthread_create(&threads[i], NULL, write_records, stress), 0);
        for (size_t i = 0; i < WRITERS; i++)
            pthread_join(threads[i], NULL);
    }
    cotel_status status = ct_pipeline_flush(stress->f.pipeline, ct_deadline_after_ms(30000));
    cotel_pipeline_stats stats = fixture_stats(&stress->f);
    assert_int_equal(status, dropped_in_all(&stats) > 0 ? COTEL_STATUS_DATA_LOST : COTEL_STATUS_OK);
    assert_int_equal(stats.offered, (uint64_t)records * WRITERS * rounds);
    assert_int_equal(stats.queued + stats.in_flight, 0);
    assert_adds_up(&stats);
    assert_int_equal(stress->seen_count, stats.accepted);
    assert_int_equal(ct_queue_used(&stress->f.input->queue), 0);
    assert_int_equal(stress->f.input->queue.owned, 0);
    fixture_end(&stress->f);
    free(stress->seen);
}

static struct stress *new_stress(void)
{
    struct stress *stress = calloc(1, sizeof *stress);
    assert_non_null(stress);
    fixture_begin(&stress->f, ACCEPT);
    return stress;
}

static void eight_threads_and_a_million_records_add_up(void **state)
{
    struct stress *stress = new_stress();
    run_stress(stress, 125000, 1);
    free(stress);
}

static void nothing_is_lost_when_there_is_room(void **state)
{
    struct stress *stress = new_stress();
    stress->f.options.max_queue_size = 1u << 20;
    stress->f.options.max_queue_bytes = 1u << 30;
    stress->large_every = 50;
    run_stress(stress, 5000, 1);
    assert_int_equal(stress->seen_count, 5000 * WRITERS);
    free(stress);
}

static void a_queue_of_few_bytes_adds_up(void **state)
{
    struct stress *stress = new_stress();
    stress->f.options.max_queue_bytes = 64 << 10;
    stress->large_every = 20;
    run_stress(stress, 20000, 1);
    free(stress);
}

static void threads_that_come_and_go_add_up(void **state)
{
    struct stress *stress = new_stress();
    run_stress(stress, 3, 125); /* 1,000 threads */
    free(stress);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_slack_of_eight_producers_is_within_what_is_documented),
        cmocka_unit_test(a_small_queue_is_exact_for_any_number_of_producers),
        cmocka_unit_test(a_retired_producer_gives_its_credits_and_its_chunk_back),
        cmocka_unit_test(a_thousand_threads_that_live_at_once_lose_nothing),
        cmocka_unit_test(a_producer_of_a_queue_that_is_gone_means_nothing),
        cmocka_unit_test(in_an_ordered_queue_nothing_overtakes_an_open_chunk),
        cmocka_unit_test(idle_memory_goes_back_to_the_kernel),
        cmocka_unit_test(eight_threads_and_a_million_records_add_up),
        cmocka_unit_test(nothing_is_lost_when_there_is_room),
        cmocka_unit_test(a_queue_of_few_bytes_adds_up),
        cmocka_unit_test(threads_that_come_and_go_add_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
