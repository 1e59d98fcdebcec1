/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COTEL_TOOLS_COTEL_VIEW_OPTIONS_H
#define COTEL_TOOLS_COTEL_VIEW_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ct_view_options {
    uint16_t port;         /* 0: any free one */
    const char *port_file; /* where to write the port; NULL: nowhere */
    bool no_grpc;
    bool is_grpc_wanted; /* it was asked for by an option: without it there is no start */
    bool is_grpc_port_given;
    uint16_t grpc_port; /* 0: any free one */
    const char *grpc_port_file;
    size_t grpc_max_bytes;    /* of a message */
    const char *forward_url;  /* where to send on what comes; NULL: nowhere */
    size_t forward_max_bytes; /* that wait for it; 0: not given */
    uint64_t count;           /* end after so many traces; 0: never */
    int64_t until_idle_ms;    /* end when nothing has come for so long; -1: never */
    bool json;
    bool metrics; /* show them, at the end */
    bool help;
};

/* Complains to stderr when it returns false. */
bool ct_view_options_parse(struct ct_view_options *options, int argc, char **argv);

void ct_view_options_help(void);

#endif
