/* SPDX-License-Identifier: Apache-2.0 */
#include "sdk/resource/encode.h"

#include "wire/field_numbers.h"
#include "wire/value.h"
#include "wire/writer.h"

static size_t keys_size(uint32_t field, const cotel_attribute *attributes, size_t count)
{
    size_t size = 0;
    for (size_t i = 0; i < count; i++)
        size += ct_field_bytes_size(field, attributes[i].key.size);
    return size;
}

static uint8_t *put_keys(uint8_t *at, uint32_t field, const cotel_attribute *attributes,
                         size_t count)
{
    for (size_t i = 0; i < count; i++)
        at = ct_put_field_bytes(at, field, attributes[i].key.data, attributes[i].key.size);
    return at;
}

static size_t entity_size(const cotel_entity *entity)
{
    size_t url_size = entity->schema_url.size;
    return (url_size ? ct_field_bytes_size(CT_ENTITY_REF_SCHEMA_URL, url_size) : 0) +
           ct_field_bytes_size(CT_ENTITY_REF_TYPE, entity->type.size) +
           keys_size(CT_ENTITY_REF_ID_KEYS, entity->id, entity->id_count) +
           keys_size(CT_ENTITY_REF_DESCRIPTION_KEYS, entity->description,
                     entity->description_count);
}

static uint8_t *put_entity(uint8_t *at, const cotel_entity *entity)
{
    at = ct_put_length(at, CT_RESOURCE_ENTITY_REFS, entity_size(entity));
    if (entity->schema_url.size)
        at = ct_put_field_bytes(at, CT_ENTITY_REF_SCHEMA_URL, entity->schema_url.data,
                                entity->schema_url.size);
    at = ct_put_field_bytes(at, CT_ENTITY_REF_TYPE, entity->type.data, entity->type.size);
    at = put_keys(at, CT_ENTITY_REF_ID_KEYS, entity->id, entity->id_count);
    return put_keys(at, CT_ENTITY_REF_DESCRIPTION_KEYS, entity->description,
                    entity->description_count);
}

size_t ct_resource_encoded_size(const struct ct_resource_content *content)
{
    size_t size =
        ct_attributes_size(CT_RESOURCE_ATTRIBUTES, content->attributes, content->attribute_count,
                           &ct_value_unlimited, UINT32_MAX, NULL);
    for (size_t i = 0; i < content->entity_count; i++)
        size += ct_field_bytes_size(CT_RESOURCE_ENTITY_REFS, entity_size(&content->entities[i]));
    return size;
}

uint8_t *ct_resource_encode(uint8_t *at, const struct ct_resource_content *content)
{
    at = ct_attributes_write(at, CT_RESOURCE_ATTRIBUTES, content->attributes,
                             content->attribute_count, &ct_value_unlimited, UINT32_MAX);
    for (size_t i = 0; i < content->entity_count; i++)
        at = put_entity(at, &content->entities[i]);
    return at;
}
