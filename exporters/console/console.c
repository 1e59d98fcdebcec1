/* SPDX-License-Identifier: Apache-2.0 */
/* The exporter: a blocking one, behind the SDK's adapter, since a terminal that was stopped or a
 * pipe that nobody reads makes write() wait. */
#include <cotel/exporters/console.h>

#include <locale.h>
#include <stdlib.h>

#include "print.h"

struct console {
    cotel_blocking_exporter base;
    int fd;
    locale_t locale; /* of C, so that numbers look the same everywhere */
};

/* A batch has records of one signal; the other way gives none. */
static void print_batch(struct ct_output *output, const cotel_batch *batch)
{
    cotel_batch_cursor spans = {0, 0}, metrics = {0, 0};
    cotel_span_view span;
    cotel_metric_data metric;
    const cotel_scope_view *scope;
    while (cotel_batch_next(batch, &spans, &span, &scope))
        ct_print_span(output, &span, scope, cotel_batch_resource(batch));
    while (cotel_batch_next_metric(batch, &metrics, &metric, &scope))
        ct_print_metric(output, &metric, scope, cotel_batch_resource(batch));
}

static void export_batch(cotel_blocking_exporter *self, const cotel_batch *batch,
                         uint64_t deadline_ns, cotel_export_result *result)
{
    const struct console *console = (const struct console *)self;
    struct ct_output output;
    ct_output_init(&output, console->fd, deadline_ns);
    locale_t before = uselocale(console->locale);
    print_batch(&output, batch);
    (void)uselocale(before);
    if (ct_output_flush(&output))
        return;
    result->outcome = COTEL_EXPORT_FAILED;
    result->message = "the console could not be written to";
}

static void destroy(cotel_blocking_exporter *self)
{
    struct console *console = (struct console *)self;
    freelocale(console->locale);
    free(console);
}

static const cotel_blocking_exporter_ops ops = {
    .size = sizeof ops,
    .type = "console_exporter",
    .export_batch = export_batch,
    .destroy = destroy,
};

void cotel_console_options_init(cotel_console_options *options)
{
    if (options)
        *options = (cotel_console_options)COTEL_CONSOLE_OPTIONS_INIT;
}

static int fd_of(const cotel_console_options *options)
{
    const cotel_console_options defaults = COTEL_CONSOLE_OPTIONS_INIT;
    bool has_fd = options && options->size >= offsetof(cotel_console_options, fd) + sizeof(int);
    return has_fd ? options->fd : defaults.fd;
}

cotel_status cotel_console_exporter_create(const cotel_console_options *options,
                                           cotel_exporter **out)
{
    if (!out || (options && options->size < sizeof options->size) || fd_of(options) < 0)
        return COTEL_STATUS_INVALID_ARGUMENT;
    struct console *console = calloc(1, sizeof *console);
    if (!console)
        return COTEL_STATUS_OUT_OF_MEMORY;
    console->base.ops = &ops;
    console->fd = fd_of(options);
    console->locale = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    if (!console->locale) {
        free(console);
        return COTEL_STATUS_OUT_OF_MEMORY;
    }
    cotel_status status = cotel_exporter_from_blocking(&console->base, out);
    if (status != COTEL_STATUS_OK)
        destroy(&console->base);
    return status;
}
