/* SPDX-License-Identifier: Apache-2.0 */
/* Registries: what their metrics have in common, and the list of all of them, which producers walk.
 *
 * A registry is counted: the program has one reference, and whoever is writing its summaries
 * another one. Its metrics, and their children, are only ever added, each by one store, so they are
 * found and walked without a lock, and a forked child finds none half-way. */
#ifndef COTEL_EXPORTERS_PROMETHEUS_FACE_REGISTRY_H
#define COTEL_EXPORTERS_PROMETHEUS_FACE_REGISTRY_H

#include <cotel/exporters/prometheus.h>
#include <cotel/prom.h>
#include <cotel/sdk/diagnostics.h>

#include <stdatomic.h>

#include "fork_lock.h"

struct ct_face_metric;

/* What can be wrong. Each is told for itself, and seldom when it repeats. */
enum ct_face_trouble {
    CT_FACE_BAD_NAME,
    CT_FACE_BAD_LABELS,
    CT_FACE_BAD_SETTINGS,
    CT_FACE_TAKEN,
    CT_FACE_TOO_MANY_METRICS,
    CT_FACE_WRONG_VALUES,
    CT_FACE_BAD_VALUE,
    CT_FACE_OVERFLOW,
    CT_FACE_BAD_NUMBER,
    CT_FACE_INEXACT,
    CT_FACE_NO_PRODUCER,
    CT_FACE_OTHER_NAME,
    CT_FACE_NO_TOTAL,
    CT_FACE_OUT_OF_MEMORY,
    CT_FACE_TROUBLES
};

struct ct_face_counters {
    _Atomic uint64_t metrics;
    _Atomic uint64_t children;
    _Atomic uint64_t overflowed;
    _Atomic uint64_t refused;
    _Atomic uint64_t inexact;
};

struct cotel_prom_registry {
    _Atomic uint32_t references;
    _Atomic uint32_t producers;       /* of this one alone */
    _Atomic bool closed;              /* its gauges and summaries are not told any more */
    struct cotel_prom_registry *next; /* guarded by the list's lock */
    struct ct_face_lock lock;         /* of adding metrics and children, and of `provider` */
    _Atomic(cotel_meter_provider *) provider; /* NULL: the global one */
    _Atomic(struct ct_face_metric *) metrics; /* the newest first */
    char *name_prefix;                        /* with its underscore; or "" */
    char *meter_name;
    cotel_attribute *labels; /* of all metrics */
    size_t label_count;
    uint32_t max_children;
    struct ct_face_counters counters;
    cotel_diagnostics_limit limits[CT_FACE_TROUBLES];
    /* What cotel_prom_start() made, or NULL. */
    cotel_prometheus_exporter *exporter;
    cotel_meter_provider *own_provider;
};

void ct_face_registry_unref(struct cotel_prom_registry *registry);

/* The next registry, or the first for NULL, with a reference for the one that `after` had; of those
 * that are open and over the global provider. */
struct cotel_prom_registry *ct_face_registry_next(struct cotel_prom_registry *after);

cotel_meter *ct_face_registry_meter(struct cotel_prom_registry *registry);

/* Tells, and counts as refused what was. `subject` is a name, and may be NULL. */
void ct_face_tell(struct cotel_prom_registry *registry, enum ct_face_trouble trouble,
                  const char *subject);

/* A copy of a text of the caller's; NULL when memory is out. */
char *ct_face_copy(const char *text);

#endif
