/* SPDX-License-Identifier: Apache-2.0 */
/* Several propagators as one. Those that are always there are constants of this type. */
#ifndef COTEL_SRC_API_PROPAGATION_COMPOSITE_H
#define COTEL_SRC_API_PROPAGATION_COMPOSITE_H

#include <cotel/propagation.h>

struct ct_composite {
    cotel_propagator base;
    size_t count;
    const cotel_propagator *const *members; /* borrowed, as what they point to */
};

extern const cotel_propagator_ops ct_composite_ops __attribute__((visibility("hidden")));

#endif
