/* SPDX-License-Identifier: Apache-2.0 */
/* Which queues there are, for threads that end: they know an index and a generation, and the
 * queue may be gone. */
#ifndef COTEL_SRC_SDK_PIPELINE_REGISTRY_H
#define COTEL_SRC_SDK_PIPELINE_REGISTRY_H

#include "sdk/pipeline/queue.h"

/* @return false when CT_MAX_PIPELINES are there. */
bool ct_registry_add(struct ct_queue *queue, uint32_t *index);

/* Afterwards no ending thread touches the queue. */
void ct_registry_remove(uint32_t index);

#endif
