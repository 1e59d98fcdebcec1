/* SPDX-License-Identifier: Apache-2.0 */
/* Handling composable samplers of any origin. */
#ifndef COTEL_SRC_SDK_SAMPLER_COMPOSABLE_H
#define COTEL_SRC_SDK_SAMPLER_COMPOSABLE_H

#include <cotel/sdk/composable_sampler.h>

#include <stdio.h>

/* Whether it can be asked: get_intent is there. NULL cannot. */
bool ct_composable_is_usable(const cotel_composable_sampler *sampler);

/* Whether destroying it frees something: then it can have one owner only. */
bool ct_composable_is_owned(const cotel_composable_sampler *sampler);

/* Its description; of one that has none, "Unnamed". */
const char *ct_composable_description(const cotel_composable_sampler *sampler);

/* Closes a stream of open_memstream(): its text, yours to free; NULL when memory was out. */
char *ct_description_finish(FILE *stream, char **text);

/* Its intent, for whoever decides or delegates. */
static inline void ct_composable_ask(cotel_composable_sampler *sampler,
                                     const cotel_composable_parameters *parameters,
                                     cotel_sampling_intent *intent)
{
    sampler->ops->get_intent(sampler, parameters, intent);
}

#endif
