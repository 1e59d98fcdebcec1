/* SPDX-License-Identifier: Apache-2.0 */
/* A metric of any kind, and its children: what all kinds have in common. */
#ifndef COTEL_EXPORTERS_PROMETHEUS_FACE_METRIC_H
#define COTEL_EXPORTERS_PROMETHEUS_FACE_METRIC_H

#include "registry.h"

struct ct_face_child;

/* What a kind is. The structs of its metrics and children begin with those below. */
struct ct_face_kind {
    const char *reserved_label; /* what no label may be called; NULL: nothing */
    size_t metric_size;
    size_t child_size;
    /* Whether the settings can be; NULL: there are none. */
    bool (*is_good)(const void *settings);
    bool (*has_settings)(const struct ct_face_metric *metric, const void *settings);
    /* Makes what the kind has besides, of zeros; false when memory is out, and then `close` follows
     * just as well. */
    bool (*open)(struct ct_face_metric *metric, const void *settings);
    /* The metric can be found now; NULL: nothing is to be done. */
    void (*opened)(struct ct_face_metric *metric);
    /* The registry ends; NULL: nothing is to be done. */
    void (*stop)(struct ct_face_metric *metric);
    void (*close)(struct ct_face_metric *metric);
    bool (*open_child)(struct ct_face_child *child);
    void (*close_child)(struct ct_face_child *child);
};

struct ct_face_metric {
    const struct ct_face_kind *kind;
    struct cotel_prom_registry *registry;
    struct ct_face_metric *next;
    char *name; /* with the prefix */
    char *help;
    char **labels; /* in the order in which values are given */
    size_t label_count;
    _Atomic uint32_t child_count;
    _Atomic(struct ct_face_child *) overflow; /* of all beyond the limit */
    size_t slot_count;                        /* a power of two */
    _Atomic(struct ct_face_child *) *slots;   /* chains of children by the hash of their values */
};

struct ct_face_child {
    struct ct_face_metric *metric;
    struct ct_face_child *next; /* in its slot */
    uint64_t hash;
    size_t attribute_count; /* the registry's labels come first */
    cotel_attribute *attributes;
};

/* What the caller said a metric is. */
struct ct_face_request {
    const char *name;
    const char *help;
    const char *const *labels;
    size_t label_count;
    const void *settings; /* of the kind */
};

/* The metric of that name; NULL when it can't be, which is told. */
struct ct_face_metric *ct_face_metric_get(struct cotel_prom_registry *registry,
                                          const struct ct_face_kind *kind,
                                          const struct ct_face_request *request);

void ct_face_metric_free(struct ct_face_metric *metric);

/* A metric's place in a walk over its children; zeros to begin with. */
struct ct_face_walk {
    size_t slot;
    struct ct_face_child *at;
    bool ended;
};

/* The next child, the one of what overflowed last; NULL at the end. */
struct ct_face_child *ct_face_next_child(struct ct_face_metric *metric, struct ct_face_walk *walk);

/* The child with these values; NULL when it can't be, which is told, or the metric is NULL. */
struct ct_face_child *ct_face_child_with(struct ct_face_metric *metric, const char *const *values,
                                         size_t count);

void ct_face_child_free(struct ct_face_child *child);

#endif
