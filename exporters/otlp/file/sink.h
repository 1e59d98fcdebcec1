/* SPDX-License-Identifier: Apache-2.0 */
/* A file that lines are appended to, by this process and perhaps by others, and that is set aside
 * when it has grown.
 *
 * Each line goes out in one call with O_APPEND: the kernel then puts it behind what is there,
 * whole. Whoever wants to set the file aside holds a lock on it, and looks again whether the path
 * still leads to it: so of several processes one does. The others notice before their next line,
 * and what they wrote meanwhile is in the file that was set aside. */
#ifndef COTEL_EXPORTERS_OTLP_FILE_SINK_H
#define COTEL_EXPORTERS_OTLP_FILE_SINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ct_file_sink {
    char *path; /* NULL: stdout */
    uint64_t max_file_bytes;
    uint32_t max_files;
    int fd;           /* -1: closed */
    bool is_torn;     /* the last line was not written whole */
    unsigned deleted; /* files, since somebody looked */
};

/* Appends `line` and a line end, by the deadline. False: errno tells why not. */
bool ct_file_sink_append(struct ct_file_sink *sink, const char *line, size_t size,
                         uint64_t deadline_ns);

void ct_file_sink_fini(struct ct_file_sink *sink);

#endif
