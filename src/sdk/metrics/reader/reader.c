/* SPDX-License-Identifier: Apache-2.0 */
/* A reader's life: made by the program, claimed by a provider, started, destroyed. */
#include "sdk/metrics/reader/reader.h"

#include "base/sized.h"
#include "sdk/metrics/reader/options.h"
#include "sdk/metrics/reader/reader_internal.h"
#include "sdk/pipeline/pipeline.h"

#include <stdlib.h>

static const pthread_cond_t fresh_cond = PTHREAD_COND_INITIALIZER;

cotel_metric_reader *ct_reader_create(const cotel_metric_reader_options *options)
{
    cotel_metric_reader *reader = calloc(1, sizeof *reader);
    if (reader == NULL)
        return NULL;
    if (!ct_reader_options_copy(&reader->options, options)) {
        free(reader);
        return NULL;
    }
    ct_fork_lock_init(&reader->lock);
    reader->changed = fresh_cond;
    return reader;
}

void ct_reader_free(cotel_metric_reader *reader)
{
    ct_reader_options_fini(&reader->options);
    cotel_resource_unref(reader->resource);
    ct_buffer_fini(&reader->room);
    free(reader);
}

cotel_status cotel_metric_reader_create(const cotel_metric_reader_options *given,
                                        const cotel_metric_reader_events *events, void *user,
                                        cotel_metric_reader **out)
{
    cotel_metric_reader_options options;
    cotel_metric_reader_events all = {.size = sizeof all};
    if (out == NULL || !ct_sized_read(&all, sizeof all, events) ||
        !ct_reader_options_read(&options, given))
        return COTEL_STATUS_INVALID_ARGUMENT;
    cotel_metric_reader *reader = ct_reader_create(&options);
    if (reader == NULL)
        return COTEL_STATUS_OUT_OF_MEMORY;
    reader->events = all;
    reader->user = user;
    *out = reader;
    return COTEL_STATUS_OK;
}

/* ---- whose it is ---- */

cotel_status ct_reader_attach(cotel_metric_reader *reader, const struct ct_reader_source *source)
{
    cotel_status status = COTEL_STATUS_INVALID_ARGUMENT;
    (void)ct_fork_lock(&reader->lock);
    if (reader->state == CT_READER_UNATTACHED) {
        reader->state = CT_READER_ATTACHED;
        reader->source = *source;
        status = COTEL_STATUS_OK;
    }
    ct_fork_unlock(&reader->lock);
    return status;
}

void ct_reader_detach(cotel_metric_reader *reader)
{
    (void)ct_fork_lock(&reader->lock);
    if (reader->state == CT_READER_ATTACHED)
        reader->state = CT_READER_UNATTACHED;
    ct_fork_unlock(&reader->lock);
}

/* ---- the end ---- */

static void destroy_producers(const cotel_metric_reader_options *options)
{
    for (size_t i = 0; i < options->producer_count; i++) {
        cotel_metric_producer *producer = options->producers[i];
        if (CT_HAS_OP(producer->ops, destroy))
            producer->ops->destroy(producer);
    }
}

static bool is_collecting(cotel_metric_reader *reader)
{
    (void)ct_fork_lock(&reader->lock);
    bool collecting = reader->collecting;
    ct_fork_unlock(&reader->lock);
    return collecting;
}

bool ct_reader_destroy(cotel_metric_reader *reader)
{
    if (reader == NULL)
        return true;
    if (is_collecting(reader))
        return false;
    if (reader->pipeline != NULL && !ct_pipeline_destroy(reader->pipeline))
        return false;
    if (reader->events.destroy != NULL)
        reader->events.destroy(reader->user);
    destroy_producers(&reader->options);
    ct_reader_free(reader);
    return true;
}

void cotel_metric_reader_destroy(cotel_metric_reader *reader)
{
    if (reader == NULL)
        return;
    (void)ct_fork_lock(&reader->lock);
    bool is_the_callers = reader->state == CT_READER_UNATTACHED;
    ct_fork_unlock(&reader->lock);
    if (is_the_callers)
        (void)ct_reader_destroy(reader); /* nobody can be collecting */
}
