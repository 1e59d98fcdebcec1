/* SPDX-License-Identifier: Apache-2.0 */
/* Collecting by hand: who is asked, what becomes a batch, who has to wait. */
#include "reader_fixture.h"

#include <sys/wait.h>

struct fixture {
    struct fake_provider provider;
    cotel_metric_reader *reader;
};

static void begin_with(struct fixture *f, const cotel_metric_reader_options *options)
{
    fake_provider_begin(&f->provider, COTEL_WORKER_CALLER);
    assert_int_equal(cotel_metric_reader_create(options, NULL, NULL, &f->reader), COTEL_STATUS_OK);
    fake_provider_add(&f->provider, f->reader);
    fake_provider_start(&f->provider);
}

static void what_the_provider_has_becomes_one_batch(void **state)
{
    struct fixture f;
    cotel_batch *batch = NULL;
    begin_with(&f, NULL);
    f.provider.points = 5000;
    assert_int_equal(cotel_metric_reader_collect(f.reader, 1000, &batch), COTEL_STATUS_OK);
    assert_int_equal(cotel_batch_items(batch), 5000);
    assert_int_equal(points_of(batch, "own"), 5000);
    assert_ptr_equal(cotel_batch_resource(batch), f.provider.resource);
    assert_int_equal(f.reader->collections, 1);
    cotel_batch_unref(batch);
    fake_provider_end(&f.provider);
    (void)state;
}

static void nothing_is_no_batch(void **state)
{
    struct fixture f;
    cotel_batch *batch = NULL;
    begin_with(&f, NULL);
    f.provider.points = 0;
    assert_int_equal(cotel_metric_reader_collect(f.reader, 1000, &batch), COTEL_STATUS_OK);
    assert_null(batch);
    fake_provider_end(&f.provider);
    (void)state;
}

static void a_reader_collects_from_start_to_shutdown(void **state)
{
    struct fake_provider provider;
    cotel_metric_reader *reader = NULL;
    cotel_batch *batch = (cotel_batch *)&provider;
    uint64_t abandoned;
    fake_provider_begin(&provider, COTEL_WORKER_CALLER);
    assert_int_equal(cotel_metric_reader_create(NULL, NULL, NULL, &reader), COTEL_STATUS_OK);
    assert_int_equal(cotel_metric_reader_collect(reader, 0, &batch), COTEL_STATUS_SHUT_DOWN);
    assert_null(batch);
    fake_provider_add(&provider, reader);
    assert_int_equal(cotel_metric_reader_collect(reader, 0, &batch), COTEL_STATUS_SHUT_DOWN);
    fake_provider_start(&provider);
    assert_int_equal(cotel_metric_reader_collect(reader, 1000, &batch), COTEL_STATUS_OK);
    cotel_batch_unref(batch);
    assert_int_equal(fake_provider_shut_down(&provider, 1000, &abandoned), COTEL_STATUS_OK);
    assert_int_equal(cotel_metric_reader_collect(reader, 0, &batch), COTEL_STATUS_SHUT_DOWN);
    assert_int_equal(provider.collections, 1);
    fake_provider_end(&provider);
    (void)state;
}

static void a_reader_has_one_provider_and_can_be_let_go_before_the_start(void **state)
{
    struct fake_provider provider;
    struct ct_reader_source source = {fake_provider_collect, &provider};
    cotel_metric_reader *reader = NULL;
    assert_int_equal(cotel_metric_reader_create(NULL, NULL, NULL, &reader), COTEL_STATUS_OK);
    assert_int_equal(ct_reader_attach(reader, &source), COTEL_STATUS_OK);
    assert_int_equal(ct_reader_attach(reader, &source), COTEL_STATUS_INVALID_ARGUMENT);
    cotel_metric_reader_destroy(reader); /* it is the provider's */
    ct_reader_detach(reader);
    fake_provider_begin(&provider, COTEL_WORKER_CALLER);
    fake_provider_add(&provider, reader);
    fake_provider_start(&provider);
    ct_reader_detach(reader);
    assert_int_equal(ct_reader_attach(reader, &source), COTEL_STATUS_INVALID_ARGUMENT);
    fake_provider_end(&provider);
    (void)state;
}

/* ---- producers and filters ---- */

struct producer {
    cotel_metric_producer base;
    const char *name;
    cotel_status status;
    size_t sleep_ms;
    size_t asked;
    size_t destroyed;
};

static cotel_status produce(cotel_metric_producer *self, cotel_metric_writer *writer)
{
    struct producer *producer = (struct producer *)self;
    producer->asked++;
    usleep((useconds_t)producer->sleep_ms * 1000);
    write_metric(writer, producer->name, 2);
    return producer->status;
}

static void destroy(cotel_metric_producer *self)
{
    ((struct producer *)self)->destroyed++;
}

static const cotel_metric_producer_ops producer_ops = {
    .size = sizeof producer_ops, .produce = produce, .destroy = destroy};

static void begin_with_two(struct fixture *f, struct producer *a, struct producer *b)
{
    cotel_metric_producer *both[] = {&a->base, &b->base};
    cotel_metric_reader_options options = COTEL_METRIC_READER_OPTIONS_INIT;
    *a = (struct producer){.base = {&producer_ops}, .name = "a"};
    *b = (struct producer){.base = {&producer_ops}, .name = "b"};
    options.producers = both;
    options.producer_count = 2;
    begin_with(f, &options);
}

static void producers_are_asked_once_each_collection(void **state)
{
    struct fixture f;
    struct producer a, b;
    cotel_batch *batch = NULL;
    begin_with_two(&f, &a, &b);
    assert_int_equal(cotel_metric_reader_collect(f.reader, 1000, &batch), COTEL_STATUS_OK);
    assert_int_equal(points_of(batch, "own"), 1);
    assert_int_equal(points_of(batch, "a"), 2);
    assert_int_equal(points_of(batch, "b"), 2);
    assert_int_equal(a.asked, 1);
    cotel_batch_unref(batch);
    fake_provider_end(&f.provider);
    assert_int_equal(a.destroyed, 1);
    assert_int_equal(b.destroyed, 1);
    (void)state;
}

static void a_producer_in_trouble_costs_the_others_nothing(void **state)
{
    struct fixture f;
    struct producer a, b;
    cotel_batch *batch = NULL;
    begin_with_two(&f, &a, &b);
    a.status = COTEL_STATUS_SYSTEM_ERROR;
    assert_int_equal(cotel_metric_reader_collect(f.reader, 1000, &batch),
                     COTEL_STATUS_SYSTEM_ERROR);
    assert_int_equal(points_of(batch, "a"), 2);
    assert_int_equal(points_of(batch, "b"), 2);
    cotel_batch_unref(batch);
    fake_provider_end(&f.provider);
    (void)state;
}

static void who_is_late_is_told_and_the_rest_is_not_asked(void **state)
{
    struct fixture f;
    struct producer a, b;
    cotel_batch *batch = NULL;
    begin_with_two(&f, &a, &b);
    a.sleep_ms = 30;
    assert_int_equal(cotel_metric_reader_collect(f.reader, 10, &batch), COTEL_STATUS_TIMEOUT);
    assert_int_equal(points_of(batch, "own"), 1);
    assert_int_equal(points_of(batch, "a"), 2);
    assert_int_equal(b.asked, 0);
    cotel_batch_unref(batch);
    fake_provider_end(&f.provider);
    (void)state;
}

static cotel_metric_filter_result drop_own(void *user, const cotel_scope_view *scope,
                                           const cotel_metric_data *metric)
{
    (void)user;
    (void)scope;
    return metric->name.size == 3 ? COTEL_METRIC_DROP : COTEL_METRIC_ACCEPT;
}

static void a_filter_is_asked_for_all_of_them(void **state)
{
    struct fixture f;
    struct producer a = {.base = {&producer_ops}, .name = "a"};
    struct producer b = {.base = {&producer_ops}, .name = "bbb"};
    cotel_metric_producer *both[] = {&a.base, &b.base};
    cotel_metric_filter filter = {.size = sizeof filter, .test_metric = drop_own};
    cotel_metric_reader_options options = COTEL_METRIC_READER_OPTIONS_INIT;
    cotel_batch *batch = NULL;
    options.producers = both;
    options.producer_count = 2;
    options.filter = &filter;
    begin_with(&f, &options);
    assert_int_equal(cotel_metric_reader_collect(f.reader, 1000, &batch), COTEL_STATUS_OK);
    assert_int_equal(cotel_batch_items(batch), 2);
    assert_int_equal(points_of(batch, "a"), 2);
    cotel_batch_unref(batch);
    fake_provider_end(&f.provider);
    (void)state;
}

/* ---- one at a time ---- */

static void *collect_on_a_thread(void *argument)
{
    cotel_batch *batch = NULL;
    assert_int_equal(cotel_metric_reader_collect(argument, 10000, &batch), COTEL_STATUS_OK);
    assert_non_null(batch);
    cotel_batch_unref(batch);
    return NULL;
}

static void a_second_collection_waits_for_the_first(void **state)
{
    struct fixture f;
    sem_t entered, leave;
    pthread_t threads[2];
    cotel_batch *batch = NULL;
    uint64_t abandoned;
    assert_int_equal(sem_init(&entered, 0, 0), 0);
    assert_int_equal(sem_init(&leave, 0, 0), 0);
    begin_with(&f, NULL);
    f.provider.entered = &entered;
    f.provider.leave = &leave;
    for (size_t i = 0; i < 2; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, collect_on_a_thread, f.reader), 0);
    sem_wait(&entered);
    assert_int_equal(cotel_metric_reader_collect(f.reader, 20, &batch), COTEL_STATUS_TIMEOUT);
    assert_null(batch);
    assert_int_equal(f.provider.collections, 1);
    assert_int_equal(fake_provider_flush(&f.provider, 1000), COTEL_STATUS_OK);
    sem_post(&leave);
    sem_wait(&entered);
    assert_int_equal(fake_provider_shut_down(&f.provider, 20, &abandoned), COTEL_STATUS_TIMEOUT);
    assert_false(ct_reader_destroy(f.reader)); /* it is in use */
    sem_post(&leave);
    for (size_t i = 0; i < 2; i++)
        pthread_join(threads[i], NULL);
    assert_int_equal(f.reader->collections, 2);
    fake_provider_end(&f.provider);
    (void)state;
}

static void collect_from_inside(struct fake_provider *self, cotel_metric_reader *reader)
{
    (void)self;
    cotel_batch *batch = NULL;
    assert_true(ct_reader_is_collecting_here());
    assert_int_equal(cotel_metric_reader_collect(reader, 1000, &batch),
                     COTEL_STATUS_WOULD_DEADLOCK);
}

static void a_callback_can_not_collect(void **state)
{
    struct fixture f;
    cotel_batch *batch = NULL;
    begin_with(&f, NULL);
    f.provider.in_collect = collect_from_inside;
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(cotel_metric_reader_collect(f.reader, 1000, &batch), COTEL_STATUS_OK);
        cotel_batch_unref(batch);
    }
    assert_false(ct_reader_is_collecting_here());
    fake_provider_end(&f.provider);
    (void)state;
}

/* ---- events ---- */

struct events {
    size_t attached, shut_down, flushed, forked, destroyed;
    uint64_t deadline_ns;
    cotel_status status;
    cotel_metric_reader *reader;
};

static void attached(void *user)
{
    struct events *events = user;
    cotel_batch *batch = NULL;
    events->attached++;
    assert_int_equal(cotel_metric_reader_collect(events->reader, 1000, &batch), COTEL_STATUS_OK);
    cotel_batch_unref(batch);
}

static cotel_status shut_down(void *user, uint64_t deadline_ns)
{
    struct events *events = user;
    cotel_batch *batch = NULL;
    events->shut_down++;
    events->deadline_ns = deadline_ns;
    if (events->shut_down == 1) {
        assert_int_equal(cotel_metric_reader_collect(events->reader, 1000, &batch),
                         COTEL_STATUS_OK);
        cotel_batch_unref(batch);
    }
    return events->status;
}

static cotel_status flushed(void *user, uint64_t deadline_ns)
{
    ((struct events *)user)->flushed++;
    ((struct events *)user)->deadline_ns = deadline_ns;
    return ((struct events *)user)->status;
}

static void forked(void *user)
{
    ((struct events *)user)->forked++;
}

static void destroyed(void *user)
{
    ((struct events *)user)->destroyed++;
}

static int in_child(struct fake_provider *provider, const struct events *events)
{
    uint64_t abandoned;
    ct_runtime_forked(provider->runtime, provider->resource);
    ct_readers_forked(provider->readers, provider->count, provider->runtime, provider->resource);
    if (events->forked != 1 || events->reader->collections != 0)
        return 1;
    cotel_status status = fake_provider_shut_down(provider, 1000, &abandoned);
    return status == COTEL_STATUS_EXPORT_FAILED && events->shut_down == 1 ? 0 : 2;
}

static void one_who_builds_on_a_reader_hears_what_happens(void **state)
{
    static const cotel_metric_reader_events all = {sizeof all, attached, shut_down,
                                                   flushed,    forked,   destroyed};
    struct fake_provider provider;
    struct events events = {.status = COTEL_STATUS_EXPORT_FAILED};
    uint64_t abandoned;
    fake_provider_begin(&provider, COTEL_WORKER_CALLER);
    assert_int_equal(cotel_metric_reader_create(NULL, &all, &events, &events.reader),
                     COTEL_STATUS_OK);
    fake_provider_add(&provider, events.reader);
    assert_int_equal(events.attached, 0);
    fake_provider_start(&provider);
    assert_int_equal(events.attached, 1);
    assert_int_equal(fake_provider_flush(&provider, 1000), COTEL_STATUS_EXPORT_FAILED);
    assert_int_equal(events.flushed, 1);
    assert_true(events.deadline_ns > ct_clock_monotonic_ns());
    pid_t child = fork();
    if (child == 0)
        _exit(in_child(&provider, &events));
    int exited = -1;
    assert_int_equal(waitpid(child, &exited, 0), child);
    assert_int_equal(exited, 0);
    assert_int_equal(events.forked, 0);
    assert_int_equal(fake_provider_shut_down(&provider, 1000, &abandoned),
                     COTEL_STATUS_EXPORT_FAILED);
    assert_int_equal(events.shut_down, 1);
    ct_runtime_stop(provider.runtime);
    assert_true(ct_reader_destroy(events.reader));
    assert_int_equal(events.destroyed, 1);
    ct_runtime_destroy(provider.runtime);
    cotel_resource_unref(provider.resource);
    (void)state;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_the_provider_has_becomes_one_batch),
        cmocka_unit_test(nothing_is_no_batch),
        cmocka_unit_test(a_reader_collects_from_start_to_shutdown),
        cmocka_unit_test(a_reader_has_one_provider_and_can_be_let_go_before_the_start),
        cmocka_unit_test(producers_are_asked_once_each_collection),
        cmocka_unit_test(a_producer_in_trouble_costs_the_others_nothing),
        cmocka_unit_test(who_is_late_is_told_and_the_rest_is_not_asked),
        cmocka_unit_test(a_filter_is_asked_for_all_of_them),
        cmocka_unit_test(a_second_collection_waits_for_the_first),
        cmocka_unit_test(a_callback_can_not_collect),
        cmocka_unit_test(one_who_builds_on_a_reader_hears_what_happens),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
