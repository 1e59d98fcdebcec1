/* SPDX-License-Identifier: Apache-2.0 */
/* What a reader gets of its provider's streams. */
#ifndef COTEL_SRC_SDK_METRICS_COLLECT_H
#define COTEL_SRC_SDK_METRICS_COLLECT_H

#include "sdk/metrics/meter_provider.h"

/* The `collect` of a reader's source; `user` is the provider. */
cotel_status ct_meter_provider_collect(void *user, cotel_metric_reader *reader,
                                       cotel_metric_writer *writer, uint64_t deadline_ns);

#endif
