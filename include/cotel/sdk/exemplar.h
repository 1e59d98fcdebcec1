/* SPDX-License-Identifier: Apache-2.0 */
/** @file exemplar.h
 *  Exemplars: single measurements, with the span they were made in, beside the numbers they became
 *  part of.
 *
 *  An attribute that a view leaves out of a stream is kept on the stream's exemplars: what must not
 *  be exported must not be recorded.
 *
 *  Implements: metrics/sdk.md "Exemplar".
 */
#ifndef COTEL_SDK_EXEMPLAR_H
#define COTEL_SDK_EXEMPLAR_H

#include <cotel/context.h>
#include <cotel/metrics.h>
#include <cotel/visibility.h>

COTEL_BEGIN_DECLS

/** Which measurements may become exemplars. */
typedef enum cotel_exemplar_filter {
    COTEL_EXEMPLAR_FILTER_TRACE_BASED = 0, /**< those made in a sampled span */
    COTEL_EXEMPLAR_FILTER_ALWAYS_ON = 1,
    COTEL_EXEMPLAR_FILTER_ALWAYS_OFF = 2 /**< costs nothing */
} cotel_exemplar_filter;

/** A measurement that is offered. Borrowed for the time of the call. */
typedef struct cotel_measurement {
    bool is_double;
    int64_t integer; /**< of an integer */
    double floating; /**< of a double; of an integer the same value */
    uint64_t time_unix_ns;
    const cotel_attribute *attributes; /**< all that were recorded, also those that a view drops */
    size_t attribute_count;
    const cotel_context *context; /**< NULL: the empty one */
} cotel_measurement;

/** Chooses. One for each series; implementers put this struct first into their own. */
typedef struct cotel_exemplar_reservoir {
    const struct cotel_exemplar_reservoir_ops *ops;
} cotel_exemplar_reservoir;

/** What a reservoir does. No two calls for one reservoir at a time; from any thread; with a lock
 *  held that recorders of the same series spin on, so none may block or call cotel. */
typedef struct cotel_exemplar_reservoir_ops {
    size_t size; /**< sizeof of this struct */
    /** In which of its places it wants the measurement; below 0: in none. What was there is
     *  replaced. The SDK keeps the places: value, time, span, attributes. */
    int (*offer)(cotel_exemplar_reservoir *self, const cotel_measurement *measurement);
    /** The exemplars were collected, and the places are empty again. May be NULL. */
    void (*collected)(cotel_exemplar_reservoir *self);
    /** Frees it. */
    void (*destroy)(cotel_exemplar_reservoir *self);
} cotel_exemplar_reservoir_ops;

/** The most places of a reservoir. */
#define COTEL_EXEMPLAR_MAX_PLACES 256

/** Makes reservoirs for the series of a stream. Must live as long as the provider. */
typedef struct cotel_exemplar_reservoir_factory {
    size_t size; /**< sizeof of this struct */
    /** A reservoir, and in *places how many places it uses: 1 to COTEL_EXEMPLAR_MAX_PLACES. NULL:
     *  the series has no exemplars, and is not asked for again. Any thread, several at a time; one
     *  that another thread was faster with is destroyed unused. */
    cotel_exemplar_reservoir *(*create)(void *user, size_t *places);
    void *user;
} cotel_exemplar_reservoir_factory;

/** A reservoir that keeps a uniform sample of `places` measurements (SimpleFixedSize). NULL when
 * memory is out or there are none or too many. Since 0.1. */
COTEL_API cotel_exemplar_reservoir *cotel_exemplar_reservoir_simple(size_t places);

/** A reservoir that keeps the last measurement of each bucket of a histogram with these boundaries,
 * which are copied (AlignedHistogramBucket). Has count + 1 places; NULL as above. Since 0.1. */
COTEL_API cotel_exemplar_reservoir *cotel_exemplar_reservoir_aligned(const double *boundaries,
                                                                     size_t count);

COTEL_END_DECLS

#endif
