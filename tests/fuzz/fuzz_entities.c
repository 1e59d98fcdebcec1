/* SPDX-License-Identifier: Apache-2.0 */
/* Any text as OTEL_ENTITIES: a resource comes of it whose entities keep the rules: each has a type
 * and an id, no key is there twice, every attribute belongs to one of them. What it says of itself
 * can be merged with itself and says the same. */
#include <cotel/sdk/resource.h>

#include "fuzz.h"

static void check_keys(const cotel_attribute *attributes, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        MUST(attributes[i].key.size > 0);
        for (size_t j = 0; j < i; j++)
            MUST(attributes[i].key.size != attributes[j].key.size ||
                 memcmp(attributes[i].key.data, attributes[j].key.data, attributes[i].key.size) !=
                     0);
    }
}

static void check(const cotel_resource *resource)
{
    size_t count, entity_count, loose, sum = 0;
    const cotel_attribute *attributes = cotel_resource_attributes(resource, &count);
    const cotel_entity *entities = cotel_resource_entities(resource, &entity_count);
    (void)cotel_resource_loose_attributes(resource, &loose);
    check_keys(attributes, count);
    for (size_t i = 0; i < entity_count; i++) {
        MUST(entities[i].type.size > 0 && entities[i].id_count > 0);
        MUST(entities[i].id == attributes + sum);
        sum += entities[i].id_count + entities[i].description_count;
    }
    MUST(loose == 0 && sum == count);
}

static void check_merged(const cotel_resource *resource)
{
    cotel_resource *both = NULL;
    MUST(cotel_resource_merge(resource, resource, &both) == COTEL_STATUS_OK);
    cotel_str one = cotel_resource_encoded(resource), two = cotel_resource_encoded(both);
    MUST(one.size == two.size && memcmp(one.data, two.data, one.size) == 0);
    cotel_resource_unref(both);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = malloc(size + 1);
    MUST(text);
    if (size > 0)
        memcpy(text, data, size);
    text[size] = '\0';
    MUST(setenv("OTEL_ENTITIES", text, 1) == 0);
    free(text);

    cotel_resource *resource = NULL;
    MUST(cotel_resource_detect(COTEL_DETECT_ENVIRONMENT, &resource) == COTEL_STATUS_OK);
    check(resource);
    check_merged(resource);
    cotel_resource_unref(resource);
    return 0;
}
