/* SPDX-License-Identifier: Apache-2.0 */
/* Lines of samples. */
#ifndef COTEL_EXPORTERS_PROMETHEUS_LINES_H
#define COTEL_EXPORTERS_PROMETHEUS_LINES_H

#include "writer.h"

/* Writes what a series' first line begins with: name and labels.
 * @return false, with nothing written: the family has such a series already. */
bool ct_prom_begin_series(struct ct_prom_writer *writer, enum ct_prom_line line,
                          const struct ct_prom_pairs *pairs, struct ct_prom_series *series);

/* The same of a further line, with the labels of the first. */
void ct_prom_begin_line(struct ct_prom_writer *writer, enum ct_prom_line line,
                        const struct ct_prom_series *series);

/* Ends the labels of a line, with one more or without (NULL). */
void ct_prom_end_labels(struct ct_prom_writer *writer, const struct ct_prom_series *series,
                        const char *name, double value);

/* Ends a line whose labels have ended. */
void ct_prom_end_line(struct ct_prom_writer *writer, const struct ct_prom_exemplar *exemplar);

/* Writes ` # {...} value time`. */
void ct_prom_put_exemplar(struct ct_prom_writer *writer, const cotel_exemplar_data *exemplar);

/* Keeps the latest of a point's exemplars for each bucket, or the latest of all without buckets,
 * in the writer's `exemplars`. @return false: there are none to be written. */
bool ct_prom_choose_exemplars(struct ct_prom_writer *writer, const cotel_metric_data *data,
                              const cotel_point_data *point, const struct ct_prom_buckets *buckets);

#endif
