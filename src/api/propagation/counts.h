/* SPDX-License-Identifier: Apache-2.0 */
/* What propagators could not use, for cotel_propagation_stats(). Counted on error paths only. */
#ifndef COTEL_SRC_API_PROPAGATION_COUNTS_H
#define COTEL_SRC_API_PROPAGATION_COUNTS_H

#include <stddef.h>

enum ct_propagation_mishap {
    CT_PROPAGATION_MALFORMED,
    CT_PROPAGATION_OVER_LIMIT,
    CT_PROPAGATION_MISHAPS
};

/* It happened `times` times, which may be 0. */
void ct_propagation_count(enum ct_propagation_mishap mishap, size_t times);

#endif
