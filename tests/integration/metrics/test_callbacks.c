/* SPDX-License-Identifier: Apache-2.0 */
/* Callbacks that do what callbacks may, and what they should not: take too long, change the list
 * they are on, never come back. */
#include "../../support/metric_fixture.h"

#include <cotel/sdk/testing.h>

#include <pthread.h>
#include <semaphore.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define LONG_MS 60000
#define SOON_MS 100
#define NOT_SO_SOON_MS 5000

static uint64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

static void start(struct metric_fixture *fixture, cotel_temporality temporality)
{
    cotel_metric_reader_options reader = COTEL_METRIC_READER_OPTIONS_INIT;
    for (size_t kind = 0; kind < COTEL_INSTRUMENT_KINDS; kind++)
        reader.temporality[kind] = temporality;
    metric_fixture_start(fixture, NULL, &reader);
}

/* ---- callbacks that take too long ---- */

struct slow_then_total {
    cotel_observable *instrument;
    int64_t total;
    unsigned sleep_ms;
};

static void be_slow(cotel_observer *observer, void *user)
{
    const struct slow_then_total *self = user;
    (void)observer;
    usleep(self->sleep_ms * 1000);
}

static void observe_total(cotel_observer *observer, void *user)
{
    const struct slow_then_total *self = user;
    cotel_observe(observer, self->instrument, self->total, NULL, 0);
}

static void collect_too_late(struct metric_fixture *fixture)
{
    cotel_batch *batch = NULL;
    assert_int_equal(cotel_metric_reader_collect(fixture->reader, 1, &batch), COTEL_STATUS_TIMEOUT);
    cotel_batch_unref(batch);
}

static void a_total_that_there_was_no_time_to_observe_is_not_counted_twice(void **state)
{
    struct metric_fixture fixture;
    struct slow_then_total total = {.total = 100};
    (void)state;
    start(&fixture, COTEL_TEMPORALITY_DELTA);
    total.instrument = cotel_observable_counter_get(fixture.meter, "o", NULL, be_slow, &total);
    cotel_observable_counter_get(fixture.meter, "o", NULL, observe_total, &total);
    assert_collected(&fixture, "scope library\n sum o delta monotonic\n  {} 100\n");
    total.sleep_ms = 20;
    total.total = 110;
    collect_too_late(&fixture);
    total.sleep_ms = 0;
    assert_collected(&fixture, "scope library\n sum o delta monotonic\n  {} 10\n");
    metric_fixture_stop(&fixture);
}

/* ---- callbacks that change the list they are on ---- */

struct changing {
    cotel_observable *instrument;
    cotel_callback *self;
    cotel_callback *other;
    int calls;
};

static void replace_itself(cotel_observer *observer, void *user)
{
    struct changing *changing = user;
    (void)observer;
    if (++changing->calls > 1000)
        return; /* so that the test ends */
    cotel_callback_remove(changing->self);
    changing->self =
        cotel_observable_add_callback(&changing->instrument, 1, replace_itself, changing);
}

static void a_callback_that_replaces_itself_is_called_once_in_a_collection(void **state)
{
    struct metric_fixture fixture;
    struct changing changing = {.calls = 0};
    (void)state;
    start(&fixture, COTEL_TEMPORALITY_CUMULATIVE);
    changing.instrument = cotel_observable_gauge_get(fixture.meter, "o", NULL, NULL, NULL);
    changing.self =
        cotel_observable_add_callback(&changing.instrument, 1, replace_itself, &changing);
    for (int i = 1; i <= 3; i++) {
        cotel_batch_unref(metric_fixture_collect(&fixture));
        assert_int_equal(changing.calls, i);
    }
    cotel_callback_remove(changing.self);
    metric_fixture_stop(&fixture);
}

static void remove_both(cotel_observer *observer, void *user)
{
    struct changing *changing = user;
    (void)observer;
    changing->calls++;
    cotel_callback_remove(changing->other);
    cotel_callback_remove(changing->self);
    changing->other = changing->self = NULL;
}

static void a_callback_may_remove_the_next_one_and_itself(void **state)
{
    struct metric_fixture fixture;
    struct changing changing = {.calls = 0};
    struct slow_then_total last = {.total = 1};
    (void)state;
    start(&fixture, COTEL_TEMPORALITY_CUMULATIVE);
    changing.instrument = cotel_observable_gauge_get(fixture.meter, "o", NULL, NULL, NULL);
    last.instrument = changing.instrument;
    changing.self = cotel_observable_add_callback(&changing.instrument, 1, remove_both, &changing);
    changing.other = cotel_observable_add_callback(&changing.instrument, 1, remove_both, &changing);
    cotel_callback *behind =
        cotel_observable_add_callback(&changing.instrument, 1, observe_total, &last);
    for (int i = 0; i < 2; i++)
        assert_collected(&fixture, "scope library\n gauge o\n  {} 1\n");
    assert_int_equal(changing.calls, 1);
    cotel_callback_remove(behind);
    metric_fixture_stop(&fixture);
}

/* ---- callbacks that do not come back ---- */

struct stuck {
    sem_t entered;
    sem_t leave;
};

static void be_stuck(cotel_observer *observer, void *user)
{
    struct stuck *stuck = user;
    (void)observer;
    sem_post(&stuck->entered);
    sem_wait(&stuck->leave);
}

static void stuck_init(struct stuck *stuck)
{
    sem_init(&stuck->entered, 0, 0);
    sem_init(&stuck->leave, 0, 0);
}

static void a_stuck_callback_does_not_hold_up_a_shutdown(void **state)
{
    static struct stuck stuck; /* the provider stays behind with it */
    cotel_memory_exporter *memory = NULL;
    cotel_metric_reader *reader = NULL;
    cotel_meter_provider *provider = NULL;
    cotel_meter_provider_options options = COTEL_METER_PROVIDER_OPTIONS_INIT;
    (void)state;
    stuck_init(&stuck);
    assert_int_equal(cotel_memory_exporter_create(&memory), COTEL_STATUS_OK);
    assert_int_equal(
        cotel_periodic_reader_create(cotel_memory_exporter_as_exporter(memory), NULL, &reader),
        COTEL_STATUS_OK);
    options.readers = &reader;
    options.reader_count = 1;
    assert_int_equal(cotel_meter_provider_create(&options, &provider), COTEL_STATUS_OK);
    cotel_meter *meter = cotel_meter_provider_get_meter(provider, "library", NULL);
    cotel_observable_gauge_get(meter, "o", NULL, be_stuck, &stuck);
    assert_int_equal(cotel_meter_provider_flush(provider, SOON_MS), COTEL_STATUS_TIMEOUT);
    uint64_t began_ms = now_ms();
    assert_int_equal(cotel_meter_provider_shutdown(provider, SOON_MS, NULL), COTEL_STATUS_TIMEOUT);
    cotel_meter_provider_destroy(provider);
    assert_true(now_ms() - began_ms < NOT_SO_SOON_MS);
    sem_post(&stuck.leave);
}

static void *collect(void *reader)
{
    cotel_batch *batch = NULL;
    (void)!cotel_metric_reader_collect(reader, LONG_MS, &batch);
    cotel_batch_unref(batch);
    return NULL;
}

/* What the other reader had is gone, and a child does not look for it. */
static int be_a_child(void)
{
    cotel_meter_provider *provider = NULL;
    cotel_status status = cotel_meter_provider_create(NULL, &provider);
    cotel_meter_provider_destroy(provider);
    return status == COTEL_STATUS_OK ? 0 : 1;
}

static void a_provider_destroyed_in_a_callback_leaves_what_the_collection_uses(void **state)
{
    static struct stuck stuck;
    cotel_metric_reader *readers[2];
    cotel_meter_provider *provider = NULL;
    cotel_meter_provider_options options = COTEL_METER_PROVIDER_OPTIONS_INIT;
    pthread_t collector;
    int status;
    (void)state;
    stuck_init(&stuck);
    for (int i = 0; i < 2; i++)
        assert_int_equal(cotel_metric_reader_create(NULL, NULL, NULL, &readers[i]),
                         COTEL_STATUS_OK);
    options.readers = readers;
    options.reader_count = 2;
    assert_int_equal(cotel_meter_provider_create(&options, &provider), COTEL_STATUS_OK);
    cotel_meter *meter = cotel_meter_provider_get_meter(provider, "library", NULL);
    cotel_counter *counter = cotel_counter_get(meter, "c", NULL);
    cotel_observable_gauge_get(meter, "o", NULL, be_stuck, &stuck);
    cotel_counter_add(counter, 1, NULL, 0);
    assert_int_equal(pthread_create(&collector, NULL, collect, readers[1]), 0);
    sem_wait(&stuck.entered);
    cotel_meter_provider_destroy(provider);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0)
        _exit(be_a_child());
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    sem_post(&stuck.leave);
    pthread_join(collector, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_total_that_there_was_no_time_to_observe_is_not_counted_twice),
        cmocka_unit_test(a_callback_that_replaces_itself_is_called_once_in_a_collection),
        cmocka_unit_test(a_callback_may_remove_the_next_one_and_itself),
        cmocka_unit_test(a_stuck_callback_does_not_hold_up_a_shutdown),
        cmocka_unit_test(a_provider_destroyed_in_a_callback_leaves_what_the_collection_uses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
