/* SPDX-License-Identifier: Apache-2.0 */
/* Spans of many processes, told by each as one atomic write to a pipe that they all share. */
#ifndef COTEL_TESTS_INTEGRATION_TRACE_PIPE_EXPORTER_H
#define COTEL_TESTS_INTEGRATION_TRACE_PIPE_EXPORTER_H

#include <cotel/sdk/exporter.h>

#include <sys/types.h>

#define TOLD_NAME_SIZE 16
#define TOLD_INSTANCE_SIZE 36 /* a UUID */

struct told_span {
    pid_t pid;
    cotel_trace_id trace_id;
    cotel_span_id span_id;
    char name[TOLD_NAME_SIZE];
    char instance[TOLD_INSTANCE_SIZE];
};

struct pipe_exporter {
    cotel_exporter base;
    int fds[2];
};

/* Opens the pipe; ends the program when that fails. The exporter itself is the caller's memory. */
void pipe_exporter_open(struct pipe_exporter *exporter);

/* Reads all that comes, until every process has closed the writing end; at most `capacity`. */
size_t pipe_exporter_read(struct pipe_exporter *exporter, struct told_span *spans, size_t capacity);

/* Closes this process's writing end. */
void pipe_exporter_close(struct pipe_exporter *exporter);

#endif
