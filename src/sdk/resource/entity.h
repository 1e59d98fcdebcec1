/* SPDX-License-Identifier: Apache-2.0 */
/* Questions about entities, whose keys are each there once. */
#ifndef COTEL_SRC_SDK_RESOURCE_ENTITY_H
#define COTEL_SRC_SDK_RESOURCE_ENTITY_H

#include <cotel/sdk/resource.h>

bool ct_entity_identifies(const cotel_entity *entity, cotel_str key);
bool ct_entity_has_key(const cotel_entity *entity, cotel_str key);

/* Whether any key of the one is one of the other. */
bool ct_entities_overlap(const cotel_entity *a, const cotel_entity *b);

bool ct_entities_have_one_type(const cotel_entity *a, const cotel_entity *b);

/* Whether they are one thing, by type and id. */
bool ct_entities_are_one(const cotel_entity *a, const cotel_entity *b);

#endif
