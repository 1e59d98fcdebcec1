/* SPDX-License-Identifier: Apache-2.0 */
/* Shutdown with a deadline of one second, whatever the peer does: it returns in time, says exactly
 * how many spans it gave up, and meanwhile nobody else waits. Linked with
 * tests/support/dead_resolver.c: every name server is dead. */
#include "tests/support/fault_server.h"

#include <cotel/cotel.h>
#include <cotel/exporters/otlp.h>
#include <cotel/sdk/batch_processor.h>
#include <cotel/sdk/provider.h>
#include <cotel/sdk/stats.h>

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

enum {
    DEADLINE_MS = 1000,
    LATEST_MS = 1300, /* what is promised */
    ROOM_MS = 1000,   /* for a machine that is busy; who waited for a peer would take far longer */
    SPANS = 500,
    BATCH = 100,
    REST_MS = 10000, /* until whatever was cut off is counted */
    CALL_MS = 500    /* of any call on another thread; one that waited would take DEADLINE_MS */
};

static const struct trouble {
    const char *name;
    const char *url; /* NULL: the server's */
    struct fault_plan plan;
} troubles[] = {
    {"refuses", NULL, {.fault = FAULT_REFUSE}},
    {"answers 503 for ever", NULL, {.status = 503}},
    {"accepts and stays silent", NULL, {.fault = FAULT_SILENT}},
    {"drips one byte a second", NULL, {.fault = FAULT_DRIP}},
    {"swallows the connect", NULL, {.fault = FAULT_SWALLOW}},
    {"hides behind a dead name server", "http://collector.example:4318/v1/traces", {0}},
};

static uint64_t now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

/* ---- a thread that goes on making spans ---- */

struct bystander {
    pthread_t thread;
    cotel_tracer *tracer;
    atomic_bool stop;
    uint64_t longest_ns;
    _Atomic uint64_t spans;
};

static uint64_t lap(struct bystander *self, uint64_t since_ns)
{
    uint64_t now = now_ns();
    uint64_t took = now - since_ns;
    self->longest_ns = took > self->longest_ns ? took : self->longest_ns;
    return now;
}

static void *bystander_main(void *argument)
{
    struct bystander *self = argument;
    while (!atomic_load(&self->stop)) {
        uint64_t at = now_ns();
        cotel_span span = cotel_span_start(self->tracer, "bystander", NULL);
        at = lap(self, at);
        cotel_span_set_string(&span, "what", "goes on");
        at = lap(self, at);
        cotel_span_end(&span);
        lap(self, at);
        self->spans++;
        usleep(200);
    }
    return NULL;
}

static void bystander_start(struct bystander *self, cotel_tracer *tracer)
{
    memset(self, 0, sizeof *self);
    self->tracer = tracer;
    atomic_init(&self->stop, false);
    assert_int_equal(pthread_create(&self->thread, NULL, bystander_main, self), 0);
    while (atomic_load(&self->spans) < 100)
        usleep(1000);
}

static void bystander_stop(struct bystander *self)
{
    atomic_store(&self->stop, true);
    pthread_join(self->thread, NULL);
}

/* ---- providers ---- */

static cotel_tracer_provider *provider_to(const char *url, bool at_once)
{
    cotel_otlp_http_options http = COTEL_OTLP_HTTP_OPTIONS_INIT;
    http.endpoint = url;
    cotel_exporter *exporter = NULL;
    assert_int_equal(cotel_otlp_http_exporter_create(&http, &exporter), COTEL_STATUS_OK);
    cotel_batch_processor_options batch = COTEL_BATCH_PROCESSOR_OPTIONS_INIT;
    batch.max_export_batch_size = at_once ? BATCH : SPANS + 1;
    batch.schedule_delay_ms = at_once ? 20 : 60000;
    cotel_span_processor *processor = NULL;
    assert_int_equal(cotel_batch_processor_create(exporter, &batch, &processor), COTEL_STATUS_OK);
    cotel_tracer_provider_options options = COTEL_TRACER_PROVIDER_OPTIONS_INIT;
    options.processors = &processor;
    options.processor_count = 1;
    cotel_tracer_provider *provider = NULL;
    assert_int_equal(cotel_tracer_provider_create(&options, &provider), COTEL_STATUS_OK);
    return provider;
}

static void make_spans(cotel_tracer *tracer, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        cotel_span span = cotel_span_start(tracer, "work", NULL);
        cotel_span_set_int(&span, "number", (int64_t)i);
        cotel_span_end(&span);
    }
}

static uint64_t dropped(const cotel_pipeline_stats *pipeline)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < COTEL_DROP_REASONS; i++)
        sum += pipeline->dropped[i];
    return sum;
}

/* A shutdown returns in time even when the machine keeps the worker from finishing until then. */
static cotel_sdk_counts counts_at_rest(cotel_tracer_provider *provider)
{
    cotel_sdk_counts counts = {.size = sizeof counts};
    for (unsigned waited_ms = 0; waited_ms < REST_MS; waited_ms += 10) {
        cotel_sdk_stats(provider, &counts);
        if (counts.pipelines[0].queued + counts.pipelines[0].in_flight == 0)
            break;
        usleep(10000);
    }
    return counts;
}

/* At rest every span is somewhere. */
static cotel_pipeline_stats check_identities(cotel_tracer_provider *provider)
{
    cotel_sdk_counts counts = counts_at_rest(provider);
    assert_int_equal(counts.started,
                     counts.unsampled + counts.live + counts.ended + counts.inherited);
    assert_int_equal(counts.pipeline_count, 1);
    const cotel_pipeline_stats *pipeline = &counts.pipelines[0];
    assert_int_equal(pipeline->queued, 0);
    assert_int_equal(pipeline->in_flight, 0);
    assert_int_equal(pipeline->offered, pipeline->accepted + dropped(pipeline));
    return *pipeline;
}

/* Shuts down and checks that it was in time; returns what it gave up. */
static uint64_t shut_down(cotel_tracer_provider *provider, const char *name)
{
    uint64_t abandoned = UINT64_MAX;
    uint64_t began = now_ns();
    cotel_status status = cotel_tracer_provider_shutdown(provider, DEADLINE_MS, &abandoned);
    unsigned took_ms = (unsigned)((now_ns() - began) / 1000000);
    printf("a peer that %s: shutdown took %u ms, gave up %u spans (%s)\n", name, took_ms,
           (unsigned)abandoned, cotel_status_name(status));
    assert_in_range(took_ms, 0, LATEST_MS + ROOM_MS);
    assert_int_not_equal(status, COTEL_STATUS_OK);
    return abandoned;
}

/* ---- tests ---- */

/* With batches under way already, or with all of them still waiting. */
static void give_up(const struct trouble *trouble, bool under_way)
{
    struct fault_server *server = fault_server_start(&trouble->plan);
    const char *url = trouble->url != NULL ? trouble->url : fault_server_url(server);
    cotel_tracer_provider *provider = provider_to(url, under_way);
    make_spans(cotel_tracer_provider_get_tracer(provider, "test", NULL), SPANS);
    if (under_way)
        usleep(100000);
    uint64_t abandoned = shut_down(provider, trouble->name);
    cotel_pipeline_stats pipeline = check_identities(provider);
    assert_int_equal(pipeline.offered, SPANS);
    assert_int_equal(pipeline.accepted, 0);
    assert_int_equal(pipeline.dropped[COTEL_DROP_SHUTDOWN], SPANS);
    assert_int_equal(abandoned, SPANS);
    cotel_tracer_provider_destroy(provider);
    fault_server_stop(server);
}

static void the_number_given_up_is_exact(void **state)
{
    for (size_t i = 0; i < sizeof troubles / sizeof *troubles; i++) {
        give_up(&troubles[i], true);
        give_up(&troubles[i], false);
    }
}

static void nobody_else_waits(void **state)
{
    for (size_t i = 0; i < sizeof troubles / sizeof *troubles; i++) {
        const struct trouble *trouble = &troubles[i];
        struct fault_server *server = fault_server_start(&trouble->plan);
        const char *url = trouble->url != NULL ? trouble->url : fault_server_url(server);
        cotel_tracer_provider *provider = provider_to(url, true);
        struct bystander bystander;
        bystander_start(&bystander, cotel_tracer_provider_get_tracer(provider, "test", NULL));
        usleep(100000);
        (void)shut_down(provider, trouble->name);
        usleep(50000);
        bystander_stop(&bystander);
        (void)check_identities(provider);
        printf("    meanwhile %u spans elsewhere, longest call %u us\n",
               (unsigned)atomic_load(&bystander.spans), (unsigned)(bystander.longest_ns / 1000));
        assert_true(bystander.spans > 100);
        assert_in_range(bystander.longest_ns, 0, CALL_MS * UINT64_C(1000000));
        cotel_tracer_provider_destroy(provider);
        fault_server_stop(server);
    }
}

static void a_peer_that_works_gets_everything(void **state)
{
    struct fault_server *server = fault_server_start(&(struct fault_plan){0});
    cotel_tracer_provider *provider = provider_to(fault_server_url(server), true);
    make_spans(cotel_tracer_provider_get_tracer(provider, "test", NULL), SPANS);
    uint64_t abandoned = UINT64_MAX;
    assert_int_equal(cotel_tracer_provider_shutdown(provider, 10 * DEADLINE_MS, &abandoned),
                     COTEL_STATUS_OK);
    assert_int_equal(abandoned, 0);
    assert_int_equal(check_identities(provider).accepted, SPANS);
    cotel_tracer_provider_destroy(provider);
    fault_server_stop(server);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_number_given_up_is_exact),
        cmocka_unit_test(nobody_else_waits),
        cmocka_unit_test(a_peer_that_works_gets_everything),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
