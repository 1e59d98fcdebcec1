/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COTEL_SRC_SDK_METRICS_READER_READER_INTERNAL_H
#define COTEL_SRC_SDK_METRICS_READER_READER_INTERNAL_H

#include "sdk/metrics/reader/collect.h"
#include "sdk/metrics/reader/reader.h"

/* A reader of options that were read already, without a pipeline and without events; NULL when
 * memory is out. */
cotel_metric_reader *ct_reader_create(const cotel_metric_reader_options *options);

/* Frees it, and not what has passed to it. */
void ct_reader_free(cotel_metric_reader *reader);

#endif
