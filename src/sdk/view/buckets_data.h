/* SPDX-License-Identifier: Apache-2.0 */
/* Reading packed numbers of histograms. All of them in one piece, as every writer makes them: a
 * second piece, and numbers that are not packed, count as malformed. */
#ifndef COTEL_SRC_SDK_VIEW_BUCKETS_DATA_H
#define COTEL_SRC_SDK_VIEW_BUCKETS_DATA_H

#include "sdk/view/read.h"

/* Numbers of eight bytes, and how many there are. */
bool ct_read_packed64(const struct ct_wire_field *field, cotel_str *out, size_t *count);

/* Those of a histogram. */
bool ct_read_bucket_counts(const struct ct_wire_field *field, cotel_buckets_data *out);

/* A Buckets message of an exponential histogram. */
bool ct_read_buckets(const struct ct_wire_field *field, cotel_buckets_data *out);

#endif
