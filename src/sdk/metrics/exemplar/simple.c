/* SPDX-License-Identifier: Apache-2.0 */
/* The reservoir that keeps a uniform sample: of n measurements, each has the same chance to be
 * among those that are kept (Vitter's algorithm R). */
#include <cotel/sdk/exemplar.h>

#include <stdlib.h>

#include "base/random.h"

__extension__ typedef unsigned __int128 uint128;

struct simple_reservoir {
    cotel_exemplar_reservoir base;
    size_t places;
    uint64_t offered; /* since the last collection */
    struct ct_random random;
};

/* Evenly among 0 to limit - 1, as far as it can be told: off by limit / 2^64. */
static uint64_t random_below(struct ct_random *random, uint64_t limit)
{
    return (uint64_t)((uint128)ct_random_next(random) * limit >> 64);
}

static int offer(cotel_exemplar_reservoir *self, const cotel_measurement *measurement)
{
    struct simple_reservoir *reservoir = (struct simple_reservoir *)self;
    uint64_t place = reservoir->offered++;
    if (place >= reservoir->places)
        place = random_below(&reservoir->random, reservoir->offered);
    return place < reservoir->places ? (int)place : -1;
}

static void collected(cotel_exemplar_reservoir *self)
{
    ((struct simple_reservoir *)self)->offered = 0;
}

static void destroy(cotel_exemplar_reservoir *self)
{
    free(self);
}

static const cotel_exemplar_reservoir_ops ops = {
    .size = sizeof ops,
    .offer = offer,
    .collected = collected,
    .destroy = destroy,
};

cotel_exemplar_reservoir *cotel_exemplar_reservoir_simple(size_t places)
{
    if (places == 0 || places > COTEL_EXEMPLAR_MAX_PLACES)
        return NULL;
    struct simple_reservoir *reservoir = calloc(1, sizeof *reservoir);
    if (!reservoir)
        return NULL;
    reservoir->base.ops = &ops;
    reservoir->places = places;
    ct_random_seed(&reservoir->random);
    return &reservoir->base;
}
