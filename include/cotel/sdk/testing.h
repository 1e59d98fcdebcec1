/* SPDX-License-Identifier: Apache-2.0 */
/** @file testing.h
 *  For tests of instrumented code: an exporter that keeps what it gets.
 */
#ifndef COTEL_SDK_TESTING_H
#define COTEL_SDK_TESTING_H

#include <cotel/sdk/exporter.h>
#include <cotel/sdk/metric_data.h>
#include <cotel/status.h>
#include <cotel/visibility.h>

COTEL_BEGIN_DECLS

/** Keeps every batch in memory, without bound. Counted: the maker holds one reference, the
 *  processor or periodic reader that gets its exporter another one. */
typedef struct cotel_memory_exporter cotel_memory_exporter;

/** @return OK, INVALID_ARGUMENT, OUT_OF_MEMORY. Since 0.1. */
COTEL_API cotel_status cotel_memory_exporter_create(cotel_memory_exporter **out) COTEL_MUST_CHECK;

/** The exporter to give to a processor or to a periodic reader; once. Since 0.1. */
COTEL_API cotel_exporter *cotel_memory_exporter_as_exporter(cotel_memory_exporter *memory);

/** How many spans it has got. Any thread. Since 0.1. */
COTEL_API size_t cotel_memory_exporter_count(cotel_memory_exporter *memory);

/** The index-th span in the order of arrival; `scope` and `resource` may be NULL. Borrowed until it
 *  is cleared or destroyed. @return false when there are not that many. Any thread. Since 0.1. */
COTEL_API bool cotel_memory_exporter_get(cotel_memory_exporter *memory, size_t index,
                                         cotel_span_view *span, const cotel_scope_view **scope,
                                         cotel_resource **resource);

/** How many metrics it has got, and the index-th of them in the order of arrival: as for spans. A
 *  metric that was collected twice is there twice. Since 0.1. */
COTEL_API size_t cotel_memory_exporter_metric_count(cotel_memory_exporter *memory);
COTEL_API bool cotel_memory_exporter_get_metric(cotel_memory_exporter *memory, size_t index,
                                                cotel_metric_data *metric,
                                                const cotel_scope_view **scope,
                                                cotel_resource **resource);

/** How many batches it has got, and the index-th of them, spans or metrics, in the order of
 *  arrival; NULL when there are not that many. Yours to unref. Any thread. Since 0.1. */
COTEL_API size_t cotel_memory_exporter_batch_count(cotel_memory_exporter *memory);
COTEL_API cotel_batch *cotel_memory_exporter_get_batch(cotel_memory_exporter *memory, size_t index);

/** Forgets what it has got. Any thread. Since 0.1. */
COTEL_API void cotel_memory_exporter_clear(cotel_memory_exporter *memory);

/** Gives the maker's reference back. Takes NULL. Since 0.1. */
COTEL_API void cotel_memory_exporter_destroy(cotel_memory_exporter *memory);

COTEL_END_DECLS

#endif
