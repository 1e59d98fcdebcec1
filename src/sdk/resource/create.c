/* SPDX-License-Identifier: Apache-2.0 */
/* Resources of what a caller gives: it is checked, copied and made valid, entity by entity, and
 * then merged by the rules that hold for all merges. */
#include "sdk/resource/resource.h"

#include <stdlib.h>

#include "sdk/resource/attribute_set.h"
#include "wire/str.h"

/* Entities with valid attributes of their own. */
struct entity_set {
    cotel_entity *entities;
    struct ct_attribute_set *attributes; /* two for each: id, description */
    size_t count;
};

static void entity_set_fini(struct entity_set *set)
{
    for (size_t i = 0; i < 2 * set->count; i++)
        ct_attribute_set_fini(&set->attributes[i]);
    free(set->attributes);
    free(set->entities);
}

/* What identifies does not describe too. */
static void leave_out(struct ct_attribute_set *description, const struct ct_attribute_set *id)
{
    size_t kept = 0;
    for (size_t i = 0; i < description->count; i++) {
        if (!ct_attribute_find(id->items, id->count, description->items[i].key))
            description->items[kept++] = description->items[i];
    }
    description->count = kept;
}

static bool entity_set_add(struct entity_set *set, const cotel_entity *from)
{
    cotel_entity *entity = &set->entities[set->count];
    struct ct_attribute_set *id = &set->attributes[2 * set->count], *description = id + 1;
    if (!ct_attribute_set_init(id, from->id, from->id_count))
        return false;
    if (!ct_attribute_set_init(description, from->description, from->description_count)) {
        ct_attribute_set_fini(id);
        return false;
    }
    set->count++;
    leave_out(description, id);
    entity->type = ct_str(from->type.data, from->type.size);
    entity->schema_url = ct_str(from->schema_url.data, from->schema_url.size);
    entity->id = id->items;
    entity->id_count = id->count;
    entity->description = description->items;
    entity->description_count = description->count;
    return true;
}

static bool is_whole(const cotel_entity *entity)
{
    return entity->type.data && entity->type.size != 0 && entity->id_count != 0;
}

static bool entity_set_init(struct entity_set *set, const cotel_entity *entities, size_t count)
{
    *set = (struct entity_set){.entities = NULL};
    set->entities = calloc(count + 1, sizeof *set->entities);
    set->attributes = calloc(2 * count + 1, sizeof *set->attributes);
    bool done = set->entities && set->attributes;
    for (size_t i = 0; done && i < count; i++)
        done = !is_whole(&entities[i]) || entity_set_add(set, &entities[i]);
    if (!done)
        entity_set_fini(set);
    return done;
}

cotel_status ct_resource_compose(const struct ct_resource_parts *parts, cotel_resource **out)
{
    if (parts->entity_count == 0)
        return ct_resource_assemble(parts, out);
    struct entity_set set;
    if (!entity_set_init(&set, parts->entities, parts->entity_count))
        return COTEL_STATUS_OUT_OF_MEMORY;
    struct ct_attribute_set loose;
    cotel_status status = COTEL_STATUS_OUT_OF_MEMORY;
    if (ct_attribute_set_init(&loose, parts->loose, parts->loose_count)) {
        const struct ct_resource_parts attributes = {
            .loose = loose.items, .loose_count = loose.count, .schema_url = parts->schema_url};
        const struct ct_resource_parts entities = {.entities = set.entities,
                                                   .entity_count = set.count};
        status = ct_resource_merge_parts(&attributes, &entities, out);
        ct_attribute_set_fini(&loose);
    }
    entity_set_fini(&set);
    return status;
}

static bool have_keys(const cotel_attribute *attributes, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (!attributes || !attributes[i].key.data || attributes[i].key.size == 0)
            return false;
    }
    return true;
}

static bool are_whole(const cotel_entity *entities, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (!entities || !is_whole(&entities[i]) ||
            !have_keys(entities[i].id, entities[i].id_count) ||
            !have_keys(entities[i].description, entities[i].description_count))
            return false;
    }
    return true;
}

cotel_status cotel_resource_create_with_entities(const cotel_attribute *attributes, size_t count,
                                                 const char *schema_url,
                                                 const cotel_entity *entities, size_t entity_count,
                                                 cotel_resource **out)
{
    if (!out || !have_keys(attributes, count) || !are_whole(entities, entity_count))
        return COTEL_STATUS_INVALID_ARGUMENT;
    const struct ct_resource_parts parts = {attributes, count, entities, entity_count,
                                            cotel_str_of(schema_url)};
    return ct_resource_compose(&parts, out);
}

cotel_status cotel_resource_create(const cotel_attribute *attributes, size_t count,
                                   const char *schema_url, cotel_resource **out)
{
    return cotel_resource_create_with_entities(attributes, count, schema_url, NULL, 0, out);
}
