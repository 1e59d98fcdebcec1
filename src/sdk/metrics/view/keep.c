/* SPDX-License-Identifier: Apache-2.0 */
#include "sdk/metrics/view/keep.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "sdk/metrics/view/key_filter.h"

struct ct_kept_filter {
    struct ct_kept_filter *next;
    struct ct_key_filter *filter;
};

struct ct_kept_boundaries {
    struct ct_kept_boundaries *next;
    size_t count;
    double values[];
};

static const struct ct_key_filter *add_filter(struct ct_keep *keep, struct ct_key_filter *filter)
{
    struct ct_kept_filter *kept = malloc(sizeof *kept);
    if (!kept) {
        ct_key_filter_destroy(filter);
        return NULL;
    }
    *kept = (struct ct_kept_filter){keep->filters, filter};
    keep->filters = kept;
    return filter;
}

const struct ct_key_filter *ct_keep_filter(struct ct_keep *keep, struct ct_key_filter *filter)
{
    if (!filter)
        return NULL;
    for (const struct ct_kept_filter *kept = keep->filters; kept; kept = kept->next) {
        if (ct_key_filter_equal(kept->filter, filter)) {
            ct_key_filter_destroy(filter);
            return kept->filter;
        }
    }
    return add_filter(keep, filter);
}

/* By bytes: boundaries are finite, and taking 0 and -0 for two costs nothing but room. */
static bool are_boundaries(const struct ct_kept_boundaries *kept, const double *boundaries,
                           size_t count)
{
    return kept->count == count &&
           (count == 0 || memcmp(kept->values, boundaries, count * sizeof *boundaries) == 0);
}

const double *ct_keep_boundaries(struct ct_keep *keep, const double *boundaries, size_t count)
{
    struct ct_kept_boundaries *kept = keep->boundaries;
    while (kept && !are_boundaries(kept, boundaries, count))
        kept = kept->next;
    if (kept)
        return kept->values;
    kept = malloc(sizeof *kept + count * sizeof *boundaries);
    if (!kept)
        return NULL;
    kept->next = keep->boundaries;
    kept->count = count;
    for (size_t i = 0; i < count; i++)
        kept->values[i] = boundaries[i];
    keep->boundaries = kept;
    return kept->values;
}

void ct_keep_fini(struct ct_keep *keep)
{
    while (keep->filters) {
        struct ct_kept_filter *kept = keep->filters;
        keep->filters = kept->next;
        ct_key_filter_destroy(kept->filter);
        free(kept);
    }
    while (keep->boundaries) {
        struct ct_kept_boundaries *kept = keep->boundaries;
        keep->boundaries = kept->next;
        free(kept);
    }
}
