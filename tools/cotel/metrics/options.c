/* SPDX-License-Identifier: Apache-2.0 */
#include "metrics/options.h"

#include "metrics/source.h"

#include <ctype.h>
#include <errno.h>
#include <getopt.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct option long_options[] = {
    {"from", required_argument, NULL, 'F'},
    {"output", required_argument, NULL, 'o'},
    {"format", required_argument, NULL, 'f'},
    {"summary", no_argument, NULL, 's'},
    {"max-bytes", required_argument, NULL, 'm'},
    {"help", no_argument, NULL, 'h'},
    {NULL, 0, NULL, 0},
};

void ct_metrics_options_help(void)
{
    fputs(
        "Usage: cotel metrics export [OPTION]...\n"
        "\n"
        "Gets metrics, and writes them in another form: for Prometheus, for programs, or as a\n"
        "table for people.\n"
        "\n"
        "  --from URL|FILE  an exposition by HTTP; or a file of one (.prom, OpenMetrics), of\n"
        "                   OTLP/JSON lines, or of this program's JSON; -: stdin. By default what\n"
        "                   OTEL_EXPORTER_PROMETHEUS_HOST and _PORT say:\n"
        "                   http://127.0.0.1:9464/metrics\n"
        "  --output FILE    instead of stdout; the file appears whole or not at all\n"
        "  --summary        a table: totals, values, and quantiles of histograms\n"
        "  --format FORMAT  text (Prometheus' 0.0.4, the default), openmetrics (1.0) or json\n"
        "  --max-bytes N    the most that is read (default 67108864)\n"
        "  --help           this text\n"
        "\n"
        "    cotel metrics export --summary\n"
        "    cotel metrics export --from metrics.jsonl --format openmetrics --output m.om\n"
        "\n"
        "Exits with 0, with 1 if there was nothing to be had or it could not be read or written,\n"
        "with 2 if it does not know an option.\n",
        stdout);
}

static bool complain(const char *option, const char *wants)
{
    fprintf(stderr, "cotel metrics: %s wants %s\n", option, wants);
    return false;
}

static bool apply_format(struct ct_metrics_options *options)
{
    static const char *const names[] = {[CT_METRICS_FORMAT_TEXT] = "text",
                                        [CT_METRICS_FORMAT_OPENMETRICS] = "openmetrics",
                                        [CT_METRICS_FORMAT_JSON] = "json"};

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        if (strcmp(optarg, names[i]) == 0) {
            options->format = (enum ct_metrics_format)i;
            return true;
        }
    return complain("--format", "text, openmetrics or json");
}

static bool apply_max_bytes(struct ct_metrics_options *options)
{
    char *end;

    errno = 0;
    unsigned long long number = strtoull(optarg, &end, 10);
    if (!isdigit((unsigned char)*optarg) || *end || errno || number == 0 || number > INT32_MAX)
        return complain("--max-bytes", "a number from 1 to 2147483647");
    options->max_bytes = (size_t)number;
    return true;
}

static bool apply(struct ct_metrics_options *options, int option, bool *has_format)
{
    switch (option) {
    case 'F':
        options->from = optarg;
        return *optarg || complain("--from", "a URL or a file");
    case 'o':
        options->output = optarg;
        return *optarg || complain("--output", "a file");
    case 'f':
        *has_format = true;
        return apply_format(options);
    case 's':
        options->is_summary = true;
        return true;
    case 'm':
        return apply_max_bytes(options);
    case 'h':
        options->help = true;
        return true;
    default: /* getopt has said what is wrong */
        return false;
    }
}

bool ct_metrics_options_parse(struct ct_metrics_options *options, int argc, char **argv)
{
    static char name[] = "cotel metrics";
    bool has_format = false;
    int option;

    *options = (struct ct_metrics_options){.format = CT_METRICS_FORMAT_TEXT,
                                           .max_bytes = CT_SOURCE_DEFAULT_MAX_BYTES};
    argv[0] = name; /* for getopt's complaints */
    while ((option = getopt_long(argc, argv, "", long_options, NULL)) != -1)
        if (!apply(options, option, &has_format))
            return false;
    if (options->help)
        return true;
    if (optind + 1 != argc || strcmp(argv[optind], "export") != 0) {
        fputs("cotel metrics: the one thing that it does is: cotel metrics export\n", stderr);
        return false;
    }
    if (options->is_summary && has_format)
        return complain("--summary", "no --format");
    return true;
}
