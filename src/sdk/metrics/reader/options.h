/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COTEL_SRC_SDK_METRICS_READER_OPTIONS_H
#define COTEL_SRC_SDK_METRICS_READER_OPTIONS_H

#include <cotel/sdk/metric_reader.h>

/* What a program gave (NULL: all defaults), over the defaults. @return false when it can't be. */
bool ct_reader_options_read(cotel_metric_reader_options *whole,
                            const cotel_metric_reader_options *given);

/* A copy of what was read, with all that it points to but the producers themselves and the filter.
 * @return false when memory is out. */
bool ct_reader_options_copy(cotel_metric_reader_options *copy,
                            const cotel_metric_reader_options *options);
void ct_reader_options_fini(cotel_metric_reader_options *options);

#endif
