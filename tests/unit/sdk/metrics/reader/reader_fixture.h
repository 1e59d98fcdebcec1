/* SPDX-License-Identifier: Apache-2.0 */
/* What stands in for a provider: a source of metrics, and a runtime of its readers. */
#ifndef COTEL_TESTS_UNIT_SDK_METRICS_READER_READER_FIXTURE_H
#define COTEL_TESTS_UNIT_SDK_METRICS_READER_READER_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <cotel/sdk/meter_provider.h>
#include <cotel/sdk/testing.h>

#include "base/deadline.h"
#include "sdk/metrics/reader/reader.h"
#include "sdk/pipeline/runtime.h"

#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Writes `points` points of the metric `name`. */
static inline void write_metric(cotel_metric_writer *writer, const char *name, size_t points)
{
    cotel_metric_head head = {
        .size = sizeof head, .name = {name, strlen(name)}, .type = COTEL_METRIC_GAUGE};
    cotel_point point = {.size = sizeof point, .value = {.type = COTEL_NUMBER_INT, .integer = 1}};
    cotel_metric_writer_scope(writer, "fake", NULL, NULL, NULL, 0);
    if (!cotel_metric_writer_metric(writer, &head))
        return;
    for (size_t i = 0; i < points; i++)
        cotel_metric_writer_point(writer, &point);
}

struct fake_provider {
    cotel_runtime *runtime;
    cotel_resource *resource;
    cotel_metric_reader *readers[COTEL_PROVIDER_MAX_READERS];
    size_t count;
    size_t points;
    cotel_status status; /* of a collection */
    _Atomic size_t collections;
    _Atomic uint64_t deadline_ns;
    sem_t *entered; /* NULL: it does not wait */
    sem_t *leave;
    void (*in_collect)(struct fake_provider *self, cotel_metric_reader *reader);
};

static inline cotel_status fake_provider_collect(void *user, cotel_metric_reader *reader,
                                                 cotel_metric_writer *writer, uint64_t deadline_ns)
{
    struct fake_provider *self = user;
    self->collections++;
    self->deadline_ns = deadline_ns;
    if (self->entered != NULL) {
        sem_post(self->entered);
        sem_wait(self->leave);
    }
    if (self->in_collect != NULL)
        self->in_collect(self, reader);
    write_metric(writer, "own", self->points);
    return self->status;
}

static inline void fake_provider_begin(struct fake_provider *self, cotel_worker_mode mode)
{
    memset(self, 0, sizeof *self);
    self->points = 1;
    self->runtime = ct_runtime_create(mode);
    assert_non_null(self->runtime);
    assert_int_equal(cotel_resource_create(NULL, 0, NULL, &self->resource), COTEL_STATUS_OK);
}

static inline void fake_provider_add(struct fake_provider *self, cotel_metric_reader *reader)
{
    struct ct_reader_source source = {fake_provider_collect, self};
    assert_int_equal(ct_reader_attach(reader, &source), COTEL_STATUS_OK);
    self->readers[self->count++] = reader;
}

static inline void fake_provider_start(struct fake_provider *self)
{
    ct_readers_start(self->readers, self->count, self->runtime, self->resource);
}

static inline cotel_status fake_provider_flush(struct fake_provider *self, uint64_t timeout_ms)
{
    return ct_readers_flush(self->readers, self->count, ct_deadline_after_ms(timeout_ms));
}

static inline cotel_status fake_provider_shut_down(struct fake_provider *self, uint64_t timeout_ms,
                                                   uint64_t *abandoned)
{
    *abandoned = 0;
    return ct_readers_shutdown(self->readers, self->count, ct_deadline_after_ms(timeout_ms),
                               abandoned);
}

static inline void fake_provider_end(struct fake_provider *self)
{
    uint64_t abandoned;
    (void)fake_provider_shut_down(self, 0, &abandoned);
    ct_runtime_stop(self->runtime);
    for (size_t i = 0; i < self->count; i++)
        assert_true(ct_reader_destroy(self->readers[i]));
    ct_runtime_destroy(self->runtime);
    cotel_resource_unref(self->resource);
}

/* The points of all metrics of this name in a batch. */
static inline size_t points_of(const cotel_batch *batch, const char *name)
{
    size_t count = 0;
    cotel_batch_cursor cursor = {0, 0};
    cotel_metric_data metric;
    cotel_point_data point;
    while (cotel_batch_next_metric(batch, &cursor, &metric, NULL)) {
        cotel_iterator points = cotel_metric_data_points(&metric);
        if (metric.name.size != strlen(name) ||
            memcmp(metric.name.data, name, metric.name.size) != 0)
            continue;
        while (cotel_iterator_next_point(&points, &metric, &point))
            count++;
    }
    return count;
}

#endif
