/* SPDX-License-Identifier: Apache-2.0 */
/* The labels of a series: which there are, under what names, and in which order.
 *
 * Ten thousand series of a metric have the same keys, so what follows from the keys alone is found
 * out once and kept, as a shape: the names that the keys become, sorted; which of them have become
 * one; and the labels that all series have. A series is then its shape with its values in it. */
#ifndef COTEL_EXPORTERS_PROMETHEUS_LABELS_H
#define COTEL_EXPORTERS_PROMETHEUS_LABELS_H

#include <cotel/exporters/prometheus.h>
#include <cotel/sdk/span_view.h>

#include "text.h"

/* An attribute, its value as text. Borrowed. */
struct ct_prom_pair {
    cotel_str key;
    cotel_str value;
};

/* A label that a kind of metric has of its own, so that no attribute may become it. */
enum ct_prom_reserved { CT_PROM_RESERVED_NONE, CT_PROM_RESERVED_LE, CT_PROM_RESERVED_QUANTILE };

/* How many shapes are kept; the one that was used longest ago makes room. */
#define CT_PROM_SHAPES 8

struct ct_prom_shape;

struct ct_prom_labels {
    cotel_prometheus_translation translation;
    cotel_prometheus_escaping escaping;
    /* Labels of all series, by the keys that they had. */
    const struct ct_prom_pair *constants;
    size_t constant_count;
    /* What the current metric adds. */
    const cotel_scope_view *scope; /* NULL: no labels of a scope */
    enum ct_prom_reserved reserved;
    struct ct_prom_shape *shapes[CT_PROM_SHAPES]; /* the one used last is the first */
};

/* Forgets what was kept, when anything but scope and reserved has changed; also frees. */
void ct_prom_labels_clear(struct ct_prom_labels *labels);

/* Appends the labels of a series, `a="1",b="2"`, without braces; labels with an empty value are
 * left out, since to Prometheus they are not there. The text fails when memory is out. */
void ct_prom_labels_put(struct ct_prom_labels *labels, struct ct_prom_text *out,
                        const struct ct_prom_pair *pairs, size_t count);

/* Appends the names of a metric or label as it stands in text: in quotes if it has to. */
void ct_prom_labels_put_name(struct ct_prom_text *out, cotel_str name, bool is_plain);

#endif
