/* SPDX-License-Identifier: Apache-2.0 */
/* A pipeline of fake records, and an exporter that does as it is told. */
#ifndef COTEL_TESTS_UNIT_SDK_PIPELINE_FIXTURE_H
#define COTEL_TESTS_UNIT_SDK_PIPELINE_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/deadline.h"
#include "sdk/pipeline/queue_input.h"
#include "sdk/pipeline/runtime.h"

#include <pthread.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define SECOND CT_NS_PER_SECOND
#define MS CT_NS_PER_MS
#define LATE (3 * SECOND) /* how late a machine that is busy with other things may be */

/* What the exporter does with a batch. */
enum plan {
    ACCEPT,
    ACCEPT_ALL_BUT_ONE,
    REFUSE,
    HOLD, /* until release(), cancel() */
    JUDGE /* as judge() says */
};

#define FAKE_HELD_MAX 8u

struct fake_exporter {
    cotel_exporter base;
    cotel_exporter_ops ops;
    pthread_mutex_t lock;
    enum plan plan;
    cotel_export *held[FAKE_HELD_MAX];
    bool release;
    int event[2];
    size_t batches;
    size_t records;
    size_t cancelled;
    bool shut_down;
    uint64_t first_ns; /* when the first batch came */
    size_t sizes[64];  /* of the first batches, in records */
    void (*see)(void *user, const cotel_batch *batch);
    void *user;
    cotel_export_outcome (*judge)(void *user, const cotel_batch *batch);
    void (*in_begin)(struct fake_exporter *self); /* called inside a callback */
};

static inline void fake_answer(cotel_export *operation, cotel_export_outcome outcome,
                               uint64_t rejected)
{
    cotel_export_result result = {sizeof result, outcome, rejected, "as told"};
    cotel_export_done(operation, &result);
}

static inline void fake_note(struct fake_exporter *self, const cotel_batch *batch)
{
    pthread_mutex_lock(&self->lock);
    if (self->batches < 64)
        self->sizes[self->batches] = cotel_batch_count(batch);
    if (self->batches++ == 0)
        self->first_ns = ct_clock_monotonic_ns();
    self->records += cotel_batch_count(batch);
    pthread_mutex_unlock(&self->lock);
}

static inline void fake_begin(cotel_exporter *base, cotel_export *operation, cotel_batch *batch,
                              uint64_t deadline_ns)
{
    struct fake_exporter *self = (struct fake_exporter *)base;
    fake_note(self, batch);
    if (self->see != NULL)
        self->see(self->user, batch);
    if (self->in_begin != NULL)
        self->in_begin(self);
    pthread_mutex_lock(&self->lock);
    enum plan plan = self->plan;
    pthread_mutex_unlock(&self->lock);
    if (plan == ACCEPT || plan == ACCEPT_ALL_BUT_ONE) {
        fake_answer(operation, COTEL_EXPORT_ACCEPTED, plan == ACCEPT ? 0 : 1);
    } else if (plan == REFUSE) {
        fake_answer(operation, COTEL_EXPORT_REFUSED, 0);
    } else if (plan == JUDGE) {
        fake_answer(operation, self->judge(self->user, batch), 0);
    } else {
        size_t i = 0;
        while (self->held[i] != NULL)
            i++;
        self->held[i] = operation;
    }
}

static inline int fake_poll_fd(cotel_exporter *base)
{
    return ((struct fake_exporter *)base)->event[0];
}

static inline void fake_drive(cotel_exporter *base)
{
    struct fake_exporter *self = (struct fake_exporter *)base;
    char byte;
    assert_int_equal(read(self->event[0], &byte, 1), 1);
    for (size_t i = 0; i < FAKE_HELD_MAX; i++) {
        cotel_export *operation = self->held[i];
        self->held[i] = NULL;
        if (operation != NULL)
            fake_answer(operation, COTEL_EXPORT_ACCEPTED, 0);
    }
}

static inline void fake_cancel(cotel_exporter *base, cotel_export *operation)
{
    struct fake_exporter *self = (struct fake_exporter *)base;
    for (size_t i = 0; i < FAKE_HELD_MAX; i++) {
        if (self->held[i] == operation)
            self->held[i] = NULL;
    }
    self->cancelled++;
    fake_answer(operation, COTEL_EXPORT_CANCELLED, 0);
}

static inline void fake_shutdown(cotel_exporter *base)
{
    ((struct fake_exporter *)base)->shut_down = true;
}

static inline void fake_init(struct fake_exporter *self, enum plan plan)
{
    *self = (struct fake_exporter){.lock = PTHREAD_MUTEX_INITIALIZER, .plan = plan};
    self->ops = (cotel_exporter_ops){
        .size = sizeof self->ops,
        .type = "fake_exporter",
        .begin = fake_begin,
        .poll_fd = fake_poll_fd,
        .drive = fake_drive,
        .cancel = fake_cancel,
        .shutdown = fake_shutdown,
    };
    self->base.ops = &self->ops;
    assert_int_equal(pipe(self->event), 0);
}

static inline void fake_fini(struct fake_exporter *self)
{
    close(self->event[0]);
    close(self->event[1]);
}

/* Accepts what is held, and from now on everything. */
static inline void fake_release(struct fake_exporter *self)
{
    pthread_mutex_lock(&self->lock);
    self->plan = ACCEPT;
    pthread_mutex_unlock(&self->lock);
    assert_int_equal(write(self->event[1], "x", 1), 1);
}

static inline size_t fake_records(struct fake_exporter *self)
{
    pthread_mutex_lock(&self->lock);
    size_t records = self->records;
    pthread_mutex_unlock(&self->lock);
    return records;
}

/* @return false when `records` have not come within ten seconds. */
static inline bool fake_wait(struct fake_exporter *self, size_t records)
{
    uint64_t deadline = ct_deadline_after_ms(10000);
    while (fake_records(self) < records && !ct_deadline_passed(deadline))
        usleep(200);
    return fake_records(self) == records;
}

/* ---- a runtime with one pipeline ---- */

struct fixture {
    struct fake_exporter exporter;
    cotel_batch_processor_options options;
    cotel_runtime *runtime;
    struct ct_queue_input *input;
    struct ct_pipeline *pipeline; /* the input's */
    cotel_resource *resource;
};

static inline void fixture_begin(struct fixture *f, enum plan plan)
{
    memset(f, 0, sizeof *f);
    fake_init(&f->exporter, plan);
    cotel_batch_processor_options_init(&f->options);
    f->options.schedule_delay_ms = 60000;
}

static inline void fixture_start_with(struct fixture *f, cotel_exporter *exporter,
                                      cotel_worker_mode mode, bool simple)
{
    assert_int_equal(cotel_resource_create(NULL, 0, NULL, &f->resource), COTEL_STATUS_OK);
    f->runtime = ct_runtime_create(mode);
    assert_non_null(f->runtime);
    assert_int_equal(ct_queue_input_create(exporter, &f->options, simple, &f->input),
                     COTEL_STATUS_OK);
    f->pipeline = &f->input->pipeline;
    assert_int_equal(ct_pipeline_attach(f->pipeline, f->runtime, f->resource), COTEL_STATUS_OK);
}

static inline void fixture_start(struct fixture *f, cotel_worker_mode mode, bool simple)
{
    fixture_start_with(f, &f->exporter.base, mode, simple);
}

static inline cotel_pipeline_stats fixture_stats(struct fixture *f)
{
    cotel_pipeline_stats stats;
    assert_int_equal(ct_runtime_stats(f->runtime, &stats, 1), 1);
    return stats;
}

static inline uint64_t dropped_in_all(const cotel_pipeline_stats *stats)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < COTEL_DROP_REASONS; i++)
        sum += stats->dropped[i];
    return sum;
}

static inline void assert_adds_up(const cotel_pipeline_stats *stats)
{
    assert_int_equal(stats->offered,
                     stats->queued + stats->in_flight + stats->accepted + dropped_in_all(stats));
}

static inline void fixture_end(struct fixture *f)
{
    uint64_t abandoned = 0;
    (void)ct_pipeline_shutdown(f->pipeline, 0, &abandoned);
    ct_runtime_stop(f->runtime);
    cotel_pipeline_stats stats = fixture_stats(f);
    assert_adds_up(&stats);
    assert_int_equal(stats.queued + stats.in_flight, 0);
    assert_true(ct_pipeline_destroy(f->pipeline));
    ct_runtime_destroy(f->runtime);
    cotel_resource_unref(f->resource);
    fake_fini(&f->exporter);
}

/* ---- records ---- */

static const cotel_scope_view fake_scopes[3];

/* A record of `size` bytes, all of them `fill`. */
static inline bool put_in(struct fixture *f, struct ct_producer *producer,
                          const cotel_scope_view *scope, size_t size, char fill)
{
    struct ct_reservation reservation;
    if (!ct_queue_reserve(&f->input->queue, producer, size, scope, &reservation))
        return false;
    memset(reservation.data, fill, size);
    ct_queue_commit(&f->input->queue, &reservation);
    return true;
}

static inline bool put(struct fixture *f, struct ct_producer *producer)
{
    return put_in(f, producer, &fake_scopes[0], 100, 'r');
}

static inline size_t put_many(struct fixture *f, struct ct_producer *producer, size_t count)
{
    size_t accepted = 0;
    for (size_t i = 0; i < count; i++)
        accepted += put(f, producer);
    return accepted;
}

static inline void retire(struct fixture *f, struct ct_producer *producer)
{
    ct_producer_retire(producer, f->input->index);
}

#endif
