/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COTEL_TOOLS_COTEL_METRICS_OPTIONS_H
#define COTEL_TOOLS_COTEL_METRICS_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

enum ct_metrics_format {
    CT_METRICS_FORMAT_TEXT,
    CT_METRICS_FORMAT_OPENMETRICS,
    CT_METRICS_FORMAT_JSON
};

struct ct_metrics_options {
    const char *from; /* NULL: what the environment says */
    const char *output;
    enum ct_metrics_format format;
    bool is_summary; /* instead of a format */
    size_t max_bytes;
    bool help;
};

void ct_metrics_options_help(void);

/* False: stderr says what is wrong. argv[0] is "metrics". */
bool ct_metrics_options_parse(struct ct_metrics_options *options, int argc, char **argv);

#endif
