/* SPDX-License-Identifier: Apache-2.0 */
/* One exporting processor or reader behind its front: an input, an exporter, what is in flight
 * between them, and who waits for it.
 *
 * Three kinds of data, three rules: the input has its own (a queue's are in queue.c); what is
 * marked as the driver's is touched only by the one thread that drives the runtime; the rest is
 * guarded by the runtime's lock. No lock is held while the exporter or a source is called, but for
 * the right to drive. */
#ifndef COTEL_SRC_SDK_PIPELINE_PIPELINE_H
#define COTEL_SRC_SDK_PIPELINE_PIPELINE_H

#include <cotel/sdk/diagnostics.h>
#include <cotel/sdk/processor.h>
#include <cotel/sdk/stats.h>

#include "base/clock.h"
#include "sdk/pipeline/batch.h"
#include "sdk/pipeline/input.h"
#include "sdk/pipeline/isolate.h"

/* An exporter that says it takes more at a time gets no more. */
#define CT_MAX_CONCURRENCY 64u

/* Batches that may begin before the other pipelines get their turn. */
#define CT_BEGINS_A_TURN 32u

enum ct_pipeline_state { CT_PIPELINE_RUNNING, CT_PIPELINE_STOPPING, CT_PIPELINE_STOPPED };

struct cotel_export {
    struct ct_pipeline *pipeline;
    cotel_batch *batch; /* NULL: nothing is under way here */
    void *data;
    uint64_t deadline_ns;
    uint64_t number;                 /* of the batch */
    cotel_drop_reason cancelled_for; /* what a cancelled batch counts as */
    struct ct_suspects *suspects;    /* of a batch that was halved; NULL: it was not */
};

/* Somebody who waits for a flush. On that thread's stack. */
struct ct_flush {
    struct ct_flush *next;
    enum {
        CT_FLUSH_ASKED,    /* nothing is marked for it yet */
        CT_FLUSH_DRAINING, /* what it waits for is partly in the input */
        CT_FLUSH_SENT,     /* all in batches up to `last_batch` */
        CT_FLUSH_DONE
    } phase;
    uint64_t last_batch;
    uint64_t lost_before; /* drops at the input, told by earlier flushes already */
    uint64_t lost;        /* the same when it was marked */
    bool failed;          /* a batch that concerns it was not accepted */
    bool cut_off;         /* by a shutdown */
};

struct ct_pipeline {
    /* Constant once it is attached, but for the resource in a forked child. */
    const struct ct_input *input;
    cotel_exporter *exporter;
    cotel_resource *resource;
    cotel_runtime *_Atomic runtime;
    size_t max_in_flight_bytes;
    uint64_t export_timeout_ns; /* 0: none */
    uint32_t concurrency;

    /* The driver's. */
    struct cotel_export *operations;
    uint32_t active;
    struct ct_part *parts;  /* of refused batches; they go before what is in the input */
    size_t in_flight_bytes; /* parts that wait included */
    uint64_t last_batch;    /* its number */
    uint64_t abandoned;     /* by the shutdown */
    bool ready;             /* the exporter's descriptor is readable */
    bool progress;          /* something began or ended in this turn */

    /* Guarded by the runtime's lock; the state may be read without. */
    _Atomic uint32_t state;
    uint64_t stop_deadline_ns;
    struct ct_flush *flushes;
    bool flush_soon; /* ct_runtime_start_flush(): drain without anybody waiting */
    bool failed;     /* a batch was not accepted, and no flush has told so yet */
    uint64_t lost;   /* drops at the input that a flush has told of */

    /* Counters; written by the driver. */
    _Atomic uint64_t in_flight;
    _Atomic uint64_t accepted;
    _Atomic uint64_t batches;
    _Atomic uint64_t dropped[COTEL_DROP_REASONS]; /* behind the input */

    struct cotel_diagnostics_limit export_limit;
    struct cotel_diagnostics_limit remark_limit;
};

/* ---- life ---- */

/* Zeroed memory for an input of `size` bytes; NULL when memory is out. */
void *ct_pipeline_allocate(size_t size);

/* The pipeline's part of an input. `concurrency` is the most, whatever the exporter says.
 * @return OK, INVALID_ARGUMENT (such an exporter can't be used), OUT_OF_MEMORY. */
cotel_status ct_pipeline_init(struct ct_pipeline *pipeline, const struct ct_input *input,
                              cotel_exporter *exporter, uint32_t concurrency);

/* Undoes ct_pipeline_init(). */
void ct_pipeline_fini(struct ct_pipeline *pipeline);

/* Frees it with its input and its exporter.
 * @return false when its shutdown could not be finished: all of them are left behind. */
bool ct_pipeline_destroy(struct ct_pipeline *pipeline);

/* @return OK, LIMIT_REACHED, SHUT_DOWN. */
cotel_status ct_pipeline_attach(struct ct_pipeline *pipeline, cotel_runtime *runtime,
                                cotel_resource *resource);

/* Its runtime is gone. */
void ct_pipeline_detach(struct ct_pipeline *pipeline);

/* In a forked child; `resource` is the child's. */
void ct_pipeline_forked(struct ct_pipeline *pipeline, cotel_resource *resource);

/* ---- any thread ---- */

cotel_status ct_pipeline_flush(struct ct_pipeline *pipeline, uint64_t deadline_ns);
cotel_status ct_pipeline_shutdown(struct ct_pipeline *pipeline, uint64_t deadline_ns,
                                  uint64_t *abandoned);

/* Both in two halves, for who asks several pipelines at once and then waits for each. What is asked
 * with status OK must be waited for, even if only until a deadline that has passed. */
cotel_status ct_pipeline_begin_flush(struct ct_pipeline *pipeline, struct ct_flush *flush);
cotel_status ct_pipeline_await_flush(struct ct_pipeline *pipeline, struct ct_flush *flush,
                                     uint64_t deadline_ns);
cotel_status ct_pipeline_begin_shutdown(struct ct_pipeline *pipeline, struct ct_flush *flush,
                                        uint64_t deadline_ns);
cotel_status ct_pipeline_await_shutdown(struct ct_pipeline *pipeline, struct ct_flush *flush,
                                        uint64_t *abandoned);

void ct_pipeline_stats(struct ct_pipeline *pipeline, cotel_pipeline_stats *out);

static inline enum ct_pipeline_state ct_pipeline_state(struct ct_pipeline *pipeline)
{
    return atomic_load_explicit(&pipeline->state, memory_order_acquire);
}

/* Items that were lost before their export, for what flushes tell. */
static inline uint64_t ct_pipeline_lost(struct ct_pipeline *pipeline)
{
    return pipeline->input->lost != NULL ? pipeline->input->lost(pipeline) : 0;
}

/* ---- the driver only ---- */

/* Does what can be done now. */
void ct_pipeline_step(struct ct_pipeline *pipeline, uint64_t now_ns);

/* When to step again, if nothing happens before. */
uint64_t ct_pipeline_deadline(struct ct_pipeline *pipeline);

/* Whether nothing is under way, and no part of a batch waits. */
static inline bool ct_pipeline_is_idle(const struct ct_pipeline *pipeline)
{
    return pipeline->active == 0 && pipeline->parts == NULL;
}

/* Whether a batch could be begun if there were one. */
bool ct_pipeline_has_capacity(const struct ct_pipeline *pipeline);

/* How many bytes may still be given to the exporter. */
static inline size_t ct_pipeline_in_flight_room(const struct ct_pipeline *pipeline)
{
    return pipeline->in_flight_bytes < pipeline->max_in_flight_bytes
               ? pipeline->max_in_flight_bytes - pipeline->in_flight_bytes
               : 0;
}

static inline void ct_pipeline_count_drops(struct ct_pipeline *pipeline, cotel_drop_reason reason,
                                           uint64_t count)
{
    atomic_fetch_add_explicit(&pipeline->dropped[reason], count, memory_order_relaxed);
}

/* Settings are in milliseconds; what can't be counted in nanoseconds never comes. */
static inline uint64_t ct_pipeline_ns_of_ms(uint64_t ms)
{
    return ms < COTEL_NEVER_NS / CT_NS_PER_MS ? ms * CT_NS_PER_MS : COTEL_NEVER_NS;
}

/* A time that is not beyond the end of all times. */
static inline uint64_t ct_pipeline_later(uint64_t now_ns, uint64_t delay_ns)
{
    return delay_ns < COTEL_NEVER_NS - now_ns ? now_ns + delay_ns : COTEL_NEVER_NS;
}

/* export.c: the exporter's side. */
int ct_pipeline_poll_fd(struct ct_pipeline *pipeline);
uint64_t ct_pipeline_exporter_deadline(struct ct_pipeline *pipeline);
void ct_pipeline_drive_exporter(struct ct_pipeline *pipeline, uint64_t now_ns);
uint64_t ct_pipeline_export_deadline(const struct ct_pipeline *pipeline, uint64_t now_ns);
bool ct_pipeline_begin(struct ct_pipeline *pipeline, uint64_t now_ns);
void ct_pipeline_resume(struct ct_pipeline *pipeline);
void ct_pipeline_expire(struct ct_pipeline *pipeline, uint64_t now_ns);
void ct_pipeline_cancel_all(struct ct_pipeline *pipeline, cotel_drop_reason reason);

/* What was to be a batch, and will be none, is late. */
void ct_pipeline_drop_late(struct ct_pipeline *pipeline, uint64_t items, uint64_t now_ns);

/* flush.c: marks for those who ask, and answers those who wait. */
void ct_pipeline_serve_flushes(struct ct_pipeline *pipeline);
void ct_pipeline_note_failure(struct ct_pipeline *pipeline, uint64_t batch);
cotel_status ct_pipeline_outcome(const struct ct_flush *flush);
void ct_pipeline_leave(struct ct_pipeline *pipeline, const struct ct_flush *flush);

/* shutdown.c: ends it when all is sent or time is up. */
void ct_pipeline_serve_shutdown(struct ct_pipeline *pipeline, uint64_t now_ns);

#endif
