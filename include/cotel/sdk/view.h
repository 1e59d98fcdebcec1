/* SPDX-License-Identifier: Apache-2.0 */
/** @file view.h
 *  What is made of the measurements of instruments: which, under which name, with which attributes,
 *  put together how.
 *
 *  Implements: metrics/sdk.md "View", "Aggregation", "Cardinality limits".
 */
#ifndef COTEL_SDK_VIEW_H
#define COTEL_SDK_VIEW_H

#include <cotel/metrics.h>
#include <cotel/sdk/exemplar.h>
#include <cotel/visibility.h>

COTEL_BEGIN_DECLS

/* ---- aggregations ------------------------------------------------------------------------- */

/** How measurements become a point. */
typedef enum cotel_aggregation_type {
    COTEL_AGGREGATION_DEFAULT = 0,    /**< by the kind, whatever the reader says: counters sum,
                                           gauges last value, histograms buckets, with the
                                           instrument's advice */
    COTEL_AGGREGATION_DROP = 1,       /**< nothing is kept */
    COTEL_AGGREGATION_SUM = 2,        /**< of any kind */
    COTEL_AGGREGATION_LAST_VALUE = 3, /**< of gauges, recorded and observed */
    COTEL_AGGREGATION_EXPLICIT_BUCKET_HISTOGRAM = 4, /**< of all but observables */
    COTEL_AGGREGATION_EXPONENTIAL_HISTOGRAM = 5      /**< of all but observables */
} cotel_aggregation_type;

typedef struct cotel_aggregation {
    size_t size; /**< sizeof of this struct */
    cotel_aggregation_type type;
    /** Of EXPLICIT_BUCKET_HISTOGRAM: finite, ascending; a value that equals one is below it. NULL:
     *  0, 5, 10, 25, 50, 75, 100, 250, 500, 750, 1000, 2500, 5000, 7500, 10000. Not NULL with a
     *  count of 0: one bucket. An instrument's advice counts before a reader's and never before a
     *  view's, also one that leaves them NULL. */
    const double *boundaries;
    size_t boundary_count; /**< at most COTEL_MAX_BOUNDARIES */
    bool record_min_max;   /**< of both histograms; default true */
    uint32_t max_buckets;  /**< of EXPONENTIAL_HISTOGRAM, for each sign; 2 to 16384; default 160 */
    int32_t max_scale;     /**< of EXPONENTIAL_HISTOGRAM; -10 to 20; default 20 */
} cotel_aggregation;

/** The most boundaries of a histogram. */
#define COTEL_MAX_BOUNDARIES 1024

/** Every default of cotel_aggregation. */
#define COTEL_AGGREGATION_INIT                                                       \
    {                                                                                \
        sizeof(cotel_aggregation), COTEL_AGGREGATION_DEFAULT, NULL, 0, true, 160, 20 \
    }

/** Writes every default. Since 0.1. */
COTEL_API void cotel_aggregation_init(cotel_aggregation *aggregation);

/* ---- views -------------------------------------------------------------------------------- */

/** The cardinality limit of a stream for which nobody says another one. */
#define COTEL_DEFAULT_CARDINALITY_LIMIT 2000

/** The most views of one provider. */
#define COTEL_MAX_VIEWS 256

/** The largest cardinality limit. */
#define COTEL_MAX_CARDINALITY_LIMIT 1000000

/** The most attribute keys that a view keeps, and the most that it leaves out. */
#define COTEL_VIEW_MAX_ATTRIBUTE_KEYS 4096

/** A view: instruments that match all of its criteria give a stream of its making; those that match
 *  no view give one as the reader has it. All but the reservoir's factory is copied; NULL is "any"
 *  in a criterion and "as the instrument has it" in the rest.
 *
 *  A view that can't be is told to diagnostics and left out: one without criteria; with a name that
 *  several instruments could get; with an aggregation that is not valid; with a value out of range.
 *  So is one whose aggregation a kind can't have, for instruments of that kind. */
typedef struct cotel_view {
    size_t size; /**< sizeof of this struct */
    /* Criteria. At least one is needed. */
    const char *instrument_name; /**< with * for any text and ? for one character; upper and lower
                                      case are the same */
    int instrument_kind;         /**< a cotel_instrument_kind; -1: any; default -1 */
    const char *instrument_unit;
    const char *meter_name;
    const char *meter_version;
    const char *meter_schema_url;
    /* The stream. */
    const char *name; /**< any text but an empty one; only with an instrument_name without
                           wildcards */
    const char *description;
    /** Only these are kept; not NULL with a count of 0: none. NULL, and nothing excluded: those
     * that the instrument advises, or all. An attribute that is left out may still show in
     * exemplars: see cotel_exemplar_filter and `exemplar_reservoir`. */
    const char *const *attribute_keys;
    size_t attribute_key_count;
    const char *const *excluded_attribute_keys; /**< these are left out, also if both lists have
                                                     them; not NULL with a count of 0: all stay */
    size_t excluded_attribute_key_count;
    const cotel_aggregation *aggregation;                       /**< NULL: as the reader says */
    const cotel_exemplar_reservoir_factory *exemplar_reservoir; /**< NULL: the aggregation's own */
    uint32_t cardinality_limit; /**< 0: as the reader says, or COTEL_DEFAULT_CARDINALITY_LIMIT; at
                                     most COTEL_MAX_CARDINALITY_LIMIT */
} cotel_view;

/** Every default of cotel_view. */
#define COTEL_VIEW_INIT                                                                           \
    {                                                                                             \
        sizeof(cotel_view), NULL, -1, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0, NULL, 0, NULL, \
            NULL, 0                                                                               \
    }

/** Writes every default. Since 0.1. */
COTEL_API void cotel_view_init(cotel_view *view);

/** What several views that match one instrument do. */
typedef enum cotel_view_matching_mode {
    COTEL_VIEWS_INDEPENDENT = 0, /**< each gives a stream of its own */
    /** Those that give the same name, and those that give none, make one stream together: of each
     *  aspect the last view that has one counts, and an attribute must pass all of them.
     *  [Development in the specification] */
    COTEL_VIEWS_COMPOSABLE = 1
} cotel_view_matching_mode;

COTEL_END_DECLS

#endif
