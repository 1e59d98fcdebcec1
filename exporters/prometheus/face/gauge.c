/* SPDX-License-Identifier: Apache-2.0 */
/* Gauges: a number each, which the SDK observes.
 *
 * Client libraries' gauges can be set and be added to. An up-down counter can't be set; and a gauge
 * that is recorded, after adding to a number beside it, would keep the older of two sums when two
 * threads come between each other. Observed, it is the number itself that a collection sees. */
#include "metric.h"

#include <time.h>

#define SECONDS_PER_NS 1e-9

struct cotel_prom_gauge_vec {
    struct ct_face_metric metric;
    cotel_observable *instrument;
    cotel_callback *callback;
};

struct cotel_prom_gauge {
    struct ct_face_child child;
    _Atomic double value;
};

static bool open_metric(struct ct_face_metric *metric, const void *settings)
{
    (void)settings;
    cotel_instrument_options options = COTEL_INSTRUMENT_OPTIONS_INIT;
    options.description = metric->help;
    ((struct cotel_prom_gauge_vec *)metric)->instrument = cotel_observable_double_gauge_get(
        ct_face_registry_meter(metric->registry), metric->name, &options, NULL, NULL);
    return true;
}

static void observe(cotel_observer *observer, void *user)
{
    struct cotel_prom_gauge_vec *vec = user;
    struct ct_face_walk walk = {0, NULL, false};
    for (;;) {
        struct ct_face_child *child = ct_face_next_child(&vec->metric, &walk);
        if (!child)
            return;
        /* Relaxed: a number says nothing of other memory. */
        double value =
            atomic_load_explicit(&((struct cotel_prom_gauge *)child)->value, memory_order_relaxed);
        cotel_observe_double(observer, vec->instrument, value, child->attributes,
                             child->attribute_count);
    }
}

static void opened(struct ct_face_metric *metric)
{
    struct cotel_prom_gauge_vec *vec = (struct cotel_prom_gauge_vec *)metric;
    vec->callback = cotel_observable_add_callback(&vec->instrument, 1, observe, vec);
    if (!vec->callback)
        ct_face_tell(metric->registry, CT_FACE_OUT_OF_MEMORY, metric->name);
}

static void stop(struct ct_face_metric *metric)
{
    struct cotel_prom_gauge_vec *vec = (struct cotel_prom_gauge_vec *)metric;
    cotel_callback_remove(vec->callback);
    vec->callback = NULL;
}

static void close_metric(struct ct_face_metric *metric)
{
    (void)metric; /* instruments are for ever */
}

static bool open_child(struct ct_face_child *child)
{
    atomic_init(&((struct cotel_prom_gauge *)child)->value, 0);
    return true;
}

static void close_child(struct ct_face_child *child)
{
    (void)child;
}

static const struct ct_face_kind kind = {
    .metric_size = sizeof(struct cotel_prom_gauge_vec),
    .child_size = sizeof(struct cotel_prom_gauge),
    .open = open_metric,
    .opened = opened,
    .stop = stop,
    .close = close_metric,
    .open_child = open_child,
    .close_child = close_child,
};

cotel_prom_gauge_vec *cotel_prom_gauge_vec_get(cotel_prom_registry *registry, const char *name,
                                               const char *help, const char *const *labels,
                                               size_t count)
{
    const struct ct_face_request request = {name, help, labels, count, NULL};
    return (cotel_prom_gauge_vec *)ct_face_metric_get(registry, &kind, &request);
}

cotel_prom_gauge *cotel_prom_gauge_with(cotel_prom_gauge_vec *vec, const char *const *values,
                                        size_t count)
{
    return (cotel_prom_gauge *)ct_face_child_with((struct ct_face_metric *)vec, values, count);
}

cotel_prom_gauge *cotel_prom_gauge_get(cotel_prom_registry *registry, const char *name,
                                       const char *help)
{
    return cotel_prom_gauge_with(cotel_prom_gauge_vec_get(registry, name, help, NULL, 0), NULL, 0);
}

void cotel_prom_gauge_set(cotel_prom_gauge *gauge, double value)
{
    if (gauge)
        atomic_store_explicit(&gauge->value, value, memory_order_relaxed);
}

void cotel_prom_gauge_add(cotel_prom_gauge *gauge, double value)
{
    if (!gauge)
        return;
    double seen = atomic_load_explicit(&gauge->value, memory_order_relaxed);
    while (!atomic_compare_exchange_weak_explicit(&gauge->value, &seen, seen + value,
                                                  memory_order_relaxed, memory_order_relaxed))
        continue;
}

void cotel_prom_gauge_sub(cotel_prom_gauge *gauge, double value)
{
    cotel_prom_gauge_add(gauge, -value);
}

void cotel_prom_gauge_inc(cotel_prom_gauge *gauge)
{
    cotel_prom_gauge_add(gauge, 1);
}

void cotel_prom_gauge_dec(cotel_prom_gauge *gauge)
{
    cotel_prom_gauge_add(gauge, -1);
}

void cotel_prom_gauge_set_to_current_time(cotel_prom_gauge *gauge)
{
    struct timespec now = {0, 0};
    (void)clock_gettime(CLOCK_REALTIME, &now);
    cotel_prom_gauge_set(gauge, (double)now.tv_sec + (double)now.tv_nsec * SECONDS_PER_NS);
}
