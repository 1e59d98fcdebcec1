/* SPDX-License-Identifier: Apache-2.0 */
/* A pipeline that asks a source for metrics, and a source that makes up as many as it is told. */
#ifndef COTEL_TESTS_UNIT_SDK_PIPELINE_COLLECTING_FIXTURE_H
#define COTEL_TESTS_UNIT_SDK_PIPELINE_COLLECTING_FIXTURE_H

#include "fixture.h"

#include "sdk/pipeline/collecting_input.h"

#include <cotel/sdk/metric_data.h>

#include <stdatomic.h>
#include <stdio.h>

/* Metrics are named by the collection that they are from, "c1", "c2" and so on, and have `points`
 * points each. */
struct fake_source {
    cotel_resource *resource;
    _Atomic size_t metrics;     /* in a collection */
    size_t points;              /* of each metric */
    size_t points_in_a_batch;   /* 0: no limit */
    _Atomic size_t collections; /* that have begun */
    _Atomic uint64_t begun_ns[64];
    _Atomic uint64_t deadline_ns; /* of the last one */
    void (*in_collect)(struct fake_source *self);
    void *user;
};

static inline void fake_write(struct fake_source *self, cotel_metric_writer *writer, size_t number)
{
    char name[32];
    (void)snprintf(name, sizeof name, "c%zu", number);
    cotel_metric_head head = {
        .size = sizeof head, .name = {name, strlen(name)}, .type = COTEL_METRIC_GAUGE};
    cotel_metric_writer_scope(writer, "fake", NULL, NULL, NULL, 0);
    for (size_t i = 0; i < self->metrics; i++) {
        cotel_point point = {.size = sizeof point,
                             .value = {.type = COTEL_NUMBER_INT, .integer = (int64_t)i}};
        assert_true(cotel_metric_writer_metric(writer, &head));
        for (size_t j = 0; j < self->points; j++)
            cotel_metric_writer_point(writer, &point);
    }
}

static inline void fake_collect(void *user, uint64_t deadline_ns, struct ct_metric_batches *out)
{
    struct fake_source *self = user;
    size_t number = atomic_fetch_add(&self->collections, 1) + 1;
    if (number <= 64)
        self->begun_ns[number - 1] = ct_clock_monotonic_ns();
    self->deadline_ns = deadline_ns;
    if (self->in_collect != NULL)
        self->in_collect(self);
    struct ct_metric_writer_options options = {.resource = self->resource,
                                               .max_points = self->points_in_a_batch,
                                               .time_unix_ns = ct_clock_unix_ns()};
    cotel_metric_writer *writer = ct_metric_writer_create(&options);
    assert_non_null(writer);
    fake_write(self, writer, number);
    ct_metric_writer_finish(writer, out);
    ct_metric_writer_destroy(writer);
}

struct collecting {
    struct fake_exporter exporter;
    struct fake_source source;
    struct ct_collecting_options options;
    cotel_runtime *runtime;
    struct ct_pipeline *pipeline;
};

/* One metric of one point in each collection, a minute apart. */
static inline void collecting_begin(struct collecting *f, enum plan plan)
{
    memset(f, 0, sizeof *f);
    fake_init(&f->exporter, plan);
    f->source.metrics = 1;
    f->source.points = 1;
    f->options = (struct ct_collecting_options){60 * SECOND, 30 * SECOND};
}

static inline void collecting_start_with(struct collecting *f, cotel_exporter *exporter,
                                         cotel_worker_mode mode)
{
    struct ct_pipeline_source source = {fake_collect, &f->source};
    assert_int_equal(cotel_resource_create(NULL, 0, NULL, &f->source.resource), COTEL_STATUS_OK);
    f->runtime = ct_runtime_create(mode);
    assert_non_null(f->runtime);
    assert_int_equal(ct_collecting_input_create(exporter, &f->options, &source, &f->pipeline),
                     COTEL_STATUS_OK);
    assert_int_equal(ct_collecting_input_start(f->pipeline, f->runtime, f->source.resource),
                     COTEL_STATUS_OK);
}

static inline void collecting_start(struct collecting *f, cotel_worker_mode mode)
{
    collecting_start_with(f, &f->exporter.base, mode);
}

static inline cotel_pipeline_stats collecting_stats(struct collecting *f)
{
    cotel_pipeline_stats stats;
    assert_int_equal(ct_runtime_stats(f->runtime, &stats, 1), 1);
    return stats;
}

static inline cotel_status flush_in(struct collecting *f, uint64_t timeout_ms)
{
    return ct_pipeline_flush(f->pipeline, ct_deadline_after_ms(timeout_ms));
}

static inline cotel_status shut_down_in(struct collecting *f, uint64_t timeout_ms,
                                        uint64_t *abandoned)
{
    *abandoned = 0;
    return ct_pipeline_shutdown(f->pipeline, ct_deadline_after_ms(timeout_ms), abandoned);
}

static inline void collecting_end(struct collecting *f)
{
    uint64_t abandoned;
    (void)shut_down_in(f, 0, &abandoned);
    ct_runtime_stop(f->runtime);
    cotel_pipeline_stats stats = collecting_stats(f);
    assert_adds_up(&stats);
    assert_int_equal(stats.queued + stats.queued_bytes + stats.in_flight, 0);
    assert_true(ct_pipeline_destroy(f->pipeline));
    ct_runtime_destroy(f->runtime);
    cotel_resource_unref(f->source.resource);
    fake_fini(&f->exporter);
}

/* Whether a condition comes true within ten seconds. */
#define EVENTUALLY(condition)                                 \
    do {                                                      \
        uint64_t until_ns = ct_deadline_after_ms(10000);      \
        while (!(condition) && !ct_deadline_passed(until_ns)) \
            usleep(200);                                      \
        assert_true(condition);                               \
    } while (0)

#endif
