/* SPDX-License-Identifier: Apache-2.0 */
/* The two processors that export: the front that a provider knows, before a pipeline. */
#include "base/sized.h"
#include "sdk/pipeline/queue_input.h"
#include "sdk/thread.h"

#include <stdlib.h>

struct exporting_processor {
    cotel_span_processor base;
    struct ct_queue_input *input;
};

static struct ct_pipeline *pipeline_of(cotel_span_processor *self)
{
    return &((struct exporting_processor *)self)->input->pipeline;
}

static cotel_status attach(cotel_span_processor *self, const cotel_processor_host *host)
{
    if (host->size < sizeof *host || host->runtime == NULL)
        return COTEL_STATUS_INVALID_ARGUMENT;
    return ct_pipeline_attach(pipeline_of(self), host->runtime, host->resource);
}

static void on_end(cotel_span_processor *self, const cotel_span_data *span)
{
    if (!cotel_span_data_is_sampled(span))
        return;
    struct ct_queue_input *input = ((struct exporting_processor *)self)->input;
    struct ct_thread *thread = ct_thread_self();
    struct ct_producer *producer = thread != NULL ? &thread->producers[input->index] : NULL;
    struct ct_reservation reservation;
    if (!ct_queue_reserve(&input->queue, producer, cotel_span_data_encoded_size(span),
                          cotel_span_data_scope(span), &reservation))
        return;
    cotel_span_data_encode(span, reservation.data);
    ct_queue_commit(&input->queue, &reservation);
}

static cotel_status flush(cotel_span_processor *self, uint64_t deadline_ns)
{
    return ct_pipeline_flush(pipeline_of(self), deadline_ns);
}

static cotel_status shut_down(cotel_span_processor *self, uint64_t deadline_ns, uint64_t *abandoned)
{
    return ct_pipeline_shutdown(pipeline_of(self), deadline_ns, abandoned);
}

static void destroy(cotel_span_processor *self)
{
    (void)ct_pipeline_destroy(pipeline_of(self)); /* what is stuck stays */
    free(self);
}

static const cotel_span_processor_ops exporting_ops = {
    .size = sizeof exporting_ops,
    .attach = attach,
    .on_end = on_end,
    .flush = flush,
    .shutdown = shut_down,
    .destroy = destroy,
};

void cotel_batch_processor_options_init(cotel_batch_processor_options *options)
{
    if (options != NULL)
        *options = (cotel_batch_processor_options)COTEL_BATCH_PROCESSOR_OPTIONS_INIT;
}

static cotel_status create(cotel_exporter *exporter, const cotel_batch_processor_options *options,
                           bool simple, cotel_span_processor **out)
{
    cotel_batch_processor_options all = COTEL_BATCH_PROCESSOR_OPTIONS_INIT;
    if (out == NULL || !ct_sized_read(&all, sizeof all, options))
        return COTEL_STATUS_INVALID_ARGUMENT;
    struct exporting_processor *processor = malloc(sizeof *processor);
    if (processor == NULL)
        return COTEL_STATUS_OUT_OF_MEMORY;
    processor->base.ops = &exporting_ops;
    cotel_status status = ct_queue_input_create(exporter, &all, simple, &processor->input);
    if (status != COTEL_STATUS_OK)
        free(processor);
    else
        *out = &processor->base;
    return status;
}

cotel_status cotel_batch_processor_create(cotel_exporter *exporter,
                                          const cotel_batch_processor_options *options,
                                          cotel_span_processor **out)
{
    return create(exporter, options, false, out);
}

cotel_status cotel_simple_processor_create(cotel_exporter *exporter,
                                           const cotel_batch_processor_options *options,
                                           cotel_span_processor **out)
{
    return create(exporter, options, true, out);
}
