/* SPDX-License-Identifier: Apache-2.0 */
/* Writes families: their comments, and a line for each number. */
#ifndef COTEL_EXPORTERS_PROMETHEUS_WRITER_H
#define COTEL_EXPORTERS_PROMETHEUS_WRITER_H

#include "delta.h"
#include "family.h"
#include "labels.h"

/* The exemplar of a bucket, the latest that falls into it. */
struct ct_prom_exemplar {
    bool is_there;
    cotel_exemplar_data data;
};

/* What lines of a family begin with. */
enum ct_prom_line {
    CT_PROM_LINE_VALUE, /* of a counter the total */
    CT_PROM_LINE_BUCKET,
    CT_PROM_LINE_SUM,
    CT_PROM_LINE_COUNT,
    CT_PROM_LINES
};

/* A series of which a line was written: where its labels stand, for the other lines. */
struct ct_prom_series {
    size_t labels_begin;
    size_t labels_size;
};

/* Zero-initialise it. The first members are set by who uses it. */
struct ct_prom_writer {
    struct ct_prom_text *out;
    cotel_prometheus_format format;
    struct ct_prom_labels labels;
    struct ct_prom_told *told;
    const struct ct_prom_deltas *deltas;
    bool has_scope_labels;

    /* The family at hand. */
    enum ct_prom_kind kind;
    cotel_str metric_name; /* for what there is to tell */
    bool is_plain;         /* its name needs no quotes */
    struct ct_prom_text openings;
    cotel_str opening[CT_PROM_LINES];
    struct ct_prom_index seen; /* the labels of series, in `out` */
    uint32_t series_count;

    /* The point at hand. */
    struct ct_prom_pairs pairs;
    struct ct_prom_buckets buckets;
    struct ct_prom_exponential exponential;
    struct ct_prom_exemplar *exemplars;
    size_t exemplar_capacity;

    /* The exemplar at hand. */
    struct ct_prom_labels exemplar_labels; /* those of nothing else */
    struct ct_prom_pairs exemplar_pairs;
};

void ct_prom_writer_fini(struct ct_prom_writer *writer);

/* Forgets what hangs on format and escaping, and keeps the memory. */
void ct_prom_writer_clear(struct ct_prom_writer *writer);

/* Writes a family with all that its members have, or without any. */
void ct_prom_write_family(struct ct_prom_writer *writer, const struct ct_prom_families *families,
                          const struct ct_prom_family *family);

/* Writes the one line of the family of what the resource says. */
void ct_prom_write_target(struct ct_prom_writer *writer, const struct ct_prom_families *families,
                          const struct ct_prom_family *family, const struct ct_prom_pairs *pairs);

#endif
