/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COTEL_EXPORTERS_PROMETHEUS_FACE_PRODUCER_H
#define COTEL_EXPORTERS_PROMETHEUS_FACE_PRODUCER_H

#include "registry.h"

/* Whether anybody brings the summaries of a registry to a reader. */
bool ct_face_has_producer(struct cotel_prom_registry *registry);

#endif
