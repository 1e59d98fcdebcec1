/* SPDX-License-Identifier: Apache-2.0 */
#include "registry.h"

#include "metric.h"
#include "names.h"
#include "sized.h"

#include <cotel/sdk/meter_provider.h>

#include <stdlib.h>
#include <string.h>

#define DEFAULT_METER "cotel.prom"
#define SHUTDOWN_MS 5000

static struct ct_face_lock list_lock;
static struct cotel_prom_registry *first; /* the newest; guarded by the lock */

/* ---- the list ---- */

static void enlist(struct cotel_prom_registry *registry)
{
    ct_face_lock(&list_lock);
    registry->next = first;
    first = registry;
    ct_face_unlock(&list_lock);
}

static void delist(const struct cotel_prom_registry *registry)
{
    ct_face_lock(&list_lock);
    struct cotel_prom_registry **at = &first;
    while (*at && *at != registry)
        at = &(*at)->next;
    if (*at)
        *at = registry->next;
    ct_face_unlock(&list_lock);
}

/* False for one whose last reference was given back: it is about to leave the list. */
static bool try_ref(struct cotel_prom_registry *registry)
{
    uint32_t count = atomic_load_explicit(&registry->references, memory_order_relaxed);
    while (count > 0)
        if (atomic_compare_exchange_weak_explicit(&registry->references, &count, count + 1,
                                                  memory_order_relaxed, memory_order_relaxed))
            return true;
    return false;
}

static bool is_global(struct cotel_prom_registry *registry)
{
    return !atomic_load_explicit(&registry->provider, memory_order_relaxed);
}

struct cotel_prom_registry *ct_face_registry_next(struct cotel_prom_registry *after)
{
    ct_face_lock(&list_lock);
    struct cotel_prom_registry *registry = after ? after->next : first;
    while (registry && !(is_global(registry) && try_ref(registry)))
        registry = registry->next;
    ct_face_unlock(&list_lock);
    if (after)
        ct_face_registry_unref(after);
    return registry;
}

/* ---- making ---- */

char *ct_face_copy(const char *text)
{
    size_t size = strlen(text ? text : "") + 1;
    char *copy = malloc(size);
    return copy ? memcpy(copy, text ? text : "", size) : NULL;
}

static char *prefix_of(const char *prefix)
{
    size_t length = strlen(prefix ? prefix : "");
    char *copy = malloc(length + 2);
    if (!copy)
        return NULL;
    if (length > 0) {
        memcpy(copy, prefix, length);
        copy[length++] = '_';
    }
    copy[length] = '\0';
    return copy;
}

static bool is_duplicate(const cotel_prom_label *labels, size_t index)
{
    for (size_t i = 0; i < index; i++)
        if (strcmp(labels[i].name, labels[index].name) == 0)
            return true;
    return false;
}

static bool are_good_labels(const cotel_prom_options *options)
{
    if (options->label_count > COTEL_PROM_MAX_LABELS || (options->label_count && !options->labels))
        return false;
    for (size_t i = 0; i < options->label_count; i++)
        if (!ct_face_is_label_name(options->labels[i].name) || is_duplicate(options->labels, i) ||
            !ct_face_is_utf8(options->labels[i].value))
            return false;
    return true;
}

static bool is_good_prefix(const char *prefix)
{
    return !prefix || *prefix == '\0' || ct_face_is_metric_name(prefix);
}

static bool are_good(const cotel_prom_options *options)
{
    return is_good_prefix(options->name_prefix) && are_good_labels(options) &&
           options->max_children >= 1 && options->max_children <= COTEL_PROM_MAX_CHILDREN;
}

static bool copy_labels(struct cotel_prom_registry *registry, const cotel_prom_options *options)
{
    registry->labels = calloc(options->label_count + 1, sizeof *registry->labels);
    if (!registry->labels)
        return false;
    for (size_t i = 0; i < options->label_count; i++) {
        char *name = ct_face_copy(options->labels[i].name);
        char *value = ct_face_copy(options->labels[i].value);
        registry->labels[i] = cotel_attribute_string(name, value);
        registry->label_count++;
        if (!name || !value)
            return false;
    }
    return true;
}

static void free_registry(struct cotel_prom_registry *registry)
{
    struct ct_face_metric *metric = atomic_load_explicit(&registry->metrics, memory_order_relaxed);
    while (metric) {
        struct ct_face_metric *next = metric->next;
        ct_face_metric_free(metric);
        metric = next;
    }
    for (size_t i = 0; i < registry->label_count; i++) {
        free((char *)registry->labels[i].key.data);
        free((char *)registry->labels[i].value.as.string.data);
    }
    free(registry->labels);
    free(registry->name_prefix);
    free(registry->meter_name);
    free(registry);
}

static struct cotel_prom_registry *make(const cotel_prom_options *options)
{
    struct cotel_prom_registry *registry = calloc(1, sizeof *registry);
    if (!registry)
        return NULL;
    const char *meter = options->meter_name ? options->meter_name : DEFAULT_METER;
    atomic_init(&registry->references, 1);
    registry->max_children = options->max_children;
    registry->name_prefix = prefix_of(options->name_prefix);
    registry->meter_name = ct_face_copy(meter);
    if (registry->name_prefix && registry->meter_name && copy_labels(registry, options))
        return registry;
    free_registry(registry);
    return NULL;
}

/* ---- public ---- */

void cotel_prom_options_init(cotel_prom_options *options)
{
    static const cotel_prom_options defaults = COTEL_PROM_OPTIONS_INIT;
    if (options)
        memcpy(options, &defaults, sizeof defaults); /* with the padding, so that it compares */
}

cotel_status cotel_prom_registry_create(const cotel_prom_options *options,
                                        cotel_prom_registry **out)
{
    cotel_prom_options whole = COTEL_PROM_OPTIONS_INIT;
    if (!out)
        return COTEL_STATUS_INVALID_ARGUMENT;
    *out = NULL;
    if (!ct_face_read_sized(&whole, sizeof whole, options) || !are_good(&whole))
        return COTEL_STATUS_INVALID_ARGUMENT;
    ct_face_watch_forks();
    struct cotel_prom_registry *registry = make(&whole);
    if (!registry)
        return COTEL_STATUS_OUT_OF_MEMORY;
    enlist(registry);
    *out = registry;
    return COTEL_STATUS_OK;
}

cotel_status cotel_prom_registry_set_provider(cotel_prom_registry *registry,
                                              cotel_meter_provider *provider)
{
    if (!registry || !provider)
        return COTEL_STATUS_INVALID_ARGUMENT;
    if (atomic_load_explicit(&registry->metrics, memory_order_relaxed))
        return COTEL_STATUS_INVALID_ARGUMENT;
    atomic_store_explicit(&registry->provider, provider, memory_order_relaxed);
    return COTEL_STATUS_OK;
}

cotel_meter *ct_face_registry_meter(struct cotel_prom_registry *registry)
{
    cotel_meter_provider *provider =
        atomic_load_explicit(&registry->provider, memory_order_relaxed);
    return cotel_meter_provider_get_meter(provider, registry->meter_name, NULL);
}

void ct_face_registry_unref(struct cotel_prom_registry *registry)
{
    /* Release, so that whoever frees comes behind all others' use; acquire is what makes it so. */
    if (atomic_fetch_sub_explicit(&registry->references, 1, memory_order_acq_rel) > 1)
        return;
    delist(registry);
    free_registry(registry);
}

struct cotel_prometheus_exporter *cotel_prom_registry_exporter(cotel_prom_registry *registry)
{
    return registry ? registry->exporter : NULL;
}

static void end_own_provider(struct cotel_prom_registry *registry)
{
    if (!registry->own_provider)
        return;
    if (cotel_meter_provider_global() == registry->own_provider)
        cotel_meter_provider_set_global(NULL);
    (void)cotel_meter_provider_shutdown(registry->own_provider, SHUTDOWN_MS, NULL);
    cotel_meter_provider_destroy(registry->own_provider);
    cotel_prometheus_exporter_destroy(registry->exporter);
}

/* Gauges stop here and not with the last reference, which a collection may have. */
static void stop_metrics(struct cotel_prom_registry *registry)
{
    atomic_store_explicit(&registry->closed, true, memory_order_relaxed);
    struct ct_face_metric *metric = atomic_load_explicit(&registry->metrics, memory_order_acquire);
    for (; metric; metric = metric->next)
        if (metric->kind->stop)
            metric->kind->stop(metric);
}

void cotel_prom_registry_destroy(cotel_prom_registry *registry)
{
    if (!registry)
        return;
    end_own_provider(registry);
    stop_metrics(registry);
    ct_face_registry_unref(registry);
}

void cotel_prom_stats(const cotel_prom_registry *registry, cotel_prom_counts *out)
{
    if (!out || out->size < sizeof out->size)
        return;
    cotel_prom_counts counts = {.size = out->size};
    if (registry) {
        const struct ct_face_counters *now = &registry->counters;
        counts.metrics = atomic_load_explicit(&now->metrics, memory_order_relaxed);
        counts.children = atomic_load_explicit(&now->children, memory_order_relaxed);
        counts.overflowed = atomic_load_explicit(&now->overflowed, memory_order_relaxed);
        counts.refused = atomic_load_explicit(&now->refused, memory_order_relaxed);
        counts.inexact = atomic_load_explicit(&now->inexact, memory_order_relaxed);
    }
    memcpy(out, &counts, out->size < sizeof counts ? out->size : sizeof counts);
}
