/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COTEL_SRC_SDK_METRICS_STREAM_INTERNAL_H
#define COTEL_SRC_SDK_METRICS_STREAM_INTERNAL_H

#include "sdk/metrics/stream.h"

/* NULL: there is none, or not yet. */
static inline struct ct_series *ct_stream_find(const struct ct_stream *stream,
                                               struct ct_attribute_set set, uint32_t hash)
{
    return ct_series_table_find(atomic_load_explicit(&stream->table, memory_order_acquire), set,
                                hash);
}

/* Makes sure that one more series fits into the table; the lock is held. False when memory is out.
 */
bool ct_stream_make_room(struct ct_stream *stream);

#endif
