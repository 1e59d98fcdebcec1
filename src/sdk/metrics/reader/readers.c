/* SPDX-License-Identifier: Apache-2.0 */
/* What a provider asks of all its readers at once. */
#include "sdk/metrics/reader/reader_internal.h"

#include <cotel/sdk/meter_provider.h>

#include "sdk/pipeline/collecting_input.h"
#include "sdk/pipeline/runtime_internal.h"

#include <assert.h>

static_assert(COTEL_PROVIDER_MAX_READERS <= CT_MAX_PIPELINES,
              "a runtime must have room for all readers of a provider");

static const pthread_cond_t fresh_cond = PTHREAD_COND_INITIALIZER;

/* What is under way for one reader. */
struct request {
    struct ct_flush flush;
    cotel_status status;
};

static cotel_status worse(cotel_status first, cotel_status next)
{
    return first != COTEL_STATUS_OK ? first : next;
}

static void set_state(cotel_metric_reader *reader, enum ct_reader_state state)
{
    (void)ct_fork_lock(&reader->lock);
    reader->state = state;
    ct_fork_unlock(&reader->lock);
}

/* ---- start ---- */

static void start(cotel_metric_reader *reader, cotel_runtime *runtime, cotel_resource *resource)
{
    reader->resource = cotel_resource_ref(resource);
    set_state(reader, CT_READER_STARTED);
    if (reader->pipeline != NULL) {
        cotel_status status = ct_collecting_input_start(reader->pipeline, runtime, resource);
        assert(status == COTEL_STATUS_OK); /* it is new, and there is room */
        (void)status;
    }
    if (reader->events.attached != NULL)
        reader->events.attached(reader->user);
}

void ct_readers_start(cotel_metric_reader *const *readers, size_t count, cotel_runtime *runtime,
                      cotel_resource *resource)
{
    for (size_t i = 0; i < count; i++)
        start(readers[i], runtime, resource);
}

/* ---- flush ---- */

cotel_status ct_readers_flush(cotel_metric_reader *const *readers, size_t count,
                              uint64_t deadline_ns)
{
    struct request requests[COTEL_PROVIDER_MAX_READERS];
    cotel_status status = COTEL_STATUS_OK;
    assert(count <= COTEL_PROVIDER_MAX_READERS);
    for (size_t i = 0; i < count; i++) {
        if (readers[i]->pipeline != NULL)
            requests[i].status = ct_pipeline_begin_flush(readers[i]->pipeline, &requests[i].flush);
    }
    for (size_t i = 0; i < count; i++) {
        const cotel_metric_reader_events *events = &readers[i]->events;
        if (events->flush != NULL)
            status = worse(status, events->flush(readers[i]->user, deadline_ns));
    }
    for (size_t i = 0; i < count; i++) {
        if (readers[i]->pipeline == NULL)
            continue;
        if (requests[i].status == COTEL_STATUS_OK)
            requests[i].status =
                ct_pipeline_await_flush(readers[i]->pipeline, &requests[i].flush, deadline_ns);
        status = worse(status, requests[i].status);
    }
    return status;
}

/* ---- shutdown ---- */

static cotel_status close_reader(cotel_metric_reader *reader, uint64_t deadline_ns)
{
    (void)ct_fork_lock(&reader->lock);
    reader->state = CT_READER_SHUT_DOWN;
    bool at_rest = ct_reader_await_rest(reader, deadline_ns);
    ct_fork_unlock(&reader->lock);
    return at_rest ? COTEL_STATUS_OK : COTEL_STATUS_TIMEOUT;
}

cotel_status ct_readers_shutdown(cotel_metric_reader *const *readers, size_t count,
                                 uint64_t deadline_ns, uint64_t *abandoned)
{
    struct request requests[COTEL_PROVIDER_MAX_READERS];
    cotel_status status = COTEL_STATUS_OK;
    assert(count <= COTEL_PROVIDER_MAX_READERS);
    for (size_t i = 0; i < count; i++) {
        if (readers[i]->pipeline != NULL)
            requests[i].status =
                ct_pipeline_begin_shutdown(readers[i]->pipeline, &requests[i].flush, deadline_ns);
    }
    for (size_t i = 0; i < count; i++) {
        const cotel_metric_reader_events *events = &readers[i]->events;
        if (events->shutdown != NULL)
            status = worse(status, events->shutdown(readers[i]->user, deadline_ns));
    }
    for (size_t i = 0; i < count; i++) {
        if (readers[i]->pipeline == NULL)
            continue;
        if (requests[i].status == COTEL_STATUS_OK)
            requests[i].status =
                ct_pipeline_await_shutdown(readers[i]->pipeline, &requests[i].flush, abandoned);
        status = worse(status, requests[i].status);
    }
    for (size_t i = 0; i < count; i++)
        status = worse(status, close_reader(readers[i], deadline_ns));
    return status;
}

/* ---- fork ---- */

static void renew(cotel_metric_reader *reader, cotel_resource *resource)
{
    ct_fork_lock_init(&reader->lock);
    reader->changed = fresh_cond;
    reader->collecting = false;
    /* The old ones are not given back: a collection of the parent's may have been using them. */
    reader->resource = cotel_resource_ref(resource);
    reader->room = (struct ct_buffer)CT_BUFFER_INIT;
    atomic_init(&reader->collections, 0);
    atomic_init(&reader->lost, 0);
    atomic_init(&reader->malformed, 0);
    if (reader->events.forked != NULL && reader->state == CT_READER_STARTED)
        reader->events.forked(reader->user);
}

void ct_readers_forked(cotel_metric_reader *const *readers, size_t count, cotel_runtime *runtime,
                       cotel_resource *resource)
{
    bool periodic = false;
    for (size_t i = 0; i < count; i++) {
        renew(readers[i], resource);
        periodic |= readers[i]->pipeline != NULL && readers[i]->state == CT_READER_STARTED;
    }
    if (periodic)
        ct_runtime_wake(runtime);
}
