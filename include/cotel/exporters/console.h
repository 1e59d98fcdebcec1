/* SPDX-License-Identifier: Apache-2.0 */
/** @file console.h
 *  Spans and metrics as text, for trying things out. Not for machines to read: the format may
 * change.
 */
#ifndef COTEL_EXPORTERS_CONSOLE_H
#define COTEL_EXPORTERS_CONSOLE_H

#include <cotel/sdk/exporter.h>
#include <cotel/status.h>
#include <cotel/visibility.h>

COTEL_BEGIN_DECLS

typedef struct cotel_console_options {
    size_t size; /**< sizeof of this struct */
    int fd;      /**< where to write; default 1 (stdout). Not closed */
} cotel_console_options;

/** Every default of cotel_console_options. */
#define COTEL_CONSOLE_OPTIONS_INIT       \
    {                                    \
        sizeof(cotel_console_options), 1 \
    }

/** Writes every default. Since 0.1. */
COTEL_API void cotel_console_options_init(cotel_console_options *options);

/** An exporter that writes each span, or each metric with its points, to a descriptor, from a
 *  thread of its own (a terminal may block).
 *  @param options NULL: all defaults.
 *  @return OK, INVALID_ARGUMENT, OUT_OF_MEMORY, SYSTEM_ERROR. Never blocks. Since 0.1. */
COTEL_API cotel_status cotel_console_exporter_create(const cotel_console_options *options,
                                                     cotel_exporter **out) COTEL_MUST_CHECK;

COTEL_END_DECLS

#endif
