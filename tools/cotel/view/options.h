/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COTEL_TOOLS_COTEL_VIEW_OPTIONS_H
#define COTEL_TOOLS_COTEL_VIEW_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

struct ct_view_options {
    uint16_t port;         /* 0: any free one */
    const char *port_file; /* where to write the port; NULL: nowhere */
    uint64_t count;        /* end after so many traces; 0: never */
    int64_t until_idle_ms; /* end when nothing has come for so long; -1: never */
    bool json;
    bool help;
};

/* Complains to stderr when it returns false. */
bool ct_view_options_parse(struct ct_view_options *options, int argc, char **argv);

void ct_view_options_help(void);

#endif
