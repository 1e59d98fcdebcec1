/* SPDX-License-Identifier: Apache-2.0 */
/* Where the result goes: stdout, or a file that appears whole. */
#ifndef COTEL_TOOLS_COTEL_METRICS_OUTPUT_H
#define COTEL_TOOLS_COTEL_METRICS_OUTPUT_H

#include <stdbool.h>
#include <stdio.h>

struct ct_output {
    FILE *stream;
    const char *path; /* NULL: stdout */
    char *other_name; /* what it is written under */
};

/* False: errno tells. */
bool ct_output_open(struct ct_output *output, const char *path);

/* Puts the file in its place, or, when it is not `whole`, leaves what was there. False: errno
 * tells. */
bool ct_output_close(struct ct_output *output, bool whole);

#endif
