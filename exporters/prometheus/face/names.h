/* SPDX-License-Identifier: Apache-2.0 */
/* What Prometheus' data model allows names and labels to be. */
#ifndef COTEL_EXPORTERS_PROMETHEUS_FACE_NAMES_H
#define COTEL_EXPORTERS_PROMETHEUS_FACE_NAMES_H

#include <stdbool.h>

bool ct_face_is_metric_name(const char *name);

/* Labels of its own, which begin with two underscores, are none. */
bool ct_face_is_label_name(const char *name);

/* NULL is an empty text. */
bool ct_face_is_utf8(const char *text);

#endif
