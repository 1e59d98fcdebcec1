/* SPDX-License-Identifier: Apache-2.0 */
/* The other side of an exporter: batches to give it, and a loop that drives it as the pipeline
 * does. It stands in for libcotel, so that an exporter is tested alone, and knows what the pipeline
 * would not tell: that an operation ended exactly once, and how long each call took.
 *
 * Link either this or libcotel.
 */
#ifndef COTEL_TESTS_SUPPORT_EXPORT_HOST_H
#define COTEL_TESTS_SUPPORT_EXPORT_HOST_H

#include <cotel/sdk/exporter.h>

/* Room for a machine that is busy with other things: what no call into an exporter takes even
 * there, and how late a deadline may be kept. Who waited for a peer would take far longer. */
enum { LONG_CALL_MS = 500, LATE_MS = 1500 };

/* A batch of `groups` scopes with `spans` spans each; each span has about `padding` bytes more. */
cotel_batch *host_batch(size_t groups, size_t spans, size_t padding);

/* A batch of `groups` scopes with `metrics` gauges each, of `points` points (at most 9). */
cotel_batch *host_metrics(size_t groups, size_t metrics, size_t points);

struct host_result {
    unsigned done; /* how often it ended: must become 1 */
    cotel_export_outcome outcome;
    uint64_t rejected;
    char message[1024];
};

/* Begins to export; `result` is filled when it ends. Cancel it with the operation that is returned
 * as long as result->done is 0. */
cotel_export *host_begin(cotel_exporter *exporter, cotel_batch *batch, uint64_t timeout_ms,
                         struct host_result *result);

/* Drives until all of `count` results are done or `limit_ms` have passed; true: all are done. */
bool host_drive(cotel_exporter *exporter, struct host_result *const *results, size_t count,
                uint64_t limit_ms);

/* Begins, drives, and waits to the end. */
struct host_result host_export(cotel_exporter *exporter, cotel_batch *batch, uint64_t timeout_ms);

/* Shuts down and destroys. */
void host_finish(cotel_exporter *exporter);

/* The longest that any call into the exporter has taken. */
uint64_t host_longest_call_ns(void);

uint64_t host_now_ms(void);

/* Open descriptors of this process. */
size_t host_open_fds(void);

#endif
