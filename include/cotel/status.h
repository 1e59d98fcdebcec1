/* SPDX-License-Identifier: Apache-2.0 */
/** @file status.h
 *  What a call that can fail returns.
 *
 *  Calls on the hot path (spans, context, propagation) return no status: they do what they can
 *  and count what they could not. Constructors and the three calls that wait (init, flush,
 *  shutdown) return one of these.
 */
#ifndef COTEL_STATUS_H
#define COTEL_STATUS_H

#include <cotel/visibility.h>

/** Every status: X(NAME, value, text). The enum, the names and the texts all come from here. */
#define COTEL_STATUS_MAP(X)                                                            \
    X(OK, 0, "success")                                                                \
    X(INVALID_ARGUMENT, 1, "an argument is missing, malformed or out of range")        \
    X(OUT_OF_MEMORY, 2, "memory could not be had")                                     \
    X(TIMEOUT, 3, "the deadline passed first")                                         \
    X(SHUT_DOWN, 4, "the object has been shut down")                                   \
    X(WOULD_DEADLOCK, 5, "called from a callback that the call itself would wait for") \
    X(NOT_SUPPORTED, 6, "not supported by this build or by this object")               \
    X(LIMIT_REACHED, 7, "a documented limit is reached")                               \
    X(DATA_LOST, 8, "records that it concerns were dropped; see the counts")           \
    X(EXPORT_FAILED, 9, "the peer did not take the data")                              \
    X(SYSTEM_ERROR, 10, "the operating system refused; errno tells")                   \
    X(NOT_FOUND, 11, "there is no such thing")

/** @see COTEL_STATUS_MAP for what each means. */
typedef enum cotel_status {
#define COTEL_STATUS_ENUM(name, value, text) COTEL_STATUS_##name = value,
    COTEL_STATUS_MAP(COTEL_STATUS_ENUM)
#undef COTEL_STATUS_ENUM
} cotel_status;

COTEL_BEGIN_DECLS

/** The name of a status, such as "TIMEOUT"; "UNKNOWN" for a number that is none.
 *  Static. Any thread; never blocks. Since 0.1. */
COTEL_API const char *cotel_status_name(cotel_status status);

/** A sentence on a status in lower case, such as "the deadline passed first".
 *  Static. Any thread; never blocks. Since 0.1. */
COTEL_API const char *cotel_status_text(cotel_status status);

COTEL_END_DECLS

#endif
