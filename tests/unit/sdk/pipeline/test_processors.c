/* SPDX-License-Identifier: Apache-2.0 */
/* The whole way of real spans, through the public interfaces, to the exporter for tests. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <cotel/cotel.h>
#include <cotel/sdk/sdk.h>
#include <cotel/sdk/testing.h>

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

struct world {
    cotel_memory_exporter *memory;
    cotel_tracer_provider *provider;
    cotel_tracer *tracer;
};

static void world_begin(struct world *world, bool simple)
{
    cotel_span_processor *processor = NULL;
    cotel_tracer_provider_options options = COTEL_TRACER_PROVIDER_OPTIONS_INIT;
    assert_int_equal(cotel_memory_exporter_create(&world->memory), COTEL_STATUS_OK);
    cotel_exporter *exporter = cotel_memory_exporter_as_exporter(world->memory);
    cotel_status status = simple ? cotel_simple_processor_create(exporter, NULL, &processor)
                                 : cotel_batch_processor_create(exporter, NULL, &processor);
    assert_int_equal(status, COTEL_STATUS_OK);
    options.processors = &processor;
    options.processor_count = 1;
    assert_int_equal(cotel_tracer_provider_create(&options, &world->provider), COTEL_STATUS_OK);
    world->tracer = cotel_tracer_provider_get_tracer(world->provider, "test", NULL);
}

static void world_end(struct world *world)
{
    cotel_sdk_counts counts = {.size = sizeof counts};
    cotel_sdk_stats(world->provider, &counts);
    assert_int_equal(counts.ended, counts.pipelines[0].offered);
    cotel_tracer_provider_destroy(world->provider);
    cotel_memory_exporter_destroy(world->memory);
}

static void end_span(struct world *world, const char *name)
{
    cotel_span span = cotel_span_start(world->tracer, name, NULL);
    cotel_span_end(&span);
}

static void spans_arrive_with_scope_and_resource(void **state)
{
    struct world world;
    world_begin(&world, false);
    for (size_t i = 0; i < 1000; i++)
        end_span(&world, "work");
    assert_int_equal(cotel_tracer_provider_flush(world.provider, 5000), COTEL_STATUS_OK);
    assert_int_equal(cotel_memory_exporter_count(world.memory), 1000);
    cotel_span_view span;
    const cotel_scope_view *scope;
    cotel_resource *resource;
    cotel_value name;
    assert_true(cotel_memory_exporter_get(world.memory, 999, &span, &scope, &resource));
    assert_memory_equal(span.name.data, "work", 4);
    assert_memory_equal(scope->name.data, "test", 4);
    assert_true(cotel_resource_get(resource, ((cotel_str){"service.name", 12}), &name));
    assert_false(cotel_memory_exporter_get(world.memory, 1000, &span, NULL, NULL));
    cotel_memory_exporter_clear(world.memory);
    assert_int_equal(cotel_memory_exporter_count(world.memory), 0);
    world_end(&world);
}

static void the_simple_processor_exports_in_the_order_of_the_ends(void **state)
{
    struct world world;
    char name[16];
    world_begin(&world, true);
    for (int i = 0; i < 200; i++) {
        (void)snprintf(name, sizeof name, "%03d", i);
        end_span(&world, name);
    }
    assert_int_equal(cotel_tracer_provider_flush(world.provider, 5000), COTEL_STATUS_OK);
    for (size_t i = 0; i < 200; i++) {
        cotel_span_view span;
        (void)snprintf(name, sizeof name, "%03d", (int)i);
        assert_true(cotel_memory_exporter_get(world.memory, i, &span, NULL, NULL));
        assert_memory_equal(span.name.data, name, 3);
    }
    world_end(&world);
}

static void *end_one_span(void *world)
{
    end_span(world, "once");
    return NULL;
}

static void a_thousand_threads_that_end_a_span_each_lose_none(void **state)
{
    enum { THREADS = 1000 };
    static pthread_t threads[THREADS];
    struct world world;
    world_begin(&world, false);
    for (size_t i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, end_one_span, &world), 0);
    for (size_t i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    assert_int_equal(cotel_tracer_provider_flush(world.provider, 5000), COTEL_STATUS_OK);
    assert_int_equal(cotel_memory_exporter_count(world.memory), THREADS);
    world_end(&world);
}

/* ---- fork ---- */

/* @return 0 when the child has its own span, and only that. */
static int live_as_a_child(struct world *world, size_t own)
{
    for (size_t i = 0; i < own; i++)
        end_span(world, "child");
    if (cotel_tracer_provider_flush(world->provider, 5000) != COTEL_STATUS_OK)
        return 1;
    cotel_sdk_counts counts = {.size = sizeof counts};
    cotel_sdk_stats(world->provider, &counts);
    if (counts.pipelines[0].offered != own || counts.pipelines[0].accepted != own)
        return 2;
    if (cotel_memory_exporter_count(world->memory) != own)
        return 3;
    return cotel_tracer_provider_shutdown(world->provider, 1000, NULL) == COTEL_STATUS_OK ? 0 : 4;
}

struct load {
    struct world *world;
    _Atomic bool stop;
    _Atomic size_t ended;
};

static void *make_load(void *argument)
{
    struct load *load = argument;
    while (!load->stop) {
        end_span(load->world, "parent");
        load->ended++;
        usleep(20);
    }
    return NULL;
}

static void a_child_sends_its_own_spans_and_only_those(void **state)
{
#ifdef __SANITIZE_THREAD__
    skip(); /* it takes the child's worker for a thread of the parent's (of the same id) and ends */
#endif
    struct world world;
    pthread_t threads[3];
    world_begin(&world, false);
    struct load load = {.world = &world};
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, make_load, &load), 0);
    for (size_t i = 0; i < 30; i++) {
        end_span(&world, "before");
        load.ended++;
        pid_t child = fork();
        if (child == 0) {
            (void)alarm(20);
            _exit(live_as_a_child(&world, 10 + i));
        }
        int status = 0;
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_int_equal(status, 0);
    }
    load.stop = true;
    for (size_t i = 0; i < 3; i++)
        pthread_join(threads[i], NULL);
    assert_int_equal(cotel_tracer_provider_flush(world.provider, 5000), COTEL_STATUS_OK);
    assert_int_equal(cotel_memory_exporter_count(world.memory), load.ended);
    world_end(&world);
}

static void a_processor_that_nobody_takes_is_destroyed(void **state)
{
    cotel_memory_exporter *memory = NULL;
    cotel_span_processor *processor = NULL;
    assert_int_equal(cotel_memory_exporter_create(&memory), COTEL_STATUS_OK);
    assert_int_equal(
        cotel_batch_processor_create(cotel_memory_exporter_as_exporter(memory), NULL, &processor),
        COTEL_STATUS_OK);
    cotel_span_processor_destroy(processor);
    cotel_memory_exporter_destroy(memory);
    cotel_memory_exporter_destroy(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(spans_arrive_with_scope_and_resource),
        cmocka_unit_test(the_simple_processor_exports_in_the_order_of_the_ends),
        cmocka_unit_test(a_thousand_threads_that_end_a_span_each_lose_none),
        cmocka_unit_test(a_child_sends_its_own_spans_and_only_those),
        cmocka_unit_test(a_processor_that_nobody_takes_is_destroyed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
