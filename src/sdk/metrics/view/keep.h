/* SPDX-License-Identifier: Apache-2.0 */
/* What streams point to and neither a view nor an instrument has: kept as long as the views are,
 * once however many streams ask for it. A provider has as many as there are different ones, which
 * is few: so they are simply gone through. */
#ifndef COTEL_SRC_SDK_METRICS_VIEW_KEEP_H
#define COTEL_SRC_SDK_METRICS_VIEW_KEEP_H

#include <stddef.h>

struct ct_key_filter;
struct ct_kept_filter;
struct ct_kept_boundaries;

/* All zeros is empty. */
struct ct_keep {
    struct ct_kept_filter *filters;
    struct ct_kept_boundaries *boundaries;
};

/* Takes a filter over, also on failure, and returns the one that is kept; NULL when memory is out,
 * and for NULL. */
const struct ct_key_filter *ct_keep_filter(struct ct_keep *keep, struct ct_key_filter *filter);

/* Copies boundaries. NULL when memory is out, never for a count of 0. */
const double *ct_keep_boundaries(struct ct_keep *keep, const double *boundaries, size_t count);

/* Frees all. */
void ct_keep_fini(struct ct_keep *keep);

#endif
