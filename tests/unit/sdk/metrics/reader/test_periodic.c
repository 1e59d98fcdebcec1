/* SPDX-License-Identifier: Apache-2.0 */
/* Periodic readers, and what a provider asks of several readers at once. */
#include "reader_fixture.h"

#include "sdk/pipeline/pipeline.h"

#include <sys/wait.h>

static cotel_metric_reader *periodic(cotel_memory_exporter *memory, uint64_t interval_ms)
{
    cotel_periodic_reader_options options = COTEL_PERIODIC_READER_OPTIONS_INIT;
    cotel_metric_reader *reader = NULL;
    options.interval_ms = interval_ms;
    options.max_export_batch_size = 3;
    assert_int_equal(
        cotel_periodic_reader_create(cotel_memory_exporter_as_exporter(memory), &options, &reader),
        COTEL_STATUS_OK);
    return reader;
}

static cotel_memory_exporter *memory_exporter(void)
{
    cotel_memory_exporter *memory = NULL;
    assert_int_equal(cotel_memory_exporter_create(&memory), COTEL_STATUS_OK);
    return memory;
}

static void a_worker_collects_and_exports(void **state)
{
    struct fake_provider provider;
    cotel_memory_exporter *memory = memory_exporter();
    fake_provider_begin(&provider, COTEL_WORKER_THREAD);
    fake_provider_add(&provider, periodic(memory, 5));
    fake_provider_start(&provider);
    uint64_t until_ns = ct_deadline_after_ms(10000);
    while (cotel_memory_exporter_batch_count(memory) < 3 && !ct_deadline_passed(until_ns))
        usleep(500);
    assert_true(cotel_memory_exporter_batch_count(memory) >= 3);
    fake_provider_end(&provider);
    cotel_memory_exporter_destroy(memory);
    (void)state;
}

static void batches_are_cut_and_kept_as_they_came(void **state)
{
    struct fake_provider provider;
    cotel_memory_exporter *memory = memory_exporter();
    cotel_metric_data metric;
    const cotel_scope_view *scope = NULL;
    cotel_resource *resource = NULL;
    static const size_t items[] = {3, 3, 1};
    fake_provider_begin(&provider, COTEL_WORKER_THREAD);
    provider.points = 7;
    fake_provider_add(&provider, periodic(memory, 60000));
    fake_provider_start(&provider);
    assert_int_equal(fake_provider_flush(&provider, 10000), COTEL_STATUS_OK);
    assert_int_equal(cotel_memory_exporter_batch_count(memory), 3);
    for (size_t i = 0; i < 3; i++) {
        cotel_batch *batch = cotel_memory_exporter_get_batch(memory, i);
        assert_int_equal(cotel_batch_items(batch), items[i]);
        cotel_batch_unref(batch);
    }
    assert_null(cotel_memory_exporter_get_batch(memory, 3));
    assert_int_equal(cotel_memory_exporter_count(memory), 0); /* of spans */
    assert_int_equal(cotel_memory_exporter_metric_count(memory), 3);
    assert_true(cotel_memory_exporter_get_metric(memory, 2, &metric, &scope, &resource));
    assert_memory_equal(metric.name.data, "own", 3);
    assert_memory_equal(scope->name.data, "fake", 4);
    assert_ptr_equal(resource, provider.resource);
    assert_false(cotel_memory_exporter_get_metric(memory, 3, &metric, NULL, NULL));
    cotel_memory_exporter_clear(memory);
    assert_int_equal(cotel_memory_exporter_metric_count(memory), 0);
    fake_provider_end(&provider);
    cotel_memory_exporter_destroy(memory);
    (void)state;
}

static void each_reader_of_a_flush_is_asked_once(void **state)
{
    struct fake_provider provider;
    cotel_memory_exporter *memory[3];
    uint64_t abandoned;
    fake_provider_begin(&provider, COTEL_WORKER_THREAD);
    for (size_t i = 0; i < 3; i++) {
        memory[i] = memory_exporter();
        fake_provider_add(&provider, periodic(memory[i], 60000));
    }
    fake_provider_start(&provider);
    assert_int_equal(fake_provider_flush(&provider, 10000), COTEL_STATUS_OK);
    assert_int_equal(provider.collections, 3);
    assert_int_equal(fake_provider_shut_down(&provider, 10000, &abandoned), COTEL_STATUS_OK);
    assert_int_equal(abandoned, 0);
    assert_int_equal(provider.collections, 6);
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(cotel_memory_exporter_batch_count(memory[i]), 2);
    fake_provider_end(&provider);
    for (size_t i = 0; i < 3; i++)
        cotel_memory_exporter_destroy(memory[i]);
    (void)state;
}

/* ---- a peer that is stuck ---- */

struct stuck {
    cotel_exporter base;
    cotel_export *operation;
};

static void stuck_begin(cotel_exporter *self, cotel_export *operation, cotel_batch *batch,
                        uint64_t deadline_ns)
{
    (void)batch;
    (void)deadline_ns;
    ((struct stuck *)self)->operation = operation;
}

static void stuck_cancel(cotel_exporter *self, cotel_export *operation)
{
    (void)self;
    cotel_export_result result = {.size = sizeof result, .outcome = COTEL_EXPORT_CANCELLED};
    cotel_export_done(operation, &result);
}

static const cotel_exporter_ops stuck_ops = {
    .size = sizeof stuck_ops, .type = "stuck", .begin = stuck_begin, .cancel = stuck_cancel};

static void a_stuck_peer_costs_the_other_readers_nothing(void **state)
{
    struct fake_provider provider;
    struct stuck stuck = {{&stuck_ops}, NULL};
    cotel_metric_reader *first = NULL;
    cotel_memory_exporter *memory = memory_exporter();
    uint64_t abandoned;
    fake_provider_begin(&provider, COTEL_WORKER_THREAD);
    assert_int_equal(cotel_periodic_reader_create(&stuck.base, NULL, &first), COTEL_STATUS_OK);
    provider.points = 5;
    fake_provider_add(&provider, first);
    fake_provider_add(&provider, periodic(memory, 60000));
    fake_provider_start(&provider);
    assert_int_equal(fake_provider_flush(&provider, 50), COTEL_STATUS_TIMEOUT);
    assert_int_equal(cotel_memory_exporter_metric_count(memory), 2); /* cut in two */
    assert_int_equal(fake_provider_shut_down(&provider, 50, &abandoned), COTEL_STATUS_TIMEOUT);
    assert_int_equal(abandoned, 5);
    assert_int_equal(cotel_memory_exporter_metric_count(memory), 4);
    fake_provider_end(&provider);
    cotel_memory_exporter_destroy(memory);
    (void)state;
}

/* ---- an exporter that blocks ---- */

struct blocker {
    cotel_blocking_exporter base;
    _Atomic size_t points;
};

static void export_batch(cotel_blocking_exporter *self, const cotel_batch *batch,
                         uint64_t deadline_ns, cotel_export_result *result)
{
    (void)deadline_ns;
    (void)result;
    assert_int_equal(cotel_batch_signal(batch), COTEL_SIGNAL_METRICS);
    ((struct blocker *)self)->points += cotel_batch_items(batch);
}

static const cotel_blocking_exporter_ops blocker_ops = {
    .size = sizeof blocker_ops, .type = "blocker", .export_batch = export_batch};

static void an_exporter_that_blocks_takes_metrics_too(void **state)
{
    struct fake_provider provider;
    struct blocker blocker = {{&blocker_ops}, 0};
    cotel_exporter *exporter = NULL;
    cotel_metric_reader *reader = NULL;
    assert_int_equal(cotel_exporter_from_blocking(&blocker.base, &exporter), COTEL_STATUS_OK);
    assert_int_equal(cotel_periodic_reader_create(exporter, NULL, &reader), COTEL_STATUS_OK);
    fake_provider_begin(&provider, COTEL_WORKER_THREAD);
    provider.points = 11;
    fake_provider_add(&provider, reader);
    fake_provider_start(&provider);
    assert_int_equal(fake_provider_flush(&provider, 10000), COTEL_STATUS_OK);
    assert_int_equal(blocker.points, 11);
    fake_provider_end(&provider);
    (void)state;
}

/* ---- fork ---- */

static int in_child(struct fake_provider *provider, cotel_memory_exporter *memory)
{
    ct_runtime_forked(provider->runtime, provider->resource);
    ct_readers_forked(provider->readers, provider->count, provider->runtime, provider->resource);
    uint64_t until_ns = ct_deadline_after_ms(10000);
    while (cotel_memory_exporter_batch_count(memory) < 2 && !ct_deadline_passed(until_ns))
        usleep(500);
    if (cotel_memory_exporter_batch_count(memory) < 2)
        return 1;
    return fake_provider_flush(provider, 5000) == COTEL_STATUS_OK ? 0 : 2;
}

static void a_child_collects_for_itself(void **state)
{
    struct fake_provider provider;
    cotel_memory_exporter *memory = memory_exporter();
    fake_provider_begin(&provider, COTEL_WORKER_THREAD);
    fake_provider_add(&provider, periodic(memory, 10));
    fake_provider_start(&provider);
    for (size_t i = 0; i < 5; i++) {
        usleep(3000);
        pid_t child = fork();
        if (child == 0)
            _exit(in_child(&provider, memory));
        int status = -1;
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_int_equal(status, 0);
    }
    fake_provider_end(&provider);
    cotel_memory_exporter_destroy(memory);
    (void)state;
}

/* ---- all at once ---- */

struct party {
    struct fake_provider *provider;
    _Atomic bool over;
};

static void *flush_on(void *argument)
{
    struct party *party = argument;
    while (!party->over) {
        cotel_status status = fake_provider_flush(party->provider, 10000);
        assert_true(status == COTEL_STATUS_OK || status == COTEL_STATUS_SHUT_DOWN);
    }
    return NULL;
}

static void *collect_on(void *argument)
{
    struct party *party = argument;
    while (!party->over) {
        cotel_batch *batch = NULL;
        cotel_status status =
            cotel_metric_reader_collect(party->provider->readers[0], 10000, &batch);
        assert_true(status == COTEL_STATUS_OK || status == COTEL_STATUS_SHUT_DOWN);
        cotel_batch_unref(batch);
    }
    return NULL;
}

static void everybody_at_once_and_then_the_end(void **state)
{
    struct fake_provider provider;
    struct party party = {&provider, false};
    cotel_memory_exporter *memory = memory_exporter();
    pthread_t threads[4];
    uint64_t abandoned;
    fake_provider_begin(&provider, COTEL_WORKER_THREAD);
    provider.points = 10;
    fake_provider_add(&provider, periodic(memory, 1));
    fake_provider_add(&provider, periodic(memory, 2));
    fake_provider_start(&provider);
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, i % 2 ? flush_on : collect_on, &party),
                         0);
    usleep(100000);
    assert_int_equal(fake_provider_shut_down(&provider, 10000, &abandoned), COTEL_STATUS_OK);
    party.over = true;
    for (size_t i = 0; i < 4; i++)
        pthread_join(threads[i], NULL);
    fake_provider_end(&provider);
    cotel_memory_exporter_destroy(memory);
    (void)state;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_worker_collects_and_exports),
        cmocka_unit_test(batches_are_cut_and_kept_as_they_came),
        cmocka_unit_test(each_reader_of_a_flush_is_asked_once),
        cmocka_unit_test(a_stuck_peer_costs_the_other_readers_nothing),
        cmocka_unit_test(an_exporter_that_blocks_takes_metrics_too),
        cmocka_unit_test(a_child_collects_for_itself),
        cmocka_unit_test(everybody_at_once_and_then_the_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
