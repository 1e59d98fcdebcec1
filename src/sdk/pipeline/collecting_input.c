/* SPDX-License-Identifier: Apache-2.0 */
#include "sdk/pipeline/collecting_input.h"

#include "base/deadline.h"
#include "sdk/pipeline/runtime_internal.h"

#include <assert.h>
#include <stdlib.h>

struct collecting_input {
    struct ct_pipeline pipeline; /* first: a pointer to one is a pointer to the other */

    /* Constant. */
    struct ct_pipeline_source source;
    uint64_t interval_ns;

    /* The driver's. */
    uint64_t due_ns;                /* the next collection */
    struct ct_metric_batches found; /* by the last one */
    size_t begun;                   /* of these; their references are given away */
    uint64_t deadline_ns;           /* of the export of all of them */
    bool asked;                     /* flushes wait for a collection that has not begun */
    bool marked;                    /* flushes wait for what was found */
    bool over;                      /* there was the last collection */

    /* In points; written by the driver. */
    _Atomic uint64_t offered;
    _Atomic uint64_t queued;
    _Atomic uint64_t queued_bytes;
};

static struct collecting_input *input_of(struct ct_pipeline *pipeline)
{
    return (struct collecting_input *)pipeline;
}

static void add(_Atomic uint64_t *counter, uint64_t count)
{
    atomic_fetch_add_explicit(counter, count, memory_order_relaxed);
}

static void subtract(_Atomic uint64_t *counter, uint64_t count)
{
    atomic_fetch_sub_explicit(counter, count, memory_order_relaxed);
}

static bool is_waiting(const struct collecting_input *input)
{
    return input->begun < input->found.count;
}

/* ---- collecting ---- */

/* From the beginnings, so that nothing adds up; those that were missed are left out. */
static uint64_t next_due(uint64_t due_ns, uint64_t interval_ns, uint64_t now_ns)
{
    if (now_ns < due_ns)
        return due_ns;
    uint64_t missed = (now_ns - due_ns) / interval_ns;
    return ct_pipeline_later(due_ns + missed * interval_ns, interval_ns);
}

static bool is_stopping(struct collecting_input *input)
{
    return ct_pipeline_state(&input->pipeline) == CT_PIPELINE_STOPPING;
}

static bool is_wanted(struct collecting_input *input, uint64_t now_ns)
{
    if (is_stopping(input)) /* since now_ns, perhaps */
        return !input->over && !ct_deadline_passed(input->pipeline.stop_deadline_ns);
    return input->asked || now_ns >= input->due_ns;
}

static void count_found(struct collecting_input *input)
{
    for (size_t i = 0; i < input->found.count; i++) {
        const cotel_batch *batch = input->found.items[i];
        add(&input->offered, batch->items);
        add(&input->queued, batch->items);
        add(&input->queued_bytes, batch->bytes);
    }
}

/* Collecting may take as long as exporting, and no longer than a shutdown. */
static uint64_t time_limit(struct collecting_input *input, uint64_t now_ns)
{
    uint64_t limit_ns = ct_pipeline_export_deadline(&input->pipeline, now_ns);
    return is_stopping(input) ? ct_deadline_earlier(limit_ns, input->pipeline.stop_deadline_ns)
                              : limit_ns;
}

static void collect(struct collecting_input *input)
{
    struct ct_pipeline *pipeline = &input->pipeline;
    uint64_t now_ns = ct_clock_monotonic_ns();
    bool last = is_stopping(input);
    input->due_ns = next_due(input->due_ns, input->interval_ns, now_ns);
    input->marked = input->asked;
    input->asked = false;
    ct_metric_batches_fini(&input->found);
    input->found = (struct ct_metric_batches){0};
    input->begun = 0;
    input->source.collect(input->source.user, time_limit(input, now_ns), &input->found);
    input->over = last;
    input->deadline_ns = ct_pipeline_export_deadline(pipeline, ct_clock_monotonic_ns());
    count_found(input);
    pipeline->progress = true;
}

/* The next of what was found; its reference is the caller's. */
static cotel_batch *take_out(struct collecting_input *input)
{
    cotel_batch *batch = input->found.items[input->begun];
    input->found.items[input->begun++] = NULL;
    subtract(&input->queued, batch->items);
    subtract(&input->queued_bytes, batch->bytes);
    return batch;
}

static uint64_t discard(struct ct_pipeline *pipeline)
{
    struct collecting_input *input = input_of(pipeline);
    uint64_t items = 0;
    while (is_waiting(input)) {
        cotel_batch *batch = take_out(input);
        items += batch->items;
        cotel_batch_unref(batch);
    }
    return items;
}

/* ---- batches ---- */

static void look(struct ct_pipeline *pipeline, uint64_t now_ns)
{
    struct collecting_input *input = input_of(pipeline);
    if (is_waiting(input) && input->deadline_ns <= now_ns)
        ct_pipeline_drop_late(pipeline, discard(pipeline), now_ns);
    if (!is_waiting(input) && ct_pipeline_is_idle(pipeline) && is_wanted(input, now_ns))
        collect(input);
}

static bool is_ripe(struct ct_pipeline *pipeline, uint64_t now_ns)
{
    (void)now_ns; /* collecting may have taken long since */
    if (is_stopping(input_of(pipeline)) && ct_deadline_passed(pipeline->stop_deadline_ns))
        return false;
    /* Parts of a refused batch come first, so that everything stays in order. */
    return is_waiting(input_of(pipeline)) && ct_pipeline_is_idle(pipeline);
}

static cotel_batch *take(struct ct_pipeline *pipeline, uint64_t now_ns, uint64_t *deadline_ns)
{
    struct collecting_input *input = input_of(pipeline);
    (void)now_ns;
    *deadline_ns = input->deadline_ns;
    /* Before it leaves the others, so that it is never nowhere. */
    add(&pipeline->in_flight, input->found.items[input->begun]->items);
    return take_out(input);
}

static uint64_t due_ns(struct ct_pipeline *pipeline)
{
    return input_of(pipeline)->due_ns;
}

/* Nobody puts anything, so the clock alone wakes. */
static bool needs_driver(struct ct_pipeline *pipeline, bool worker, uint64_t now_ns)
{
    return worker || is_waiting(input_of(pipeline)) || now_ns >= input_of(pipeline)->due_ns;
}

/* ---- flush, shutdown, fork ---- */

/* A collection that is under way may have missed what was recorded just before the flush. */
static void mark(struct ct_pipeline *pipeline)
{
    struct collecting_input *input = input_of(pipeline);
    input->asked = !input->over;
}

static bool has_marked(struct ct_pipeline *pipeline)
{
    const struct collecting_input *input = input_of(pipeline);
    return input->asked || (input->marked && is_waiting(input));
}

static bool is_exhausted(struct ct_pipeline *pipeline)
{
    const struct collecting_input *input = input_of(pipeline);
    return input->over && !is_waiting(input);
}

/* What was found is the parent's. */
static void forked(struct ct_pipeline *pipeline)
{
    struct collecting_input *input = input_of(pipeline);
    input->found = (struct ct_metric_batches){0};
    input->begun = 0;
    input->asked = false;
    input->marked = false;
    input->due_ns = ct_pipeline_later(ct_clock_monotonic_ns(), input->interval_ns);
    atomic_init(&input->offered, 0);
    atomic_init(&input->queued, 0);
    atomic_init(&input->queued_bytes, 0);
}

static uint64_t load(_Atomic uint64_t *counter)
{
    return atomic_load_explicit(counter, memory_order_relaxed);
}

static void count(struct ct_pipeline *pipeline, cotel_pipeline_stats *out)
{
    struct collecting_input *input = input_of(pipeline);
    out->offered = load(&input->offered);
    out->queued = load(&input->queued);
    out->queued_bytes = load(&input->queued_bytes);
}

static void fini(struct ct_pipeline *pipeline)
{
    (void)discard(pipeline);
    ct_metric_batches_fini(&input_of(pipeline)->found);
}

static const struct ct_input collecting_input = {
    .items = "points",
    .look = look,
    .is_ripe = is_ripe,
    .take = take,
    .due_ns = due_ns,
    .needs_driver = needs_driver,
    .mark = mark,
    .has_marked = has_marked,
    .is_exhausted = is_exhausted,
    .discard = discard,
    .forked = forked,
    .count = count,
    .fini = fini,
};

/* ---- making one ---- */

cotel_status ct_collecting_input_create(cotel_exporter *exporter,
                                        const struct ct_collecting_options *options,
                                        const struct ct_pipeline_source *source,
                                        struct ct_pipeline **out)
{
    assert(options->interval_ns > 0);
    struct collecting_input *input = ct_pipeline_allocate(sizeof *input);
    if (input == NULL)
        return COTEL_STATUS_OUT_OF_MEMORY;
    cotel_status status = ct_pipeline_init(&input->pipeline, &collecting_input, exporter, 1);
    if (status != COTEL_STATUS_OK) {
        free(input);
        return status;
    }
    input->pipeline.export_timeout_ns = options->timeout_ns;
    input->source = *source;
    input->interval_ns = options->interval_ns;
    *out = &input->pipeline;
    return COTEL_STATUS_OK;
}

cotel_status ct_collecting_input_start(struct ct_pipeline *pipeline, cotel_runtime *runtime,
                                       cotel_resource *resource)
{
    struct collecting_input *input = input_of(pipeline);
    input->due_ns = ct_pipeline_later(ct_clock_monotonic_ns(), input->interval_ns);
    cotel_status status = ct_pipeline_attach(pipeline, runtime, resource);
    if (status == COTEL_STATUS_OK)
        ct_runtime_wake(runtime);
    return status;
}
