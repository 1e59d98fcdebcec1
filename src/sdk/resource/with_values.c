/* SPDX-License-Identifier: Apache-2.0 */
/* Resources that differ from another one in some values only. Its entities stay what they are,
 * under their new ids: this is no merge. */
#include "sdk/resource/resource.h"

#include <stdlib.h>

#include "sdk/resource/attribute_set.h"
#include "sdk/resource/entity.h"
#include "sdk/resource/findings.h"

static void change(cotel_attribute *attributes, size_t count, const cotel_attribute *changes,
                   size_t change_count)
{
    for (size_t i = 0; i < count; i++) {
        const cotel_attribute *to = ct_attribute_find(changes, change_count, attributes[i].key);
        if (to)
            attributes[i].value = to->value;
    }
}

/* Entities point into the resource's attributes: lets them point to the same places in others. */
static void move(cotel_entity *entities, size_t count, const cotel_attribute *from,
                 const cotel_attribute *to)
{
    for (size_t i = 0; i < count; i++) {
        entities[i].id = to + (entities[i].id - from);
        entities[i].description = to + (entities[i].description - from);
    }
}

cotel_status ct_resource_with_values(const cotel_resource *resource, const cotel_attribute *changes,
                                     size_t change_count, cotel_resource **out)
{
    size_t count, entity_count;
    const cotel_attribute *from = cotel_resource_attributes(resource, &count);
    const cotel_entity *from_entities = cotel_resource_entities(resource, &entity_count);
    cotel_attribute *attributes = malloc((count + 1) * sizeof *attributes);
    cotel_entity *entities = malloc((entity_count + 1) * sizeof *entities);
    cotel_status status = COTEL_STATUS_OUT_OF_MEMORY;
    if (attributes && entities) {
        memcpy(attributes, from, count * sizeof *attributes);
        memcpy(entities, from_entities, entity_count * sizeof *entities);
        change(attributes, count, changes, change_count);
        move(entities, entity_count, from, attributes);
        struct ct_resource_parts parts = ct_resource_parts(resource);
        parts.loose = attributes;
        parts.entities = entities;
        status = ct_resource_assemble(&parts, out);
    }
    free(attributes);
    free(entities);
    return status;
}

static bool has_entity_of_name(const cotel_resource *resource)
{
    size_t count;
    const cotel_entity *entities = cotel_resource_entities(resource, &count);
    for (size_t i = 0; i < count; i++) {
        if (ct_entity_has_key(&entities[i], cotel_str_of("service.name")))
            return true;
    }
    return false;
}

cotel_status ct_resource_with_service_name(const cotel_resource *resource, const char *name,
                                           cotel_resource **out)
{
    if (has_entity_of_name(resource)) {
        const cotel_attribute changed = cotel_attribute_string("service.name", name);
        return ct_resource_with_values(resource, &changed, 1, out);
    }
    const cotel_attribute id = cotel_attribute_string("service.name", name);
    const cotel_entity service = {.type = cotel_str_of("service"),
                                  .schema_url = cotel_str_of(CT_SCHEMA_URL),
                                  .id = &id,
                                  .id_count = 1};
    const struct ct_resource_parts old = ct_resource_parts(resource);
    const struct ct_resource_parts as_entity = {
        .entities = &service, .entity_count = 1, .schema_url = service.schema_url};
    const struct ct_resource_parts as_attribute = {.loose = &id, .loose_count = 1};
    /* A resource whose maker knows of no entities stays one without. */
    return ct_resource_merge_parts(&old, old.entity_count ? &as_entity : &as_attribute, out);
}
