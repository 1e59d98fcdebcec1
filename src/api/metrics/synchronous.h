/* SPDX-License-Identifier: Apache-2.0 */
/* The instruments that are recorded: each is a public type of its own, with the same functions. The
 * list is here once, and each file that defines functions for them goes through it. */
#ifndef COTEL_SRC_API_METRICS_SYNCHRONOUS_H
#define COTEL_SRC_API_METRICS_SYNCHRONOUS_H

#include "api/metrics/bound.h"
#include "api/metrics/instrument.h"

/* X(name, what recording is called, kind, type of number, its word in the seam, whether double) */
#define CT_SYNCHRONOUS_INSTRUMENTS(X)                                                      \
    X(counter, add, COTEL_INSTRUMENT_COUNTER, int64_t, int, false)                         \
    X(double_counter, add, COTEL_INSTRUMENT_COUNTER, double, double, true)                 \
    X(up_down_counter, add, COTEL_INSTRUMENT_UP_DOWN_COUNTER, int64_t, int, false)         \
    X(double_up_down_counter, add, COTEL_INSTRUMENT_UP_DOWN_COUNTER, double, double, true) \
    X(histogram, record, COTEL_INSTRUMENT_HISTOGRAM, int64_t, int, false)                  \
    X(double_histogram, record, COTEL_INSTRUMENT_HISTOGRAM, double, double, true)          \
    X(gauge, record, COTEL_INSTRUMENT_GAUGE, int64_t, int, false)                          \
    X(double_gauge, record, COTEL_INSTRUMENT_GAUGE, double, double, true)

#define CT_SYNCHRONOUS_TYPES(name, verb, kind, number, word, is_double) \
    struct cotel_##name {                                               \
        struct ct_instrument instrument;                                \
    };                                                                  \
    struct cotel_bound_##name {                                         \
        struct ct_bound bound;                                          \
    };
CT_SYNCHRONOUS_INSTRUMENTS(CT_SYNCHRONOUS_TYPES)

#endif
