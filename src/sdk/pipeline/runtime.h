/* SPDX-License-Identifier: Apache-2.0 */
/* What runs the pipelines of one provider: a worker thread, or whoever drives it. */
#ifndef COTEL_SRC_SDK_PIPELINE_RUNTIME_H
#define COTEL_SRC_SDK_PIPELINE_RUNTIME_H

#include <cotel/sdk/provider.h>
#include <cotel/sdk/stats.h>

/* NULL when memory or descriptors are out. Starts no thread yet. */
cotel_runtime *ct_runtime_create(cotel_worker_mode mode);

/* Lets every pipeline begin to flush at once, so that a stuck one does not eat the time of the
 * next; the processors' flush() then waits for each. Never blocks. */
void ct_runtime_start_flush(cotel_runtime *runtime);

/* Stops and joins the worker; called after every pipeline was shut down. Takes a bounded, short
 * time: the worker never waits for a peer. */
void ct_runtime_stop(cotel_runtime *runtime);

/* Frees it; stopped. Takes NULL. */
void ct_runtime_destroy(cotel_runtime *runtime);

/* In a forked child: there is no worker, its locks are renewed, its descriptors are the child's
 * own, every pipeline's queue is empty, every exporter has been told. What the child exports is of
 * `resource`. */
void ct_runtime_forked(cotel_runtime *runtime, cotel_resource *resource);

/* Whether the calling thread is inside one of this runtime's callbacks (the worker, or a blocking
 * exporter's thread), where waiting for the runtime would be waiting for oneself. */
bool ct_runtime_is_inside(const cotel_runtime *runtime);

/* As the public functions of provider.h say. */
size_t ct_runtime_poll(cotel_runtime *runtime, cotel_poll_item *items, size_t capacity,
                       uint64_t *deadline_ns);
cotel_status ct_runtime_drive(cotel_runtime *runtime);

/* Fills up to `capacity` entries; returns how many. */
size_t ct_runtime_stats(cotel_runtime *runtime, cotel_pipeline_stats *out, size_t capacity);

#endif
