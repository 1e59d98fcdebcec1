/* SPDX-License-Identifier: Apache-2.0 */
/* Text on its way to a descriptor. Failure sticks: after one write that failed nothing more is
 * written, and who prints looks at `failed` once. */
#ifndef COTEL_EXPORTERS_CONSOLE_OUTPUT_H
#define COTEL_EXPORTERS_CONSOLE_OUTPUT_H

#include <cotel/attribute.h>

#define CT_OUTPUT_BUFFER_SIZE 8192

struct ct_output {
    int fd;
    uint64_t deadline_ns; /* of CLOCK_MONOTONIC, for descriptors that do not block */
    bool failed;
    size_t used;
    char buffer[CT_OUTPUT_BUFFER_SIZE];
};

void ct_output_init(struct ct_output *output, int fd, uint64_t deadline_ns);

void ct_output_put(struct ct_output *output, const char *text, size_t size);

/* printf-like; a piece of up to 255 bytes. */
void ct_output_format(struct ct_output *output, const char *format, ...)
    __attribute__((__format__(__printf__, 2, 3)));

/* Text of any origin: control characters are shown as escapes, so that none reaches a terminal. */
void ct_output_text(struct ct_output *output, cotel_str text);

/* Hands everything to the descriptor. @return false when it, or anything before, failed. */
bool ct_output_flush(struct ct_output *output);

#endif
