/* SPDX-License-Identifier: Apache-2.0 */
/** @file diagnostics.h
 *  What cotel has to say about itself: misconfiguration, refused data, trouble with a peer.
 *
 *  The library prints nothing. It calls one function of yours, seldom: a kind of trouble that
 *  repeats is told once and then at most once in ten seconds, with the number of times.
 *
 *  Implements: error-handling.md of the specification.
 */
#ifndef COTEL_SDK_DIAGNOSTICS_H
#define COTEL_SDK_DIAGNOSTICS_H

#include <cotel/visibility.h>

COTEL_BEGIN_DECLS

typedef enum cotel_log_level {
    COTEL_LOG_ERROR = 1,   /**< data was or will be lost */
    COTEL_LOG_WARNING = 2, /**< something is not as it was asked for */
    COTEL_LOG_INFO = 3,    /**< a change worth knowing */
    COTEL_LOG_DEBUG = 4    /**< each step of exports and connections */
} cotel_log_level;

/** Receives one message. `component` names who speaks, such as "otlp_http_span_exporter";
 *  `message` is a line without a line end. Both are borrowed for the call. Called from any thread,
 *  several at a time, never with a lock of cotel's held; must not block. It may call cotel; what
 *  that call has to say is then not told. */
typedef void (*cotel_diagnostics_fn)(void *user, cotel_log_level level, const char *component,
                                     const char *message);

/** Sets the function for the process and the least severe level that it gets; NULL for silence,
 *  which is the default. `user` must live as long as the function is set; a call that is under way
 *  on another thread may still end after this returns. Any thread; never blocks. Since 0.1. */
COTEL_API void cotel_diagnostics_set(cotel_diagnostics_fn function, void *user,
                                     cotel_log_level level);

/** Changes the level alone, as OTEL_LOG_LEVEL does; one below COTEL_LOG_ERROR lets nothing through.
 *  Any thread; never blocks. Since 0.1. */
COTEL_API void cotel_diagnostics_set_level(cotel_log_level level);

/** Ready-made function: a line to the FILE in `user` (NULL: stderr). Since 0.1. */
COTEL_API void cotel_diagnostics_to_file(void *user, cotel_log_level level, const char *component,
                                         const char *message);

/** Says something, for writers of plug-ins; printf-like, cut at 511 bytes. Not limited in rate.
 *  Any thread; blocks as long as the function that was set does. Since 0.1. */
COTEL_API void cotel_diagnostics_report(cotel_log_level level, const char *component,
                                        const char *format, ...)
#if defined(__GNUC__)
    __attribute__((__format__(__printf__, 3, 4)))
#endif
    ;

/** State of one kind of trouble, for cotel_diagnostics_limited(). Zero-initialise it. */
typedef struct cotel_diagnostics_limit {
    uint64_t next_ns;
    uint64_t suppressed;
} cotel_diagnostics_limit;

/** The same at most once in ten seconds for each `limit`; the message then ends with how many
 *  were left out. Any thread, several at a time. Since 0.1. */
COTEL_API void cotel_diagnostics_limited(cotel_diagnostics_limit *limit, cotel_log_level level,
                                         const char *component, const char *format, ...)
#if defined(__GNUC__)
    __attribute__((__format__(__printf__, 4, 5)))
#endif
    ;

COTEL_END_DECLS

#endif
