/* SPDX-License-Identifier: Apache-2.0 */
/* The reservoir that keeps the last measurement of each bucket of a histogram. */
#include <cotel/sdk/exemplar.h>

#include <stdlib.h>

#include "sdk/metrics/aggregation/explicit.h"

struct aligned_reservoir {
    cotel_exemplar_reservoir base;
    size_t count;
    double boundaries[];
};

static int offer(cotel_exemplar_reservoir *self, const cotel_measurement *measurement)
{
    const struct aligned_reservoir *reservoir = (const struct aligned_reservoir *)self;
    return (int)ct_explicit_bucket(reservoir->boundaries, reservoir->count, measurement->floating);
}

static void destroy(cotel_exemplar_reservoir *self)
{
    free(self);
}

static const cotel_exemplar_reservoir_ops ops = {
    .size = sizeof ops,
    .offer = offer,
    .destroy = destroy,
};

cotel_exemplar_reservoir *cotel_exemplar_reservoir_aligned(const double *boundaries, size_t count)
{
    if (count >= COTEL_EXEMPLAR_MAX_PLACES || (count > 0 && !boundaries))
        return NULL;
    struct aligned_reservoir *reservoir =
        malloc(sizeof *reservoir + count * sizeof reservoir->boundaries[0]);
    if (!reservoir)
        return NULL;
    reservoir->base.ops = &ops;
    reservoir->count = count;
    if (count > 0)
        memcpy(reservoir->boundaries, boundaries, count * sizeof *boundaries);
    return &reservoir->base;
}
