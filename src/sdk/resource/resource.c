/* SPDX-License-Identifier: Apache-2.0 */
/* The object. Its attributes stand in one array, first those that belong to no entity, then those
 * of each entity, id before description; so an entity's are pieces of that array. */
#include "sdk/resource/resource.h"

#include <assert.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "sdk/resource/attribute_set.h"
#include "sdk/resource/encode.h"
#include "wire/attribute_copy.h"
#include "wire/str.h"
#include "wire/value.h"

struct cotel_resource {
    _Atomic size_t refs;
    struct ct_attribute_set attributes;
    size_t loose_count;
    cotel_entity *entities;
    size_t entity_count;
    uint8_t *encoded;
    size_t encoded_size;
    cotel_str schema_url;
    char *texts; /* the schema urls and the types */
};

/* ---- making it ------------------------------------------------------------------------------ */

static size_t count_attributes(const cotel_entity *entities, size_t count)
{
    size_t sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += entities[i].id_count + entities[i].description_count;
    return sum;
}

static size_t append(cotel_attribute *all, size_t count, const cotel_attribute *more,
                     size_t more_count)
{
    if (more_count != 0)
        memcpy(all + count, more, more_count * sizeof *all);
    return count + more_count;
}

/* The loose ones as a set already. */
static bool copy_attributes(cotel_resource *resource, const struct ct_attribute_set *loose,
                            const struct ct_resource_parts *parts)
{
    size_t room = loose->count + count_attributes(parts->entities, parts->entity_count);
    cotel_attribute *all = malloc((room + 1) * sizeof *all);
    if (!all)
        return false;
    size_t count = append(all, 0, loose->items, loose->count);
    for (size_t i = 0; i < parts->entity_count; i++) {
        const cotel_entity *entity = &parts->entities[i];
        count = append(all, count, entity->id, entity->id_count);
        count = append(all, count, entity->description, entity->description_count);
    }
    assert(count == room);
    bool done = ct_attribute_set_init(&resource->attributes, all, count);
    assert(!done || resource->attributes.count == count);
    resource->loose_count = loose->count;
    free(all);
    return done;
}

static cotel_str take_text(char **at, cotel_str text)
{
    char *start = *at;
    *at = (char *)ct_text_write((uint8_t *)start, text, UINT32_MAX);
    return cotel_str_n(start, (size_t)(*at - start));
}

static bool copy_texts(cotel_resource *resource, const struct ct_resource_parts *parts)
{
    size_t size = ct_text_size(parts->schema_url, UINT32_MAX);
    for (size_t i = 0; i < parts->entity_count; i++)
        size += ct_text_size(parts->entities[i].type, UINT32_MAX) +
                ct_text_size(parts->entities[i].schema_url, UINT32_MAX);
    char *at = resource->texts = malloc(size + 1);
    if (!at)
        return false;
    resource->schema_url = take_text(&at, parts->schema_url);
    for (size_t i = 0; i < parts->entity_count; i++) {
        resource->entities[i].type = take_text(&at, parts->entities[i].type);
        resource->entities[i].schema_url = take_text(&at, parts->entities[i].schema_url);
    }
    return true;
}

static bool copy_entities(cotel_resource *resource, const struct ct_resource_parts *parts)
{
    resource->entities = calloc(parts->entity_count + 1, sizeof *resource->entities);
    if (!resource->entities)
        return false;
    resource->entity_count = parts->entity_count;
    const cotel_attribute *at = resource->attributes.items + resource->loose_count;
    for (size_t i = 0; i < parts->entity_count; i++) {
        cotel_entity *to = &resource->entities[i];
        to->id = at;
        to->id_count = parts->entities[i].id_count;
        to->description = at += to->id_count;
        to->description_count = parts->entities[i].description_count;
        at += to->description_count;
    }
    return copy_texts(resource, parts);
}

static bool encode(cotel_resource *resource)
{
    const struct ct_resource_content content = {
        resource->attributes.items,
        resource->attributes.count,
        resource->entities,
        resource->entity_count,
    };
    resource->encoded_size = ct_resource_encoded_size(&content);
    /* One more, since malloc(0) may answer NULL. */
    resource->encoded = malloc(resource->encoded_size + 1);
    if (!resource->encoded)
        return false;
    const uint8_t *end = ct_resource_encode(resource->encoded, &content);
    assert(end == resource->encoded + resource->encoded_size);
    (void)end;
    return true;
}

static bool fill(cotel_resource *resource, const struct ct_resource_parts *parts)
{
    struct ct_attribute_set loose;
    if (!ct_attribute_set_init(&loose, parts->loose, parts->loose_count))
        return false;
    bool done = copy_attributes(resource, &loose, parts) && copy_entities(resource, parts) &&
                encode(resource);
    ct_attribute_set_fini(&loose);
    return done;
}

cotel_status ct_resource_assemble(const struct ct_resource_parts *parts, cotel_resource **out)
{
    cotel_resource *resource = calloc(1, sizeof *resource);
    if (!resource)
        return COTEL_STATUS_OUT_OF_MEMORY;
    atomic_init(&resource->refs, 1);
    if (!fill(resource, parts)) {
        cotel_resource_unref(resource);
        return COTEL_STATUS_OUT_OF_MEMORY;
    }
    *out = resource;
    return COTEL_STATUS_OK;
}

struct ct_resource_parts ct_resource_parts(const cotel_resource *resource)
{
    return (struct ct_resource_parts){
        .loose = resource->attributes.items,
        .loose_count = resource->loose_count,
        .entities = resource->entities,
        .entity_count = resource->entity_count,
        .schema_url = resource->schema_url,
    };
}

/* ---- looking into it ------------------------------------------------------------------------ */

bool cotel_resource_get(const cotel_resource *resource, cotel_str key, cotel_value *out)
{
    if (!resource || !out)
        return false;
    const cotel_attribute *found = ct_attribute_find(
        resource->attributes.items, resource->attributes.count, ct_str(key.data, key.size));
    if (found)
        *out = found->value;
    return found != NULL;
}

static const cotel_attribute *first_attributes(const cotel_resource *resource, size_t known,
                                               size_t *count)
{
    if (count)
        *count = known;
    return resource ? resource->attributes.items : NULL;
}

const cotel_attribute *cotel_resource_attributes(const cotel_resource *resource, size_t *count)
{
    return first_attributes(resource, resource ? resource->attributes.count : 0, count);
}

const cotel_attribute *cotel_resource_loose_attributes(const cotel_resource *resource,
                                                       size_t *count)
{
    return first_attributes(resource, resource ? resource->loose_count : 0, count);
}

const cotel_entity *cotel_resource_entities(const cotel_resource *resource, size_t *count)
{
    if (count)
        *count = resource ? resource->entity_count : 0;
    return resource ? resource->entities : NULL;
}

cotel_str cotel_resource_schema_url(const cotel_resource *resource)
{
    return resource ? resource->schema_url : cotel_str_n(NULL, 0);
}

cotel_str cotel_resource_encoded(const cotel_resource *resource)
{
    if (!resource)
        return cotel_str_n(NULL, 0);
    return cotel_str_n((const char *)resource->encoded, resource->encoded_size);
}

cotel_resource *cotel_resource_ref(cotel_resource *resource)
{
    /* Relaxed: who can take a reference has one, so the count is not the last news of anything. */
    if (resource)
        (void)atomic_fetch_add_explicit(&resource->refs, 1, memory_order_relaxed);
    return resource;
}

void cotel_resource_unref(cotel_resource *resource)
{
    /* Release: uses on this thread come before the freeing on whichever thread is last; acquire:
     * that one sees them all behind it. */
    if (!resource || atomic_fetch_sub_explicit(&resource->refs, 1, memory_order_acq_rel) != 1)
        return;
    ct_attribute_set_fini(&resource->attributes);
    free(resource->entities);
    free(resource->texts);
    free(resource->encoded);
    free(resource);
}
