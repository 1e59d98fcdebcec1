/* SPDX-License-Identifier: Apache-2.0 */
#include "sdk/metrics/exemplar/default_factory.h"

/* Of a simple reservoir, as the specification has it for exponential histograms. */
#define PLACES_MAX 20

static cotel_exemplar_reservoir *create_single(void *user, size_t *places)
{
    *places = 1;
    return cotel_exemplar_reservoir_simple(*places);
}

static cotel_exemplar_reservoir *create_many(void *user, size_t *places)
{
    *places = PLACES_MAX;
    return cotel_exemplar_reservoir_simple(*places);
}

static cotel_exemplar_reservoir *create_aligned(void *user, size_t *places)
{
    const struct ct_explicit_config *config = user;
    *places = config->count + 1;
    return cotel_exemplar_reservoir_aligned(config->boundaries, config->count);
}

static cotel_exemplar_reservoir *create_exponential(void *user, size_t *places)
{
    const struct ct_exponential_config *config = user;
    *places = config->max_buckets < PLACES_MAX ? config->max_buckets : PLACES_MAX;
    return cotel_exemplar_reservoir_simple(*places);
}

cotel_exemplar_reservoir_factory ct_exemplar_factory_single(void)
{
    return (cotel_exemplar_reservoir_factory){.size = sizeof(cotel_exemplar_reservoir_factory),
                                              .create = create_single};
}

cotel_exemplar_reservoir_factory ct_exemplar_factory_explicit(
    const struct ct_explicit_config *config)
{
    cotel_exemplar_reservoir_factory factory = {.size = sizeof factory, .user = (void *)config};
    if (config->count == 0)
        factory.create = create_single;
    else if (config->count < COTEL_EXEMPLAR_MAX_PLACES)
        factory.create = create_aligned;
    else
        factory.create = create_many;
    return factory;
}

cotel_exemplar_reservoir_factory ct_exemplar_factory_exponential(
    const struct ct_exponential_config *config)
{
    return (cotel_exemplar_reservoir_factory){.size = sizeof(cotel_exemplar_reservoir_factory),
                                              .create = create_exponential,
                                              .user = (void *)config};
}
