/* SPDX-License-Identifier: Apache-2.0 */
/* Metrics by the name that they have in the exposition. Metrics of several scopes, or with names
 * that become one, are one family: one TYPE, one HELP, and all samples behind each other. What
 * can't be one, since it is of another type or its samples would have the names of another's, is
 * left out. */
#ifndef COTEL_EXPORTERS_PROMETHEUS_FAMILY_H
#define COTEL_EXPORTERS_PROMETHEUS_FAMILY_H

#include <cotel/exporters/prometheus.h>
#include <cotel/sdk/metric_data.h>

#include "index.h"
#include "told.h"

enum ct_prom_kind {
    CT_PROM_GAUGE,
    CT_PROM_COUNTER,
    CT_PROM_UNKNOWN, /* in OpenMetrics, where a counter's name has to end in _total */
    CT_PROM_HISTOGRAM,
    CT_PROM_SUMMARY,
    CT_PROM_INFO
};

struct ct_prom_delta_metric;

/* A metric of a family. */
struct ct_prom_member {
    cotel_metric_data data;
    const cotel_scope_view *scope;
    const struct ct_prom_delta_metric *delta; /* where its points are; NULL: in the data */
    uint32_t next;                            /* of the family; CT_PROM_NOT_FOUND: the last */
};

struct ct_prom_family {
    size_t name_begin; /* in the families' `names`: as TYPE has it */
    size_t name_size;
    size_t unit_begin;
    size_t unit_size;
    enum ct_prom_kind kind;
    cotel_str help;
    uint32_t first; /* member; CT_PROM_NOT_FOUND: none */
    uint32_t last;
};

/* Zero-initialise it. */
struct ct_prom_families {
    cotel_prometheus_translation translation;
    cotel_prometheus_format format;
    cotel_prometheus_escaping escaping;
    struct ct_prom_told *told;
    struct ct_prom_family *items;
    size_t count;
    size_t capacity;
    struct ct_prom_member *members;
    size_t member_count;
    size_t member_capacity;
    struct ct_prom_text names;
    struct ct_prom_index taken; /* every name that a line may have, with the number of the family */
};

void ct_prom_families_fini(struct ct_prom_families *families);

/* Forgets all of them, and keeps the memory. */
void ct_prom_families_clear(struct ct_prom_families *families);

/* Puts a metric where it belongs, or leaves it out. @return false when memory is out. */
bool ct_prom_families_add(struct ct_prom_families *families, const struct ct_prom_member *member);

/* Begins with the family of what the resource says. @return false when memory is out. */
bool ct_prom_families_add_target(struct ct_prom_families *families);

static inline cotel_str ct_prom_family_name(const struct ct_prom_families *families,
                                            const struct ct_prom_family *family)
{
    return cotel_str_n(families->names.data + family->name_begin, family->name_size);
}

static inline cotel_str ct_prom_family_unit(const struct ct_prom_families *families,
                                            const struct ct_prom_family *family)
{
    return family->unit_size > 0
               ? cotel_str_n(families->names.data + family->unit_begin, family->unit_size)
               : cotel_str_n("", 0);
}

#endif
