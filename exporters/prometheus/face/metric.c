/* SPDX-License-Identifier: Apache-2.0 */
#include "metric.h"

#include "names.h"

#include <stdlib.h>
#include <string.h>

/* Children in a slot when a metric has as many as it may. */
#define CHILDREN_OF_SLOT 4

/* ---- checks ---- */

static bool is_const_label(const struct cotel_prom_registry *registry, const char *name)
{
    for (size_t i = 0; i < registry->label_count; i++)
        if (strcmp(registry->labels[i].key.data, name) == 0)
            return true;
    return false;
}

static bool is_good_label(const struct cotel_prom_registry *registry,
                          const struct ct_face_kind *kind, const struct ct_face_request *request,
                          size_t index)
{
    const char *label = request->labels[index];
    if (!ct_face_is_label_name(label) || is_const_label(registry, label))
        return false;
    for (size_t i = 0; i < index; i++)
        if (strcmp(request->labels[i], label) == 0)
            return false;
    return !kind->reserved_label || strcmp(label, kind->reserved_label) != 0;
}

/* The labels of the registry count too: they were good ones, but may be reserved here. */
static bool are_good_labels(const struct cotel_prom_registry *registry,
                            const struct ct_face_kind *kind, const struct ct_face_request *request)
{
    if (request->label_count > COTEL_PROM_MAX_LABELS - registry->label_count ||
        (request->label_count > 0 && !request->labels))
        return false;
    if (kind->reserved_label && is_const_label(registry, kind->reserved_label))
        return false;
    for (size_t i = 0; i < request->label_count; i++)
        if (!is_good_label(registry, kind, request, i))
            return false;
    return true;
}

static bool is_good(struct cotel_prom_registry *registry, const struct ct_face_kind *kind,
                    const struct ct_face_request *request, const char *name)
{
    enum ct_face_trouble trouble = CT_FACE_BAD_NAME;
    if (ct_face_is_metric_name(name) && strlen(name) <= COTEL_INSTRUMENT_MAX_NAME) {
        if (are_good_labels(registry, kind, request)) {
            if (!kind->is_good || kind->is_good(request->settings))
                return true;
            trouble = CT_FACE_BAD_SETTINGS;
        } else {
            trouble = CT_FACE_BAD_LABELS;
        }
    }
    ct_face_tell(registry, trouble, name);
    return false;
}

/* ---- making ---- */

static bool copy_labels(struct ct_face_metric *metric, const struct ct_face_request *request)
{
    metric->labels = calloc(request->label_count + 1, sizeof *metric->labels);
    if (!metric->labels)
        return false;
    for (size_t i = 0; i < request->label_count; i++) {
        metric->labels[i] = ct_face_copy(request->labels[i]);
        if (!metric->labels[i])
            return false;
        metric->label_count++;
    }
    return true;
}

static bool make_slots(struct ct_face_metric *metric)
{
    metric->slot_count = 1;
    while (metric->label_count > 0 &&
           metric->slot_count * CHILDREN_OF_SLOT < metric->registry->max_children)
        metric->slot_count *= 2;
    metric->slots = calloc(metric->slot_count, sizeof *metric->slots);
    return metric->slots != NULL;
}

static struct ct_face_metric *make(struct cotel_prom_registry *registry,
                                   const struct ct_face_kind *kind,
                                   const struct ct_face_request *request, const char *name)
{
    struct ct_face_metric *metric = calloc(1, kind->metric_size);
    if (!metric)
        return NULL;
    metric->kind = kind;
    metric->registry = registry;
    metric->name = ct_face_copy(name);
    metric->help = ct_face_copy(request->help);
    if (metric->name && metric->help && copy_labels(metric, request) && make_slots(metric) &&
        kind->open(metric, request->settings))
        return metric;
    ct_face_metric_free(metric);
    return NULL;
}

void ct_face_metric_free(struct ct_face_metric *metric)
{
    struct ct_face_walk walk = {0, NULL, false};
    struct ct_face_child *child = metric->slots ? ct_face_next_child(metric, &walk) : NULL;
    while (child) {
        struct ct_face_child *next = ct_face_next_child(metric, &walk);
        ct_face_child_free(child);
        child = next;
    }
    metric->kind->close(metric);
    for (size_t i = 0; i < metric->label_count; i++)
        free(metric->labels[i]);
    free(metric->labels);
    free(metric->slots);
    free(metric->name);
    free(metric->help);
    free(metric);
}

/* ---- finding ---- */

static struct ct_face_metric *find(struct cotel_prom_registry *registry, const char *name)
{
    /* Acquire pairs with the release in publish(): who sees a metric sees it whole. */
    struct ct_face_metric *metric = atomic_load_explicit(&registry->metrics, memory_order_acquire);
    while (metric && strcmp(metric->name, name) != 0)
        metric = metric->next;
    return metric;
}

static bool is_same(const struct ct_face_metric *metric, const struct ct_face_kind *kind,
                    const struct ct_face_request *request)
{
    if (metric->kind != kind || metric->label_count != request->label_count ||
        strcmp(metric->help, request->help ? request->help : "") != 0)
        return false;
    for (size_t i = 0; i < request->label_count; i++)
        if (strcmp(metric->labels[i], request->labels[i]) != 0)
            return false;
    return !kind->has_settings || kind->has_settings(metric, request->settings);
}

/* The metric that has the name from now on: this one, or one that another thread was quicker with.
 * NULL: there are too many. */
static struct ct_face_metric *publish(struct cotel_prom_registry *registry,
                                      struct ct_face_metric *metric)
{
    ct_face_lock(&registry->lock);
    struct ct_face_metric *there = find(registry, metric->name);
    bool is_full = atomic_load_explicit(&registry->counters.metrics, memory_order_relaxed) >=
                   COTEL_PROM_MAX_METRICS;
    if (!there && !is_full) {
        metric->next = atomic_load_explicit(&registry->metrics, memory_order_relaxed);
        atomic_fetch_add_explicit(&registry->counters.metrics, 1, memory_order_relaxed);
        atomic_store_explicit(&registry->metrics, metric, memory_order_release);
        there = metric;
    }
    ct_face_unlock(&registry->lock);
    return there;
}

/* Making calls the SDK, and that may call who is told things: there is no lock meanwhile. */
static struct ct_face_metric *find_or_add(struct cotel_prom_registry *registry,
                                          const struct ct_face_kind *kind,
                                          const struct ct_face_request *request, const char *name)
{
    struct ct_face_metric *there = find(registry, name);
    if (there)
        return there;
    struct ct_face_metric *made = make(registry, kind, request, name);
    if (!made) {
        ct_face_tell(registry, CT_FACE_OUT_OF_MEMORY, request->name);
        return NULL;
    }
    struct ct_face_metric *metric = publish(registry, made);
    if (metric == made && strstr(name, "__"))
        ct_face_tell(registry, CT_FACE_OTHER_NAME, name);
    if (metric == made && kind->opened)
        kind->opened(metric);
    if (metric != made)
        ct_face_metric_free(made);
    if (!metric)
        ct_face_tell(registry, CT_FACE_TOO_MANY_METRICS, request->name);
    return metric;
}

static char *full_name(const struct cotel_prom_registry *registry, const char *name)
{
    size_t prefix = strlen(registry->name_prefix), size = strlen(name) + 1;
    char *full = malloc(prefix + size);
    if (!full)
        return NULL;
    memcpy(full, registry->name_prefix, prefix);
    memcpy(full + prefix, name, size);
    return full;
}

struct ct_face_metric *ct_face_metric_get(struct cotel_prom_registry *registry,
                                          const struct ct_face_kind *kind,
                                          const struct ct_face_request *request)
{
    if (!registry)
        return NULL;
    if (!request->name || *request->name == '\0') {
        ct_face_tell(registry, CT_FACE_BAD_NAME, request->name);
        return NULL;
    }
    char *name = full_name(registry, request->name);
    if (!name) {
        ct_face_tell(registry, CT_FACE_OUT_OF_MEMORY, request->name);
        return NULL;
    }
    struct ct_face_metric *metric = NULL;
    if (is_good(registry, kind, request, name))
        metric = find_or_add(registry, kind, request, name);
    free(name);
    if (!metric || is_same(metric, kind, request))
        return metric;
    ct_face_tell(registry, CT_FACE_TAKEN, metric->name);
    return NULL;
}
