/* SPDX-License-Identifier: Apache-2.0 */
#include "sdk/metrics/view/aggregation_rules.h"

#include <math.h>
#include <stdlib.h>

#include "base/sized.h"

static const double default_boundaries[] = {0,   5,   10,   25,   50,   75,   100,  250,
                                            500, 750, 1000, 2500, 5000, 7500, 10000};

bool ct_boundaries_are_valid(const double *boundaries, size_t count)
{
    if (count > COTEL_MAX_BOUNDARIES || (count > 0 && !boundaries))
        return false;
    for (size_t i = 0; i < count; i++) {
        if (!isfinite(boundaries[i]) || (i > 0 && boundaries[i] <= boundaries[i - 1]))
            return false;
    }
    return true;
}

static const char *exponential_fault(const cotel_aggregation *aggregation)
{
    if (aggregation->max_buckets < CT_MIN_MAX_BUCKETS ||
        aggregation->max_buckets > CT_MAX_MAX_BUCKETS)
        return "has not 2 to 16384 buckets";
    if (aggregation->max_scale < CT_MIN_MAX_SCALE || aggregation->max_scale > CT_MAX_MAX_SCALE)
        return "has no scale from -10 to 20";
    return NULL;
}

const char *ct_aggregation_fault(const cotel_aggregation *aggregation)
{
    cotel_aggregation whole = COTEL_AGGREGATION_INIT;
    if (!ct_sized_read(&whole, sizeof whole, aggregation))
        return "has no size set";
    switch (whole.type) {
    case COTEL_AGGREGATION_DEFAULT:
    case COTEL_AGGREGATION_DROP:
    case COTEL_AGGREGATION_SUM:
    case COTEL_AGGREGATION_LAST_VALUE:
        return NULL;
    case COTEL_AGGREGATION_EXPLICIT_BUCKET_HISTOGRAM:
        return ct_boundaries_are_valid(whole.boundaries, whole.boundary_count)
                   ? NULL
                   : "has boundaries that do not ascend, are not finite or too many";
    case COTEL_AGGREGATION_EXPONENTIAL_HISTOGRAM:
        return exponential_fault(&whole);
    }
    return "is of no type that there is";
}

static bool is_gauge(cotel_instrument_kind kind)
{
    return kind == COTEL_INSTRUMENT_GAUGE || kind == COTEL_INSTRUMENT_OBSERVABLE_GAUGE;
}

static bool is_observable(cotel_instrument_kind kind)
{
    return kind >= COTEL_INSTRUMENT_OBSERVABLE_COUNTER;
}

bool ct_aggregation_suits(cotel_aggregation_type type, cotel_instrument_kind kind)
{
    switch (type) {
    case COTEL_AGGREGATION_LAST_VALUE:
        return is_gauge(kind);
    case COTEL_AGGREGATION_EXPLICIT_BUCKET_HISTOGRAM:
    case COTEL_AGGREGATION_EXPONENTIAL_HISTOGRAM:
        return !is_observable(kind);
    default:
        return true;
    }
}

cotel_aggregation *ct_aggregation_copy(const cotel_aggregation *aggregation)
{
    cotel_aggregation whole = COTEL_AGGREGATION_INIT;
    (void)ct_sized_read(&whole, sizeof whole, aggregation);
    if (whole.type != COTEL_AGGREGATION_EXPLICIT_BUCKET_HISTOGRAM || !whole.boundaries) {
        whole.boundaries = NULL;
        whole.boundary_count = 0;
    }
    struct {
        cotel_aggregation aggregation;
        double boundaries[];
    } *copy = malloc(sizeof *copy + whole.boundary_count * sizeof(double));
    if (!copy)
        return NULL;
    for (size_t i = 0; i < whole.boundary_count; i++)
        copy->boundaries[i] = whole.boundaries[i];
    whole.size = sizeof whole;
    if (whole.boundaries)
        whole.boundaries = copy->boundaries;
    copy->aggregation = whole;
    return &copy->aggregation;
}

static struct ct_resolved_aggregation with_defaults(cotel_aggregation_type type)
{
    const cotel_aggregation defaults = COTEL_AGGREGATION_INIT;
    return (struct ct_resolved_aggregation){
        .type = type,
        .boundaries = default_boundaries,
        .boundary_count = sizeof default_boundaries / sizeof default_boundaries[0],
        .record_min_max = defaults.record_min_max,
        .max_buckets = defaults.max_buckets,
        .max_scale = defaults.max_scale,
    };
}

void ct_aggregation_advise(struct ct_resolved_aggregation *aggregation,
                           const struct ct_instrument_info *info)
{
    if (!info->boundaries || !ct_boundaries_are_valid(info->boundaries, info->boundary_count))
        return;
    aggregation->boundaries = info->boundaries;
    aggregation->boundary_count = info->boundary_count;
}

static cotel_aggregation_type type_by_kind(cotel_instrument_kind kind)
{
    if (kind == COTEL_INSTRUMENT_HISTOGRAM)
        return COTEL_AGGREGATION_EXPLICIT_BUCKET_HISTOGRAM;
    return is_gauge(kind) ? COTEL_AGGREGATION_LAST_VALUE : COTEL_AGGREGATION_SUM;
}

struct ct_resolved_aggregation ct_aggregation_by_kind(const struct ct_instrument_info *info)
{
    struct ct_resolved_aggregation aggregation = with_defaults(type_by_kind(info->kind));
    ct_aggregation_advise(&aggregation, info);
    return aggregation;
}

struct ct_resolved_aggregation ct_aggregation_resolve(const cotel_aggregation *aggregation,
                                                      const struct ct_instrument_info *info)
{
    cotel_aggregation whole = COTEL_AGGREGATION_INIT;
    (void)ct_sized_read(&whole, sizeof whole, aggregation);
    if (whole.type == COTEL_AGGREGATION_DEFAULT)
        return ct_aggregation_by_kind(info);
    struct ct_resolved_aggregation resolved = with_defaults(whole.type);
    resolved.record_min_max = whole.record_min_max;
    resolved.max_buckets = whole.max_buckets;
    resolved.max_scale = whole.max_scale;
    if (whole.boundaries && whole.type == COTEL_AGGREGATION_EXPLICIT_BUCKET_HISTOGRAM) {
        resolved.boundaries = whole.boundaries;
        resolved.boundary_count = whole.boundary_count;
    }
    return resolved;
}
