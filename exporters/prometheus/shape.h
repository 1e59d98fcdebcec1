/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COTEL_EXPORTERS_PROMETHEUS_SHAPE_H
#define COTEL_EXPORTERS_PROMETHEUS_SHAPE_H

#include "labels.h"

/* A place for the value of an attribute, and the text before it. */
struct ct_prom_slot {
    size_t begin; /* in `texts` */
    size_t size;
    size_t attribute;
};

struct ct_prom_shape_key {
    size_t begin; /* in `texts` */
    size_t size;
    bool has_value; /* an empty one does not count as a label */
};

struct ct_prom_shape {
    const cotel_scope_view *scope;
    enum ct_prom_reserved reserved;
    struct ct_prom_text texts;
    struct ct_prom_shape_key *keys;
    size_t key_count;
    struct ct_prom_slot *slots; /* at most one for each key */
    size_t slot_count;
    size_t tail_begin; /* what follows the last slot */
    size_t tail_size;
};

/* What labels of these attributes look like. NULL when memory is out. */
struct ct_prom_shape *ct_prom_shape_create(const struct ct_prom_labels *labels,
                                           const struct ct_prom_pair *pairs, size_t count);

/* Takes NULL. */
void ct_prom_shape_destroy(struct ct_prom_shape *shape);

#endif
