/* SPDX-License-Identifier: Apache-2.0 */
/* The attributes of a measurement that its stream leaves out, for the exemplar it becomes. */
#ifndef COTEL_SRC_SDK_METRICS_EXEMPLAR_LEFT_OUT_H
#define COTEL_SRC_SDK_METRICS_EXEMPLAR_LEFT_OUT_H

#include "sdk/metrics/exemplar/exemplars.h"

/* Writes those that `filter` does not keep as filtered_attributes of an Exemplar, while there is
 * room. Of equal keys the last one counts. Never allocates, and looks at no more bytes of a value
 * than there is room for. @return how many bytes. */
size_t ct_left_out_write(uint8_t *at, size_t room, const cotel_measurement *measurement,
                         const struct ct_key_filter *filter);

#endif
