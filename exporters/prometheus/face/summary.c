/* SPDX-License-Identifier: Apache-2.0 */
/* Summaries: OpenTelemetry has no instrument that makes them, so they are kept here, and a producer
 * brings them to readers. */
#include "summary.h"

#include "producer.h"
#include "sized.h"
#include "window.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define NS_PER_MS UINT64_C(1000000)
#define NS_PER_SECOND UINT64_C(1000000000)
/* Some hundred years: the sum with any time of the clock is one. */
#define MAX_AGE_NS (UINT64_C(1) << 62)

struct cotel_prom_summary_vec {
    struct ct_face_metric metric;
    struct ct_window_settings window;
    uint64_t max_age_ms;
    size_t objective_count;
    cotel_prom_objective objectives[COTEL_PROM_MAX_OBJECTIVES]; /* by quantile */
};

struct cotel_prom_summary {
    struct ct_face_child child;
    struct ct_window window;
    bool is_open;
};

/* To some milliseconds, for a fraction of what the exact time costs. */
static uint64_t now_ns(void)
{
    struct timespec now = {0, 0};
    (void)clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
    return (uint64_t)now.tv_sec * NS_PER_SECOND + (uint64_t)now.tv_nsec;
}

/* ---- settings ---- */

void cotel_prom_summary_options_init(cotel_prom_summary_options *options)
{
    static const cotel_prom_summary_options defaults = COTEL_PROM_SUMMARY_OPTIONS_INIT;
    if (options)
        memcpy(options, &defaults, sizeof defaults); /* with the padding, so that it compares */
}

static bool is_good_objective(const cotel_prom_objective *objectives, size_t index)
{
    const cotel_prom_objective *objective = &objectives[index];
    for (size_t i = 0; i < index; i++)
        if (objectives[i].quantile == objective->quantile)
            return false;
    return objective->quantile >= 0 && objective->quantile <= 1 &&
           objective->error >= COTEL_PROM_MIN_ERROR && objective->error <= 1;
}

static bool is_good(const void *settings)
{
    cotel_prom_summary_options options = COTEL_PROM_SUMMARY_OPTIONS_INIT;
    if (!ct_face_read_sized(&options, sizeof options, settings))
        return false;
    if (options.objective_count > COTEL_PROM_MAX_OBJECTIVES ||
        (options.objective_count > 0 && !options.objectives))
        return false;
    for (size_t i = 0; i < options.objective_count; i++)
        if (!is_good_objective(options.objectives, i))
            return false;
    return options.max_age_ms >= 1 && options.age_buckets >= 1 &&
           options.age_buckets <= COTEL_PROM_MAX_AGE_BUCKETS;
}

static int by_quantile(const void *left, const void *right)
{
    double a = ((const cotel_prom_objective *)left)->quantile;
    double b = ((const cotel_prom_objective *)right)->quantile;
    return (a > b) - (a < b);
}

/* Settings that are good, in what a metric keeps of them. */
static void set(struct cotel_prom_summary_vec *vec, const void *settings)
{
    cotel_prom_summary_options options = COTEL_PROM_SUMMARY_OPTIONS_INIT;
    (void)ct_face_read_sized(&options, sizeof options, settings);
    uint64_t age_ns =
        options.max_age_ms > MAX_AGE_NS / NS_PER_MS ? MAX_AGE_NS : options.max_age_ms * NS_PER_MS;
    vec->max_age_ms = options.max_age_ms;
    vec->objective_count = options.objective_count;
    for (size_t i = 0; i < options.objective_count; i++)
        vec->objectives[i] = options.objectives[i];
    qsort(vec->objectives, vec->objective_count, sizeof *vec->objectives, by_quantile);
    vec->window.steps = options.age_buckets;
    vec->window.step_ns = age_ns / options.age_buckets;
    ct_targets_init(&vec->window.targets, vec->objectives, vec->objective_count);
}

static bool has_settings(const struct ct_face_metric *metric, const void *settings)
{
    const struct cotel_prom_summary_vec *vec = (const struct cotel_prom_summary_vec *)metric;
    struct cotel_prom_summary_vec other;
    set(&other, settings);
    if (other.max_age_ms != vec->max_age_ms || other.window.steps != vec->window.steps ||
        other.objective_count != vec->objective_count)
        return false;
    for (size_t i = 0; i < vec->objective_count; i++)
        if (other.objectives[i].quantile != vec->objectives[i].quantile ||
            other.objectives[i].error != vec->objectives[i].error)
            return false;
    return true;
}

/* ---- the kind ---- */

static bool open_metric(struct ct_face_metric *metric, const void *settings)
{
    set((struct cotel_prom_summary_vec *)metric, settings);
    return true;
}

static void opened(struct ct_face_metric *metric)
{
    if (!ct_face_has_producer(metric->registry))
        ct_face_tell(metric->registry, CT_FACE_NO_PRODUCER, metric->name);
}

static void close_metric(struct ct_face_metric *metric)
{
    (void)metric; /* it holds nothing besides */
}

static bool open_child(struct ct_face_child *child)
{
    struct cotel_prom_summary *summary = (struct cotel_prom_summary *)child;
    const struct cotel_prom_summary_vec *vec = (struct cotel_prom_summary_vec *)child->metric;
    summary->is_open = ct_window_init(&summary->window, &vec->window, now_ns());
    return summary->is_open;
}

static void close_child(struct ct_face_child *child)
{
    struct cotel_prom_summary *summary = (struct cotel_prom_summary *)child;
    const struct cotel_prom_summary_vec *vec = (struct cotel_prom_summary_vec *)child->metric;
    if (summary->is_open)
        ct_window_fini(&summary->window, &vec->window);
}

static const struct ct_face_kind kind = {
    .reserved_label = "quantile",
    .metric_size = sizeof(struct cotel_prom_summary_vec),
    .child_size = sizeof(struct cotel_prom_summary),
    .is_good = is_good,
    .has_settings = has_settings,
    .open = open_metric,
    .opened = opened,
    .close = close_metric,
    .open_child = open_child,
    .close_child = close_child,
};

/* ---- for producers ---- */

static void write_point(struct cotel_prom_summary_vec *vec, struct ct_face_child *child,
                        cotel_metric_writer *writer)
{
    struct ct_window_view view;
    cotel_quantile_data quantiles[COTEL_PROM_MAX_OBJECTIVES];
    ct_window_look(&((struct cotel_prom_summary *)child)->window, &vec->window, now_ns(), &view);
    for (size_t i = 0; i < vec->objective_count; i++)
        quantiles[i] = (cotel_quantile_data){vec->objectives[i].quantile, view.values[i]};
    const cotel_point point = {
        .size = sizeof point,
        .start_unix_ns = view.start_unix_ns,
        .attributes = child->attributes,
        .attribute_count = child->attribute_count,
        .count = view.count,
        .has_sum = true,
        .sum = view.sum,
        .quantiles = quantiles,
        .quantile_count = vec->objective_count,
    };
    cotel_metric_writer_point(writer, &point);
    if (view.inexact == 0)
        return;
    atomic_fetch_add_explicit(&vec->metric.registry->counters.inexact, view.inexact,
                              memory_order_relaxed);
    ct_face_tell(vec->metric.registry, CT_FACE_INEXACT, vec->metric.name);
}

static void write_metric(struct cotel_prom_summary_vec *vec, cotel_metric_writer *writer)
{
    const cotel_metric_head head = {
        .size = sizeof head,
        .name = cotel_str_of(vec->metric.name),
        .description = cotel_str_of(vec->metric.help),
        .type = COTEL_METRIC_SUMMARY,
    };
    struct ct_face_walk walk = {0, NULL, false};
    struct ct_face_child *child = ct_face_next_child(&vec->metric, &walk);
    if (!child || !cotel_metric_writer_metric(writer, &head))
        return;
    for (; child; child = ct_face_next_child(&vec->metric, &walk))
        write_point(vec, child, writer);
}

void ct_face_write_summaries(struct cotel_prom_registry *registry, cotel_metric_writer *writer)
{
    cotel_metric_writer_scope(writer, registry->meter_name, NULL, NULL, NULL, 0);
    struct ct_face_metric *metric = atomic_load_explicit(&registry->metrics, memory_order_acquire);
    for (; metric; metric = metric->next)
        if (metric->kind == &kind)
            write_metric((struct cotel_prom_summary_vec *)metric, writer);
}

/* ---- public ---- */

cotel_prom_summary_vec *cotel_prom_summary_vec_get(cotel_prom_registry *registry, const char *name,
                                                   const char *help, const char *const *labels,
                                                   size_t count,
                                                   const cotel_prom_summary_options *options)
{
    const struct ct_face_request request = {name, help, labels, count, options};
    return (cotel_prom_summary_vec *)ct_face_metric_get(registry, &kind, &request);
}

cotel_prom_summary *cotel_prom_summary_with(cotel_prom_summary_vec *vec, const char *const *values,
                                            size_t count)
{
    return (cotel_prom_summary *)ct_face_child_with((struct ct_face_metric *)vec, values, count);
}

cotel_prom_summary *cotel_prom_summary_get(cotel_prom_registry *registry, const char *name,
                                           const char *help,
                                           const cotel_prom_summary_options *options)
{
    return cotel_prom_summary_with(
        cotel_prom_summary_vec_get(registry, name, help, NULL, 0, options), NULL, 0);
}

void cotel_prom_summary_observe(cotel_prom_summary *summary, double value)
{
    if (!summary)
        return;
    struct ct_face_metric *metric = summary->child.metric;
    if (!(value >= 0 && isfinite(value))) {
        atomic_fetch_add_explicit(&metric->registry->counters.refused, 1, memory_order_relaxed);
        ct_face_tell(metric->registry, CT_FACE_BAD_NUMBER, metric->name);
        return;
    }
    ct_window_add(&summary->window, &((struct cotel_prom_summary_vec *)metric)->window, value,
                  now_ns());
}
