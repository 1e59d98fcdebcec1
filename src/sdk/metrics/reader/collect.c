/* SPDX-License-Identifier: Apache-2.0 */
/* One collection: the provider's metrics, then those of producers, in one writer. */
#include "sdk/metrics/reader/collect.h"

#include <cotel/sdk/diagnostics.h>

#include "base/deadline.h"
#include "sdk/fork.h"
#include "sdk/thread.h"

bool ct_reader_is_collecting_here(void)
{
    const struct ct_thread *thread = ct_thread_self();
    return thread != NULL && thread->collecting;
}

/* ---- one at a time ---- */

bool ct_reader_await_rest(cotel_metric_reader *reader, uint64_t deadline_ns)
{
    struct timespec until = ct_deadline_timespec(deadline_ns);
    int error = 0;
    while (reader->collecting && error == 0)
        error =
            pthread_cond_clockwait(&reader->changed, &reader->lock.mutex, CLOCK_MONOTONIC, &until);
    return !reader->collecting;
}

static cotel_status enter(cotel_metric_reader *reader, uint64_t deadline_ns)
{
    cotel_status status = COTEL_STATUS_OK;
    struct ct_thread *thread = ct_thread_self();
    if (thread == NULL)
        return COTEL_STATUS_OUT_OF_MEMORY;
    if (thread->collecting)
        return COTEL_STATUS_WOULD_DEADLOCK;
    (void)ct_fork_lock(&reader->lock);
    if (!ct_reader_await_rest(reader, deadline_ns))
        status = COTEL_STATUS_TIMEOUT;
    else if (reader->state != CT_READER_STARTED)
        status = COTEL_STATUS_SHUT_DOWN;
    else
        reader->collecting = true;
    ct_fork_unlock(&reader->lock);
    thread->collecting = status == COTEL_STATUS_OK;
    return status;
}

static void leave(cotel_metric_reader *reader)
{
    ct_thread_self()->collecting = false; /* it was there when the collection began */
    (void)ct_fork_lock(&reader->lock);
    reader->collecting = false;
    (void)pthread_cond_broadcast(&reader->changed);
    ct_fork_unlock(&reader->lock);
}

/* ---- asking everybody ---- */

static cotel_status ask_producers(cotel_metric_reader *reader, cotel_metric_writer *writer,
                                  uint64_t deadline_ns)
{
    static cotel_diagnostics_limit limit;
    cotel_status first = COTEL_STATUS_OK;
    for (size_t i = 0; i < reader->options.producer_count; i++) {
        cotel_metric_producer *producer = reader->options.producers[i];
        if (ct_deadline_passed(deadline_ns))
            return COTEL_STATUS_TIMEOUT;
        cotel_status status = producer->ops->produce(producer, writer);
        if (status == COTEL_STATUS_OK)
            continue;
        cotel_diagnostics_limited(&limit, COTEL_LOG_WARNING, "metric_reader",
                                  "a producer of metrics had trouble: %s",
                                  cotel_status_name(status));
        if (first == COTEL_STATUS_OK)
            first = status;
    }
    return ct_deadline_passed(deadline_ns) ? COTEL_STATUS_TIMEOUT : first;
}

static cotel_status ask_everybody(cotel_metric_reader *reader, cotel_metric_writer *writer,
                                  uint64_t deadline_ns)
{
    static cotel_diagnostics_limit limit;
    cotel_status status = reader->source.collect(reader->source.user, reader, writer, deadline_ns);
    cotel_status produced = ask_producers(reader, writer, deadline_ns);
    if (status == COTEL_STATUS_OK)
        status = produced;
    if (status == COTEL_STATUS_TIMEOUT)
        cotel_diagnostics_limited(&limit, COTEL_LOG_WARNING, "metric_reader",
                                  "a collection took longer than it may");
    return status;
}

static void count(cotel_metric_reader *reader, const cotel_metric_writer *writer)
{
    atomic_fetch_add_explicit(&reader->collections, 1, memory_order_relaxed);
    atomic_fetch_add_explicit(&reader->lost, ct_metric_writer_lost(writer), memory_order_relaxed);
    atomic_fetch_add_explicit(&reader->malformed, ct_metric_writer_malformed(writer),
                              memory_order_relaxed);
}

static cotel_status collect(cotel_metric_reader *reader, const struct ct_collect_limits *limits,
                            uint64_t deadline_ns, struct ct_metric_batches *out)
{
    struct ct_metric_writer_options options = {
        .resource = reader->resource,
        .max_points = limits->max_points,
        .max_bytes = limits->max_bytes,
        .filter = reader->options.filter,
        .time_unix_ns = ct_clock_unix_ns(),
        .room = &reader->room,
    };
    cotel_metric_writer *writer = ct_metric_writer_create(&options);
    if (writer == NULL)
        return COTEL_STATUS_OUT_OF_MEMORY;
    cotel_status status = ask_everybody(reader, writer, deadline_ns);
    ct_metric_writer_finish(writer, out);
    count(reader, writer);
    if (status == COTEL_STATUS_OK && ct_metric_writer_lost(writer) > 0)
        status = COTEL_STATUS_OUT_OF_MEMORY;
    ct_metric_writer_destroy(writer);
    return status;
}

cotel_status ct_reader_collect(cotel_metric_reader *reader, const struct ct_collect_limits *limits,
                               uint64_t deadline_ns, struct ct_metric_batches *out)
{
    cotel_status status = enter(reader, deadline_ns);
    if (status != COTEL_STATUS_OK)
        return status;
    status = collect(reader, limits, deadline_ns, out);
    leave(reader);
    return status;
}

cotel_status cotel_metric_reader_collect(cotel_metric_reader *reader, uint64_t timeout_ms,
                                         cotel_batch **out)
{
    static const struct ct_collect_limits one_batch = {0, 0};
    struct ct_metric_batches batches = {NULL, 0};
    if (reader == NULL || out == NULL)
        return COTEL_STATUS_INVALID_ARGUMENT;
    *out = NULL;
    ct_sdk_forked();
    cotel_status status =
        ct_reader_collect(reader, &one_batch, ct_deadline_after_ms(timeout_ms), &batches);
    if (batches.count > 0)
        *out = cotel_batch_ref(batches.items[0]);
    ct_metric_batches_fini(&batches);
    return status;
}
