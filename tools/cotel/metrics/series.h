/* SPDX-License-Identifier: Apache-2.0 */
/* What a sample has to be in its family, and that no series is there twice. */
#ifndef COTEL_TOOLS_COTEL_METRICS_SERIES_H
#define COTEL_TOOLS_COTEL_METRICS_SERIES_H

#include "metrics/exposition.h"
#include "metrics/keys.h"

/* Zeroed is empty. */
struct ct_series {
    struct ct_keys keys;
};

/* False, with the reason: a series of that name, labels and time has been there, a bucket has no
 * boundary, or a quantile is none. */
bool ct_series_check(struct ct_series *series, struct ct_exposition *exposition,
                     const struct ct_family *family, const struct ct_sample *sample,
                     struct ct_fault *fault);

/* A text that is the same for the same name, time and labels, in whatever order these come; `but`
 * is a label that does not count, or NULL. It lies in the arena. False: memory is out. */
bool ct_series_key(struct ct_arena *arena, const struct ct_sample *sample, const char *but,
                   struct ct_text *key);

void ct_series_fini(struct ct_series *series);

#endif
