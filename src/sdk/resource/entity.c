/* SPDX-License-Identifier: Apache-2.0 */
#include "sdk/resource/entity.h"

#include "sdk/resource/attribute_set.h"
#include "wire/str.h"
#include "wire/value_equal.h"

bool ct_entity_identifies(const cotel_entity *entity, cotel_str key)
{
    return ct_attribute_find(entity->id, entity->id_count, key) != NULL;
}

bool ct_entity_has_key(const cotel_entity *entity, cotel_str key)
{
    return ct_entity_identifies(entity, key) ||
           ct_attribute_find(entity->description, entity->description_count, key) != NULL;
}

static bool has_any_key(const cotel_entity *entity, const cotel_attribute *attributes, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (ct_entity_has_key(entity, attributes[i].key))
            return true;
    }
    return false;
}

bool ct_entities_overlap(const cotel_entity *a, const cotel_entity *b)
{
    return has_any_key(a, b->id, b->id_count) ||
           has_any_key(a, b->description, b->description_count);
}

bool ct_entities_have_one_type(const cotel_entity *a, const cotel_entity *b)
{
    return ct_str_equal(a->type, b->type);
}

bool ct_entities_are_one(const cotel_entity *a, const cotel_entity *b)
{
    return ct_entities_have_one_type(a, b) &&
           ct_attributes_equal(a->id, a->id_count, b->id, b->id_count);
}
