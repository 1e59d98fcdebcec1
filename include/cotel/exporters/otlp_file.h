/* SPDX-License-Identifier: Apache-2.0 */
/** @file otlp_file.h
 *  OTLP to a file, or to stdout: a line of JSON for each batch of spans or metrics, for a
 *  collector to pick up later (libcotel-otlp-file).
 *
 *  Implements: protocol/file-exporter.md (Development).
 */
#ifndef COTEL_EXPORTERS_OTLP_FILE_H
#define COTEL_EXPORTERS_OTLP_FILE_H

#include <cotel/sdk/exporter.h>
#include <cotel/status.h>
#include <cotel/visibility.h>

COTEL_BEGIN_DECLS

typedef struct cotel_otlp_file_options {
    size_t size;             /**< sizeof of this struct */
    const char *path;        /**< of the file, such as "traces.jsonl"; NULL: stdout. Copied */
    uint64_t max_file_bytes; /**< before a line would make the file larger, it is set aside under
                                  another name; default 128 MiB; 0: never */
    uint32_t max_files;      /**< so many files that were set aside are kept, the oldest ones are
                                  deleted; default 10; 0: all are kept */
    cotel_signal signal;     /**< what it is for; a file has one signal in it; default
                                  COTEL_SIGNAL_TRACES */
} cotel_otlp_file_options;

/** Every default of cotel_otlp_file_options. */
#define COTEL_OTLP_FILE_OPTIONS_INIT                                                 \
    {                                                                                \
        sizeof(cotel_otlp_file_options), NULL, 128ull << 20, 10, COTEL_SIGNAL_TRACES \
    }

/** Writes every default. Since 0.1. */
COTEL_API void cotel_otlp_file_options_init(cotel_otlp_file_options *options);

/** An exporter that appends each batch as one line of OTLP/JSON (TracesData or MetricsData), from
 *  a thread of its own (a disk may be slow). A batch of another signal than its own fails. The
 *  file is made when it is needed. "traces.jsonl" is set aside by renaming it to
 *  "traces-20261121T075901.123456789Z-4242.jsonl" (when, by which process). Several processes may
 *  write to one file on a local disk: lines are never mixed. A line that could not be written
 *  whole is ended before the next one.
 *  @param options NULL: all defaults.
 *  @return OK, INVALID_ARGUMENT (an empty path, or one without room for the longer names; a
 *          signal that there is not), OUT_OF_MEMORY, SYSTEM_ERROR. Never blocks. Since 0.1. */
COTEL_API cotel_status cotel_otlp_file_exporter_create(const cotel_otlp_file_options *options,
                                                       cotel_exporter **out) COTEL_MUST_CHECK;

COTEL_END_DECLS

#endif
