/* SPDX-License-Identifier: Apache-2.0 */
/* The periodic reader: a reader that a pipeline asks. */
#include "sdk/metrics/reader/reader_internal.h"

#include <cotel/sdk/diagnostics.h>

#include "base/sized.h"
#include "sdk/metrics/reader/options.h"
#include "sdk/pipeline/collecting_input.h"

/* What is exported without being whole is told; a wait that was too long or trouble of a producer
 * is told where it is found. */
static void tell_trouble(cotel_status status)
{
    static cotel_diagnostics_limit limit;
    if (status == COTEL_STATUS_OUT_OF_MEMORY)
        cotel_diagnostics_limited(&limit, COTEL_LOG_ERROR, "periodic_reader",
                                  "points are lost: memory is out");
}

static void collect(void *user, uint64_t deadline_ns, struct ct_metric_batches *out)
{
    cotel_metric_reader *reader = user;
    struct ct_collect_limits limits = {reader->max_points, reader->max_bytes};
    tell_trouble(ct_reader_collect(reader, &limits, deadline_ns, out));
}

static cotel_status add_pipeline(cotel_metric_reader *reader, cotel_exporter *exporter,
                                 const cotel_periodic_reader_options *options)
{
    struct ct_pipeline_source source = {collect, reader};
    struct ct_collecting_options collecting = {
        .interval_ns = ct_pipeline_ns_of_ms(options->interval_ms),
        .timeout_ns = ct_pipeline_ns_of_ms(options->timeout_ms),
    };
    reader->max_points = options->max_export_batch_size;
    reader->max_bytes = options->max_batch_bytes;
    return ct_collecting_input_create(exporter, &collecting, &source, &reader->pipeline);
}

cotel_status cotel_periodic_reader_create(cotel_exporter *exporter,
                                          const cotel_periodic_reader_options *given,
                                          cotel_metric_reader **out)
{
    cotel_periodic_reader_options options = COTEL_PERIODIC_READER_OPTIONS_INIT;
    cotel_metric_reader_options reading;
    if (out == NULL || !ct_sized_read(&options, sizeof options, given) || options.interval_ms < 1 ||
        !ct_reader_options_read(&reading, &options.reader))
        return COTEL_STATUS_INVALID_ARGUMENT;
    cotel_metric_reader *reader = ct_reader_create(&reading);
    if (reader == NULL)
        return COTEL_STATUS_OUT_OF_MEMORY;
    cotel_status status = add_pipeline(reader, exporter, &options);
    if (status == COTEL_STATUS_OK)
        *out = reader;
    else
        ct_reader_free(reader);
    return status;
}
