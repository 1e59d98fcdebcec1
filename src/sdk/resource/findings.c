/* SPDX-License-Identifier: Apache-2.0 */
#include "sdk/resource/findings.h"

#include <stdlib.h>

#include "sdk/resource/resource.h"

#define FIRST_CAPACITY 4

static void fini_entity(struct ct_found_entity *entity)
{
    ct_attribute_list_fini(&entity->id);
    ct_attribute_list_fini(&entity->description);
}

void ct_findings_fini(struct ct_findings *findings)
{
    for (size_t i = 0; i < findings->count; i++)
        fini_entity(&findings->entities[i]);
    free(findings->entities);
    ct_attribute_list_fini(&findings->loose);
    *findings = (struct ct_findings){.entities = NULL};
}

static bool grow(struct ct_findings *findings)
{
    size_t capacity = findings->capacity ? 2 * findings->capacity : FIRST_CAPACITY;
    struct ct_found_entity *entities = realloc(findings->entities, capacity * sizeof *entities);
    if (!entities)
        return false;
    findings->entities = entities;
    findings->capacity = capacity;
    return true;
}

/* Attributes of what can't be told from others of its kind are still worth having. */
static void loosen(struct ct_findings *findings, const struct ct_found_entity *entity)
{
    for (size_t i = 0; i < entity->id.count; i++)
        ct_attribute_list_add(&findings->loose, entity->id.items[i]);
    for (size_t i = 0; i < entity->description.count; i++)
        ct_attribute_list_add(&findings->loose, entity->description.items[i]);
    if (entity->id.count + entity->description.count != 0)
        findings->loose_have_schema |= entity->schema_url.size != 0;
}

void ct_findings_add(struct ct_findings *findings, struct ct_found_entity *entity)
{
    bool is_whole = entity->id.count >= entity->id_keys;
    findings->failed |= entity->id.failed || entity->description.failed;
    if (is_whole && (findings->count < findings->capacity || grow(findings))) {
        findings->entities[findings->count++] = *entity;
        return;
    }
    findings->failed |= is_whole;
    loosen(findings, entity);
    fini_entity(entity);
}

void ct_findings_remove(struct ct_findings *findings, size_t index)
{
    fini_entity(&findings->entities[index]);
    findings->count--;
    for (size_t i = index; i < findings->count; i++)
        findings->entities[i] = findings->entities[i + 1];
}

static cotel_status build(const struct ct_findings *findings, cotel_entity *entities,
                          cotel_resource **out)
{
    for (size_t i = 0; i < findings->count; i++) {
        const struct ct_found_entity *from = &findings->entities[i];
        entities[i] = (cotel_entity){.type = from->type,
                                     .schema_url = from->schema_url,
                                     .id = from->id.items,
                                     .id_count = from->id.count,
                                     .description = from->description.items,
                                     .description_count = from->description.count};
    }
    const struct ct_resource_parts parts = {
        .loose = findings->loose.items,
        .loose_count = findings->loose.count,
        .entities = entities,
        .entity_count = findings->count,
        .schema_url = cotel_str_of(findings->loose_have_schema ? CT_SCHEMA_URL : NULL),
    };
    return ct_resource_compose(&parts, out);
}

cotel_status ct_findings_build(const struct ct_findings *findings, cotel_resource **out)
{
    if (findings->failed || findings->loose.failed)
        return COTEL_STATUS_OUT_OF_MEMORY;
    cotel_entity *entities = calloc(findings->count + 1, sizeof *entities);
    if (!entities)
        return COTEL_STATUS_OUT_OF_MEMORY;
    cotel_status status = build(findings, entities, out);
    free(entities);
    return status;
}
