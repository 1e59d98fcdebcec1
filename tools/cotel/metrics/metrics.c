/* SPDX-License-Identifier: Apache-2.0 */
/* cotel metrics export: gets metrics, reads them into one model, and writes that in another form.
 */
#include "command.h"
#include "metrics/exposition.h"
#include "metrics/options.h"
#include "metrics/otlp.h"
#include "metrics/output.h"
#include "metrics/parse.h"
#include "metrics/read_json.h"
#include "metrics/source.h"
#include "metrics/summary.h"
#include "metrics/write.h"

#include <errno.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { URL_SIZE = 300, MAX_FROM_COLUMNS = 200 };

/* The endpoint that a cotel program has by the same variables. */
static const char *default_url(char url[URL_SIZE])
{
    const char *host = getenv("OTEL_EXPORTER_PROMETHEUS_HOST");
    const char *port = getenv("OTEL_EXPORTER_PROMETHEUS_PORT");

    host = host && *host ? host : "127.0.0.1";
    bool is_ipv6 = strchr(host, ':') && *host != '[';
    snprintf(url, URL_SIZE, "http://%s%s%s:%s/metrics", is_ipv6 ? "[" : "", host,
             is_ipv6 ? "]" : "", port && *port ? port : "9464");
    return url;
}

static void report(const char *what, const char *from, const struct ct_fault *fault)
{
    fprintf(stderr, "cotel metrics: %s ", what);
    ct_text_print(stderr, ct_text_of(from), MAX_FROM_COLUMNS);
    if (fault->line > 0)
        fprintf(stderr, ", line %zu", fault->line);
    fputs(": ", stderr);
    ct_text_print(stderr, ct_text_of(fault->reason), CT_FAULT_REASON_SIZE);
    fputc('\n', stderr);
}

static bool read_exposition(const struct ct_source *source, struct ct_exposition *exposition,
                            struct ct_fault *fault)
{
    const struct ct_text text = {source->data ? source->data : "", source->size};

    if (!source->is_openmetrics && ct_is_json(text))
        return ct_is_exposition_json(text) ? ct_read_json(text, exposition, fault)
                                           : ct_read_otlp(text, exposition, fault);
    enum ct_text_format format = ct_text_format_of(text);
    if (source->is_openmetrics)
        format = CT_TEXT_OPENMETRICS;
    else if (source->is_prometheus)
        format = CT_TEXT_PROMETHEUS;
    return ct_parse(text, format, exposition, fault);
}

static size_t columns_of(FILE *out)
{
    struct winsize window;

    if (!isatty(fileno(out)) || ioctl(fileno(out), TIOCGWINSZ, &window) != 0)
        return 0;
    return window.ws_col;
}

static bool write_it(const struct ct_metrics_options *options,
                     const struct ct_exposition *exposition, FILE *out)
{
    const char *no_color = getenv("NO_COLOR");

    if (options->is_summary)
        return ct_summary_write(exposition, out, columns_of(out),
                                isatty(fileno(out)) && (!no_color || !*no_color));
    switch (options->format) {
    case CT_METRICS_FORMAT_TEXT:
        ct_write_prometheus(exposition, out);
        return true;
    case CT_METRICS_FORMAT_OPENMETRICS:
        ct_write_openmetrics(exposition, out);
        return true;
    case CT_METRICS_FORMAT_JSON:
        break;
    }
    return ct_write_json(exposition, out);
}

static int put_out(const struct ct_metrics_options *options, const struct ct_exposition *exposition)
{
    struct ct_output output;
    struct ct_fault fault = {0};

    if (ct_output_open(&output, options->output)) {
        errno = ENOMEM; /* all that can fail before the stream does */
        if (ct_output_close(&output, write_it(options, exposition, output.stream)))
            return CT_EXIT_OK;
    }
    (void)ct_fault_set(&fault, strerror(errno));
    report("cannot write", options->output ? options->output : "stdout", &fault);
    return CT_EXIT_FAILURE;
}

static int export(const struct ct_metrics_options *options, const char *from)
{
    struct ct_source source = {.max_bytes = options->max_bytes};
    struct ct_exposition exposition = {0};
    struct ct_fault fault;
    int status = CT_EXIT_FAILURE;

    if (!ct_source_read(&source, from, &fault))
        report("cannot get", from, &fault);
    else if (!read_exposition(&source, &exposition, &fault))
        report("cannot read", from, &fault);
    else
        status = put_out(options, &exposition);
    ct_exposition_fini(&exposition);
    free(source.data);
    return status;
}

int ct_metrics_main(int argc, char **argv)
{
    struct ct_metrics_options options;
    char url[URL_SIZE];

    if (!ct_metrics_options_parse(&options, argc, argv))
        return CT_EXIT_USAGE;
    if (options.help) {
        ct_metrics_options_help();
        return CT_EXIT_OK;
    }
    setlocale(LC_CTYPE, "C.UTF-8"); /* whatever the user's: expositions are UTF-8 */
    return export(&options, options.from ? options.from : default_url(url));
}
