/* SPDX-License-Identifier: Apache-2.0 */
/* Two resources become one, by the rules of resource/data-model.md. Without entities these come to:
 * the later attribute wins. The specification leaves one case to an example: an attribute that
 * belongs to no entity, over one of an entity. There an entity with another id is another one, so
 * all that was known of it goes; one that is only described differently is still there, and what
 * else was said of it stays true, though nobody's. */
#include <cotel/sdk/diagnostics.h>

#include <stdlib.h>

#include "sdk/resource/attribute_set.h"
#include "sdk/resource/entity.h"
#include "sdk/resource/resource.h"
#include "wire/str.h"

#define COMPONENT "resource"

/* The result while it is being made. */
struct merging {
    cotel_attribute *loose; /* of equal keys the last one will count */
    size_t loose_count;
    cotel_entity *entities;
    cotel_attribute **merged; /* for each entity: NULL, or its description if it is a new one */
    size_t entity_count;
};

static size_t count_all(const struct ct_resource_parts *parts)
{
    size_t count = parts->loose_count;
    for (size_t i = 0; i < parts->entity_count; i++)
        count += parts->entities[i].id_count + parts->entities[i].description_count;
    return count;
}

static void end(struct merging *merging)
{
    for (size_t i = 0; i < merging->entity_count; i++)
        free(merging->merged[i]);
    free(merging->merged);
    free(merging->entities);
    free(merging->loose);
}

static bool begin(struct merging *merging, const struct ct_resource_parts *old,
                  const struct ct_resource_parts *updating)
{
    size_t entities = old->entity_count + updating->entity_count;
    *merging = (struct merging){.loose = NULL};
    merging->loose = calloc(count_all(old) + updating->loose_count + 1, sizeof *merging->loose);
    merging->entities = calloc(entities + 1, sizeof *merging->entities);
    merging->merged = calloc(entities + 1, sizeof *merging->merged);
    if (merging->loose && merging->entities && merging->merged)
        return true;
    end(merging);
    return false;
}

static void tell(const cotel_entity *entity, const char *why)
{
    cotel_diagnostics_report(COTEL_LOG_INFO, COMPONENT, "the entity \"%.*s\" is left out: %s",
                             (int)entity->type.size, entity->type.data, why);
}

/* ---- attributes that belong to no entity ---------------------------------------------------- */

static void add_loose(struct merging *merging, const cotel_attribute *attributes, size_t count)
{
    for (size_t i = 0; i < count; i++)
        merging->loose[merging->loose_count++] = attributes[i];
}

static bool belongs_to_an_entity(const struct merging *merging, cotel_str key)
{
    for (size_t i = 0; i < merging->entity_count; i++) {
        if (ct_entity_has_key(&merging->entities[i], key))
            return true;
    }
    return false;
}

/* An entity that came later takes its keys over. */
static void give_way(struct merging *merging)
{
    size_t kept = 0;
    for (size_t i = 0; i < merging->loose_count; i++) {
        if (!belongs_to_an_entity(merging, merging->loose[i].key))
            merging->loose[kept++] = merging->loose[i];
    }
    merging->loose_count = kept;
}

/* ---- entities ------------------------------------------------------------------------------- */

enum override { UNTOUCHED, DESCRIBED_ANEW, IDENTIFIED_ANEW };

static enum override override_of(const cotel_entity *entity, const struct ct_resource_parts *parts)
{
    enum override found = UNTOUCHED;
    for (size_t i = 0; i < parts->loose_count; i++) {
        if (ct_entity_identifies(entity, parts->loose[i].key))
            return IDENTIFIED_ANEW;
        if (ct_entity_has_key(entity, parts->loose[i].key))
            found = DESCRIBED_ANEW;
    }
    return found;
}

static void add_old_entity(struct merging *merging, const cotel_entity *entity,
                           const struct ct_resource_parts *updating)
{
    enum override override = override_of(entity, updating);
    if (override == UNTOUCHED) {
        merging->entities[merging->entity_count++] = *entity;
        return;
    }
    tell(entity, "an attribute has taken the place of one of its own");
    if (override == DESCRIBED_ANEW) {
        add_loose(merging, entity->id, entity->id_count);
        add_loose(merging, entity->description, entity->description_count);
    }
}

/* Both describe the same thing: the newer words win. */
static bool add_description(struct merging *merging, size_t index, const cotel_entity *from)
{
    cotel_entity *to = &merging->entities[index];
    size_t count = 0;
    cotel_attribute *all =
        malloc((to->description_count + from->description_count + 1) * sizeof *all);
    if (!all)
        return false;
    for (size_t i = 0; i < to->description_count; i++) {
        if (!ct_entity_has_key(from, to->description[i].key))
            all[count++] = to->description[i];
    }
    for (size_t i = 0; i < from->description_count; i++)
        all[count++] = from->description[i];
    free(merging->merged[index]);
    merging->merged[index] = all;
    to->description = all;
    to->description_count = count;
    return true;
}

static bool add_new_entity(struct merging *merging, const cotel_entity *entity)
{
    for (size_t i = 0; i < merging->entity_count; i++) {
        const cotel_entity *known = &merging->entities[i];
        if (!ct_entities_have_one_type(known, entity))
            continue;
        if (!ct_entities_are_one(known, entity))
            tell(entity, "there is one of that type with another id");
        else if (!ct_str_equal(known->schema_url, entity->schema_url))
            tell(entity, "there is the same by another schema");
        else
            return add_description(merging, i, entity);
        return true;
    }
    merging->entities[merging->entity_count++] = *entity;
    return true;
}

static void remove_entity(struct merging *merging, size_t index)
{
    free(merging->merged[index]);
    merging->entity_count--;
    for (size_t i = index; i < merging->entity_count; i++) {
        merging->entities[i] = merging->entities[i + 1];
        merging->merged[i] = merging->merged[i + 1];
    }
    merging->merged[merging->entity_count] = NULL;
}

/* On the wire a key has one value, whoever it belongs to. */
static void remove_overlapping(struct merging *merging)
{
    for (size_t i = 0; i < merging->entity_count; i++) {
        for (size_t j = merging->entity_count - 1; j > i; j--) {
            if (!ct_entities_overlap(&merging->entities[i], &merging->entities[j]))
                continue;
            tell(&merging->entities[j], "it has a key of an entity before it");
            remove_entity(merging, j);
        }
    }
}

/* ---- schema urls ---------------------------------------------------------------------------- */

static cotel_str merge_urls(cotel_str old, cotel_str updating)
{
    if (old.size == 0 || ct_str_equal(old, updating))
        return updating;
    return updating.size == 0 ? old : cotel_str_n(NULL, 0);
}

static cotel_str url_of_all(const cotel_entity *entities, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        if (!ct_str_equal(entities[0].schema_url, entities[i].schema_url))
            return cotel_str_n(NULL, 0);
    }
    return entities[0].schema_url;
}

static cotel_str schema_url(const struct merging *merging, cotel_str old, cotel_str updating)
{
    cotel_str url = merging->entity_count ? url_of_all(merging->entities, merging->entity_count)
                                          : merge_urls(old, updating);
    if (url.size == 0 && old.size != 0 && updating.size != 0)
        cotel_diagnostics_report(
            COTEL_LOG_WARNING, COMPONENT,
            "merged resources have different schema urls, %.*s and %.*s: the result has none",
            (int)old.size, old.data, (int)updating.size, updating.data);
    return url;
}

/* ---- all together --------------------------------------------------------------------------- */

static bool merge(struct merging *merging, const struct ct_resource_parts *old,
                  const struct ct_resource_parts *updating)
{
    add_loose(merging, old->loose, old->loose_count);
    for (size_t i = 0; i < old->entity_count; i++)
        add_old_entity(merging, &old->entities[i], updating);
    for (size_t i = 0; i < updating->entity_count; i++) {
        if (!add_new_entity(merging, &updating->entities[i]))
            return false;
    }
    remove_overlapping(merging);
    give_way(merging);
    add_loose(merging, updating->loose, updating->loose_count);
    return true;
}

cotel_status ct_resource_merge_parts(const struct ct_resource_parts *old,
                                     const struct ct_resource_parts *updating, cotel_resource **out)
{
    struct merging merging;
    if (!begin(&merging, old, updating))
        return COTEL_STATUS_OUT_OF_MEMORY;
    cotel_status status = COTEL_STATUS_OUT_OF_MEMORY;
    if (merge(&merging, old, updating)) {
        const struct ct_resource_parts parts = {
            merging.loose,
            merging.loose_count,
            merging.entities,
            merging.entity_count,
            schema_url(&merging, old->schema_url, updating->schema_url),
        };
        status = ct_resource_assemble(&parts, out);
    }
    end(&merging);
    return status;
}

cotel_status cotel_resource_merge(const cotel_resource *old, const cotel_resource *updating,
                                  cotel_resource **out)
{
    if (!old || !updating || !out)
        return COTEL_STATUS_INVALID_ARGUMENT;
    const struct ct_resource_parts old_parts = ct_resource_parts(old);
    const struct ct_resource_parts updating_parts = ct_resource_parts(updating);
    return ct_resource_merge_parts(&old_parts, &updating_parts, out);
}
