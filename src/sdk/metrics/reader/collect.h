/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COTEL_SRC_SDK_METRICS_READER_COLLECT_H
#define COTEL_SRC_SDK_METRICS_READER_COLLECT_H

#include "sdk/metrics/reader/reader.h"

/* How the batches of a collection are cut; 0: no limit. */
struct ct_collect_limits {
    size_t max_points;
    size_t max_bytes;
};

/* Collects once: waits for the collection that may be under way, asks everybody, writes batches.
 * @return OK; TIMEOUT and OUT_OF_MEMORY (*out has what there was by then); SHUT_DOWN (also: not
 *         started); WOULD_DEADLOCK; or what the first producer said that had trouble (*out has the
 *         rest). */
cotel_status ct_reader_collect(cotel_metric_reader *reader, const struct ct_collect_limits *limits,
                               uint64_t deadline_ns, struct ct_metric_batches *out);

/* Waits until nobody collects. @return false when the deadline came first. The lock is held. */
bool ct_reader_await_rest(cotel_metric_reader *reader, uint64_t deadline_ns);

#endif
