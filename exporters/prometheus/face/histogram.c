/* SPDX-License-Identifier: Apache-2.0 */
/* Histograms: the SDK's, of doubles, with buckets as its advice. */
#include "metric.h"

#include <cotel/sdk/view.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double default_bounds[] = {.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10};
static const cotel_prom_buckets default_buckets = {default_bounds, sizeof default_bounds /
                                                                       sizeof default_bounds[0]};

struct cotel_prom_histogram_vec {
    struct ct_face_metric metric;
    cotel_double_histogram *instrument;
    double *bounds;
    size_t bound_count;
};

struct cotel_prom_histogram {
    struct ct_face_child child;
    cotel_bound_double_histogram *bound;
};

/* What counts of the buckets: without +Inf, which there is always. */
static cotel_prom_buckets finite_ones(const cotel_prom_buckets *buckets)
{
    cotel_prom_buckets finite = buckets ? *buckets : default_buckets;
    if (finite.count > 0 && finite.bounds && finite.bounds[finite.count - 1] == HUGE_VAL)
        finite.count--;
    return finite;
}

static bool is_good(const void *settings)
{
    cotel_prom_buckets buckets = finite_ones(settings);
    if (buckets.count > COTEL_MAX_BOUNDARIES || !buckets.bounds)
        return buckets.count == 0;
    for (size_t i = 0; i < buckets.count; i++)
        if (!isfinite(buckets.bounds[i]) || (i > 0 && !(buckets.bounds[i] > buckets.bounds[i - 1])))
            return false;
    return true;
}

static bool has_settings(const struct ct_face_metric *metric, const void *settings)
{
    const struct cotel_prom_histogram_vec *vec = (const struct cotel_prom_histogram_vec *)metric;
    cotel_prom_buckets buckets = finite_ones(settings);
    if (buckets.count != vec->bound_count)
        return false;
    for (size_t i = 0; i < buckets.count; i++)
        if (buckets.bounds[i] != vec->bounds[i])
            return false;
    return true;
}

static bool open_metric(struct ct_face_metric *metric, const void *settings)
{
    struct cotel_prom_histogram_vec *vec = (struct cotel_prom_histogram_vec *)metric;
    cotel_prom_buckets buckets = finite_ones(settings);
    vec->bounds = malloc((buckets.count + 1) * sizeof *vec->bounds);
    if (!vec->bounds)
        return false;
    if (buckets.count > 0)
        memcpy(vec->bounds, buckets.bounds, buckets.count * sizeof *vec->bounds);
    vec->bound_count = buckets.count;
    cotel_instrument_options options = COTEL_INSTRUMENT_OPTIONS_INIT;
    options.description = metric->help;
    options.boundaries = vec->bounds;
    options.boundary_count = vec->bound_count;
    vec->instrument = cotel_double_histogram_get(ct_face_registry_meter(metric->registry),
                                                 metric->name, &options);
    return true;
}

static void close_metric(struct ct_face_metric *metric)
{
    free(((struct cotel_prom_histogram_vec *)metric)->bounds);
}

static bool open_child(struct ct_face_child *child)
{
    struct cotel_prom_histogram *histogram = (struct cotel_prom_histogram *)child;
    histogram->bound =
        cotel_double_histogram_bind(((struct cotel_prom_histogram_vec *)child->metric)->instrument,
                                    child->attributes, child->attribute_count);
    return histogram->bound != NULL;
}

static void close_child(struct ct_face_child *child)
{
    cotel_bound_double_histogram_unbind(((struct cotel_prom_histogram *)child)->bound);
}

static const struct ct_face_kind kind = {
    .reserved_label = "le",
    .metric_size = sizeof(struct cotel_prom_histogram_vec),
    .child_size = sizeof(struct cotel_prom_histogram),
    .is_good = is_good,
    .has_settings = has_settings,
    .open = open_metric,
    .close = close_metric,
    .open_child = open_child,
    .close_child = close_child,
};

cotel_prom_histogram_vec *cotel_prom_histogram_vec_get(cotel_prom_registry *registry,
                                                       const char *name, const char *help,
                                                       const char *const *labels, size_t count,
                                                       const cotel_prom_buckets *buckets)
{
    const struct ct_face_request request = {name, help, labels, count, buckets};
    return (cotel_prom_histogram_vec *)ct_face_metric_get(registry, &kind, &request);
}

cotel_prom_histogram *cotel_prom_histogram_with(cotel_prom_histogram_vec *vec,
                                                const char *const *values, size_t count)
{
    return (cotel_prom_histogram *)ct_face_child_with((struct ct_face_metric *)vec, values, count);
}

cotel_prom_histogram *cotel_prom_histogram_get(cotel_prom_registry *registry, const char *name,
                                               const char *help, const cotel_prom_buckets *buckets)
{
    return cotel_prom_histogram_with(
        cotel_prom_histogram_vec_get(registry, name, help, NULL, 0, buckets), NULL, 0);
}

void cotel_prom_histogram_observe(cotel_prom_histogram *histogram, double value)
{
    if (!histogram)
        return;
    if (!(value >= 0 && isfinite(value)))
        ct_face_tell(histogram->child.metric->registry, CT_FACE_BAD_NUMBER,
                     histogram->child.metric->name);
    cotel_bound_double_histogram_record(histogram->bound, value); /* which counts what it refuses */
}
