/* SPDX-License-Identifier: Apache-2.0 */
#include "sdk/resource/resource.h"

#include <assert.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "wire/attribute_copy.h"
#include "wire/field_numbers.h"
#include "wire/str.h"
#include "wire/unique_keys.h"
#include "wire/value.h"

struct cotel_resource {
    _Atomic size_t refs;
    cotel_attribute *attributes; /* in one piece with all that they point to */
    size_t count;
    uint8_t *encoded;
    size_t encoded_size;
    size_t schema_url_size;
    char schema_url[];
};

/* Keys may have become equal when they were made valid: drops what a later one replaces. */
static bool keep_unique(cotel_resource *resource)
{
    if (resource->count == 0)
        return true;
    cotel_attribute *kept = malloc(resource->count * sizeof *kept);
    if (!kept)
        return false;
    struct ct_unique_keys unique;
    size_t count = 0;
    ct_unique_keys_begin(&unique, resource->attributes, resource->count);
    for (const cotel_attribute *item; (item = ct_unique_keys_next(&unique)) != NULL;)
        kept[count++] = *item;
    ct_unique_keys_end(&unique);
    memcpy(resource->attributes, kept, count * sizeof *kept);
    resource->count = count;
    free(kept);
    return true;
}

static bool encode(cotel_resource *resource)
{
    resource->encoded_size =
        ct_attributes_size(CT_RESOURCE_ATTRIBUTES, resource->attributes, resource->count,
                           &ct_value_unlimited, UINT32_MAX, NULL);
    /* One more, since malloc(0) may answer NULL. */
    resource->encoded = malloc(resource->encoded_size + 1);
    if (!resource->encoded)
        return false;
    const uint8_t *end =
        ct_attributes_write(resource->encoded, CT_RESOURCE_ATTRIBUTES, resource->attributes,
                            resource->count, &ct_value_unlimited, UINT32_MAX);
    assert(end == resource->encoded + resource->encoded_size);
    (void)end;
    return true;
}

static bool fill(cotel_resource *resource, const cotel_attribute *attributes, size_t count)
{
    resource->attributes = ct_attributes_copy(attributes, count, &resource->count);
    return resource->attributes && keep_unique(resource) && encode(resource);
}

cotel_status ct_resource_build(const cotel_attribute *attributes, size_t count,
                               cotel_str schema_url, cotel_resource **out)
{
    size_t url_size = ct_text_size(schema_url, UINT32_MAX);
    cotel_resource *resource = calloc(1, sizeof *resource + url_size);
    if (!resource)
        return COTEL_STATUS_OUT_OF_MEMORY;
    atomic_init(&resource->refs, 1);
    resource->schema_url_size = url_size;
    (void)ct_text_write((uint8_t *)resource->schema_url, schema_url, UINT32_MAX);
    if (!fill(resource, attributes, count)) {
        cotel_resource_unref(resource);
        return COTEL_STATUS_OUT_OF_MEMORY;
    }
    *out = resource;
    return COTEL_STATUS_OK;
}

cotel_status cotel_resource_create(const cotel_attribute *attributes, size_t count,
                                   const char *schema_url, cotel_resource **out)
{
    if (!out || (!attributes && count != 0))
        return COTEL_STATUS_INVALID_ARGUMENT;
    for (size_t i = 0; i < count; i++) {
        if (!attributes[i].key.data || attributes[i].key.size == 0)
            return COTEL_STATUS_INVALID_ARGUMENT;
    }
    return ct_resource_build(attributes, count, cotel_str_of(schema_url), out);
}

bool cotel_resource_get(const cotel_resource *resource, cotel_str key, cotel_value *out)
{
    if (!resource || !out)
        return false;
    key = ct_str(key.data, key.size);
    for (size_t i = 0; i < resource->count; i++) {
        if (!ct_str_equal(resource->attributes[i].key, key))
            continue;
        *out = resource->attributes[i].value;
        return true;
    }
    return false;
}

const cotel_attribute *cotel_resource_attributes(const cotel_resource *resource, size_t *count)
{
    if (count)
        *count = resource ? resource->count : 0;
    return resource ? resource->attributes : NULL;
}

cotel_str cotel_resource_schema_url(const cotel_resource *resource)
{
    if (!resource)
        return cotel_str_n(NULL, 0);
    return cotel_str_n(resource->schema_url, resource->schema_url_size);
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
    free(resource->attributes);
    free(resource->encoded);
    free(resource);
}
