/* SPDX-License-Identifier: Apache-2.0 */
/* The exporter: a blocking one, behind the SDK's adapter. */
#include "exporters/otlp/encode/request.h"
#include "exporters/otlp/file/aside.h"
#include "exporters/otlp/file/sink.h"
#include "exporters/otlp/signal.h"

#include <cotel/exporters/otlp_file.h>
#include <cotel/sdk/diagnostics.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MESSAGE_SIZE = 256 };

struct exporter {
    cotel_blocking_exporter base;
    cotel_blocking_exporter_ops ops; /* of its own, for its type */
    const struct ct_otlp_signal *signal;
    struct ct_file_sink sink;
    struct ct_otlp_request request;
    char message[MESSAGE_SIZE];
};

static void fail(struct exporter *self, cotel_export_result *result)
{
    char text[128];
    const char *reason = strerror_r(errno, text, sizeof text); /* GNU's returns the text */
    snprintf(self->message, sizeof self->message, "%s: %s",
             self->sink.path ? self->sink.path : "stdout", reason);
    result->outcome = COTEL_EXPORT_FAILED;
    result->message = self->message;
}

static void tell_deletions(struct exporter *self)
{
    if (self->sink.deleted > 0)
        cotel_diagnostics_report(COTEL_LOG_INFO, self->signal->file_type,
                                 "%u of the oldest files beside %s were deleted (max_files)",
                                 self->sink.deleted, self->sink.path);
    self->sink.deleted = 0;
}

static void export_batch(cotel_blocking_exporter *base, const cotel_batch *batch,
                         uint64_t deadline_ns, cotel_export_result *result)
{
    static const struct ct_otlp_format format = {.encoding = COTEL_OTLP_ENCODING_JSON};
    struct exporter *self = (struct exporter *)base;
    if (cotel_batch_signal(batch) != self->signal->signal) {
        result->outcome = COTEL_EXPORT_FAILED;
        result->message = self->signal->mismatch;
        return;
    }
    errno = ENOMEM;
    /* The body of a request is the same as TracesData and MetricsData, what files have in them. */
    if (!ct_otlp_request_build(&self->request, batch, &format) ||
        !ct_file_sink_append(&self->sink, self->request.json.data, self->request.json.size,
                             deadline_ns))
        fail(self, result);
    tell_deletions(self);
}

static void destroy(cotel_blocking_exporter *base)
{
    struct exporter *self = (struct exporter *)base;
    ct_file_sink_fini(&self->sink);
    ct_otlp_request_fini(&self->request);
    free(self);
}

static const cotel_blocking_exporter_ops exporter_ops = {
    .size = sizeof exporter_ops,
    .export_batch = export_batch,
    .destroy = destroy,
};

void cotel_otlp_file_options_init(cotel_otlp_file_options *options)
{
    if (options)
        *options = (cotel_otlp_file_options)COTEL_OTLP_FILE_OPTIONS_INIT;
}

/* Fields beyond the caller's size keep their defaults. */
static bool complete(const cotel_otlp_file_options *given, cotel_otlp_file_options *out)
{
    cotel_otlp_file_options_init(out);
    if (!given)
        return true;
    if (given->size < sizeof given->size)
        return false;
    memcpy(out, given, given->size < sizeof *out ? given->size : sizeof *out);
    if (!ct_otlp_signal_of(out->signal))
        return false;
    return !out->path || (out->path[0] && strlen(out->path) + CT_ASIDE_MARK_SIZE < PATH_MAX);
}

cotel_status cotel_otlp_file_exporter_create(const cotel_otlp_file_options *given,
                                             cotel_exporter **out)
{
    cotel_otlp_file_options options;
    if (!out || !complete(given, &options))
        return COTEL_STATUS_INVALID_ARGUMENT;
    struct exporter *self = calloc(1, sizeof *self);
    if (!self)
        return COTEL_STATUS_OUT_OF_MEMORY;
    self->signal = ct_otlp_signal_of(options.signal);
    self->ops = exporter_ops;
    self->ops.type = self->signal->file_type;
    self->base.ops = &self->ops;
    self->sink.fd = -1;
    self->sink.max_file_bytes = options.max_file_bytes;
    self->sink.max_files = options.max_files;
    self->sink.path = options.path ? strdup(options.path) : NULL;
    cotel_status status = options.path && !self->sink.path
                              ? COTEL_STATUS_OUT_OF_MEMORY
                              : cotel_exporter_from_blocking(&self->base, out);
    if (status != COTEL_STATUS_OK)
        destroy(&self->base);
    return status;
}
