/* SPDX-License-Identifier: Apache-2.0 */
/* What a reader is to do: defaults, checks, and a copy that is the reader's own. */
#include "sdk/metrics/reader/options.h"

#include "base/sized.h"
#include "sdk/metrics/view/aggregation_rules.h"

#include <stdlib.h>
#include <string.h>

void cotel_metric_reader_options_init(cotel_metric_reader_options *options)
{
    if (options != NULL)
        *options = (cotel_metric_reader_options)COTEL_METRIC_READER_OPTIONS_INIT;
}

void cotel_periodic_reader_options_init(cotel_periodic_reader_options *options)
{
    if (options != NULL)
        *options = (cotel_periodic_reader_options)COTEL_PERIODIC_READER_OPTIONS_INIT;
}

/* By kind: whether a preference makes it delta. */
static const bool is_delta[][COTEL_INSTRUMENT_KINDS] = {
    [COTEL_TEMPORALITY_PREFER_CUMULATIVE] = {false},
    [COTEL_TEMPORALITY_PREFER_DELTA] = {[COTEL_INSTRUMENT_COUNTER] = true,
                                        [COTEL_INSTRUMENT_OBSERVABLE_COUNTER] = true,
                                        [COTEL_INSTRUMENT_HISTOGRAM] = true},
    [COTEL_TEMPORALITY_PREFER_LOW_MEMORY] =
        {[COTEL_INSTRUMENT_COUNTER] = true, [COTEL_INSTRUMENT_HISTOGRAM] = true},
};

void cotel_metric_reader_prefer(cotel_metric_reader_options *options,
                                cotel_temporality_preference preference)
{
    if (options == NULL || !CT_REACHES(options, temporality) ||
        (unsigned)preference > COTEL_TEMPORALITY_PREFER_LOW_MEMORY)
        return;
    for (size_t kind = 0; kind < COTEL_INSTRUMENT_KINDS; kind++)
        options->temporality[kind] =
            is_delta[preference][kind] ? COTEL_TEMPORALITY_DELTA : COTEL_TEMPORALITY_CUMULATIVE;
}

/* ---- checks ---- */

static bool is_kind_valid(const cotel_metric_reader_options *options, size_t kind)
{
    const cotel_aggregation *aggregation = options->aggregation[kind];
    if (options->temporality[kind] != COTEL_TEMPORALITY_DELTA &&
        options->temporality[kind] != COTEL_TEMPORALITY_CUMULATIVE)
        return false;
    if (options->cardinality_limit[kind] > COTEL_MAX_CARDINALITY_LIMIT)
        return false;
    return aggregation == NULL ||
           (ct_aggregation_fault(aggregation) == NULL &&
            ct_aggregation_suits(aggregation->type, (cotel_instrument_kind)kind));
}

/* Each of them can produce, and none is there twice: it is destroyed once. */
static bool are_usable(cotel_metric_producer *const *producers, size_t count)
{
    if (count > COTEL_READER_MAX_PRODUCERS || (count > 0 && producers == NULL))
        return false;
    for (size_t i = 0; i < count; i++) {
        if (producers[i] == NULL || !CT_HAS_OP(producers[i]->ops, produce))
            return false;
        for (size_t j = 0; j < i; j++) {
            if (producers[i] == producers[j])
                return false;
        }
    }
    return true;
}

bool ct_reader_options_read(cotel_metric_reader_options *whole,
                            const cotel_metric_reader_options *given)
{
    cotel_metric_reader_options_init(whole);
    if (!ct_sized_read(whole, sizeof *whole, given))
        return false;
    for (size_t kind = 0; kind < COTEL_INSTRUMENT_KINDS; kind++) {
        if (!is_kind_valid(whole, kind))
            return false;
    }
    return are_usable(whole->producers, whole->producer_count) &&
           (whole->filter == NULL || CT_HAS_OP(whole->filter, test_metric));
}

/* ---- a copy ---- */

void ct_reader_options_fini(cotel_metric_reader_options *options)
{
    for (size_t kind = 0; kind < COTEL_INSTRUMENT_KINDS; kind++)
        free((void *)(uintptr_t)options->aggregation[kind]);
    free((void *)(uintptr_t)options->producers);
}

static bool copy_aggregations(cotel_metric_reader_options *copy,
                              const cotel_metric_reader_options *options)
{
    for (size_t kind = 0; kind < COTEL_INSTRUMENT_KINDS; kind++) {
        if (options->aggregation[kind] == NULL)
            continue;
        copy->aggregation[kind] = ct_aggregation_copy(options->aggregation[kind]);
        if (copy->aggregation[kind] == NULL)
            return false;
    }
    return true;
}

static bool copy_producers(cotel_metric_reader_options *copy,
                           const cotel_metric_reader_options *options)
{
    size_t size = options->producer_count * sizeof *options->producers;
    if (size == 0)
        return true;
    cotel_metric_producer **producers = malloc(size);
    if (producers == NULL)
        return false;
    memcpy(producers, options->producers, size);
    copy->producers = producers;
    return true;
}

bool ct_reader_options_copy(cotel_metric_reader_options *copy,
                            const cotel_metric_reader_options *options)
{
    *copy = *options;
    memset(copy->aggregation, 0, sizeof copy->aggregation);
    copy->producers = NULL;
    if (copy_aggregations(copy, options) && copy_producers(copy, options))
        return true;
    ct_reader_options_fini(copy);
    return false;
}
