/* SPDX-License-Identifier: Apache-2.0 */
/* Counters: the SDK's, of doubles. */
#include "metric.h"

#include <math.h>
#include <string.h>

struct cotel_prom_counter_vec {
    struct ct_face_metric metric;
    cotel_double_counter *instrument;
};

struct cotel_prom_counter {
    struct ct_face_child child;
    cotel_bound_double_counter *bound;
};

static bool open_metric(struct ct_face_metric *metric, const void *settings)
{
    (void)settings;
    cotel_instrument_options options = COTEL_INSTRUMENT_OPTIONS_INIT;
    options.description = metric->help;
    ((struct cotel_prom_counter_vec *)metric)->instrument =
        cotel_double_counter_get(ct_face_registry_meter(metric->registry), metric->name, &options);
    return true;
}

static bool ends_with_total(const char *name)
{
    static const char total[] = "_total";
    size_t size = strlen(name), wanted = sizeof total - 1;
    return size >= wanted && strcmp(name + size - wanted, total) == 0;
}

static void opened(struct ct_face_metric *metric)
{
    if (!ends_with_total(metric->name))
        ct_face_tell(metric->registry, CT_FACE_NO_TOTAL, metric->name);
}

static void close_metric(struct ct_face_metric *metric)
{
    (void)metric; /* instruments are for ever */
}

/* Adding nothing makes the series be there, as client libraries have it: rate() then sees the step
 * from 0 to the first event. */
static bool open_child(struct ct_face_child *child)
{
    struct cotel_prom_counter *counter = (struct cotel_prom_counter *)child;
    counter->bound =
        cotel_double_counter_bind(((struct cotel_prom_counter_vec *)child->metric)->instrument,
                                  child->attributes, child->attribute_count);
    cotel_bound_double_counter_add(counter->bound, 0);
    return counter->bound != NULL;
}

static void close_child(struct ct_face_child *child)
{
    cotel_bound_double_counter_unbind(((struct cotel_prom_counter *)child)->bound);
}

static const struct ct_face_kind kind = {
    .metric_size = sizeof(struct cotel_prom_counter_vec),
    .child_size = sizeof(struct cotel_prom_counter),
    .open = open_metric,
    .opened = opened,
    .close = close_metric,
    .open_child = open_child,
    .close_child = close_child,
};

cotel_prom_counter_vec *cotel_prom_counter_vec_get(cotel_prom_registry *registry, const char *name,
                                                   const char *help, const char *const *labels,
                                                   size_t count)
{
    const struct ct_face_request request = {name, help, labels, count, NULL};
    return (cotel_prom_counter_vec *)ct_face_metric_get(registry, &kind, &request);
}

cotel_prom_counter *cotel_prom_counter_with(cotel_prom_counter_vec *vec, const char *const *values,
                                            size_t count)
{
    return (cotel_prom_counter *)ct_face_child_with((struct ct_face_metric *)vec, values, count);
}

cotel_prom_counter *cotel_prom_counter_get(cotel_prom_registry *registry, const char *name,
                                           const char *help)
{
    return cotel_prom_counter_with(cotel_prom_counter_vec_get(registry, name, help, NULL, 0), NULL,
                                   0);
}

void cotel_prom_counter_add(cotel_prom_counter *counter, double value)
{
    if (!counter)
        return;
    if (!(value >= 0 && isfinite(value)))
        ct_face_tell(counter->child.metric->registry, CT_FACE_BAD_NUMBER,
                     counter->child.metric->name);
    cotel_bound_double_counter_add(counter->bound, value); /* which counts what it refuses */
}

void cotel_prom_counter_inc(cotel_prom_counter *counter)
{
    if (counter)
        cotel_bound_double_counter_add(counter->bound, 1);
}
