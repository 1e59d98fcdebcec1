/* SPDX-License-Identifier: Apache-2.0 */
#include "resource_support.h"

#include <stdio.h>
#include <stdlib.h>

static int messages;
static char last[512];

static void hear(void *user, cotel_log_level level, const char *component, const char *message)
{
    messages++;
    (void)snprintf(last, sizeof last, "%s", message);
}

int resource_setup(void **state)
{
    messages = 0;
    *last = '\0';
    cotel_diagnostics_set(hear, NULL, COTEL_LOG_WARNING);
    return clearenv();
}

int resource_teardown(void **state)
{
    cotel_diagnostics_set(NULL, NULL, COTEL_LOG_ERROR);
    return 0;
}

int told(void)
{
    return messages;
}

const char *last_message(void)
{
    return last;
}

void set(const char *name, const char *value)
{
    assert_int_equal(setenv(name, value, 1), 0);
}

cotel_resource *one_attribute(const char *key, const char *text, const char *schema_url)
{
    const cotel_attribute attribute = cotel_attribute_string(key, text);
    cotel_resource *resource = NULL;
    assert_int_equal(cotel_resource_create(&attribute, 1, schema_url, &resource), COTEL_STATUS_OK);
    return resource;
}

cotel_resource *merged(cotel_resource *old, cotel_resource *updating)
{
    cotel_resource *result = NULL;
    assert_int_equal(cotel_resource_merge(old, updating, &result), COTEL_STATUS_OK);
    cotel_resource_unref(old);
    cotel_resource_unref(updating);
    return result;
}

size_t attributes_of(const cotel_resource *resource)
{
    size_t count;
    (void)cotel_resource_attributes(resource, &count);
    return count;
}

void assert_attribute(const cotel_resource *resource, const char *key, const char *text)
{
    cotel_value value;
    if (!cotel_resource_get(resource, cotel_str_of(key), &value))
        fail_msg("there is no %s", key);
    assert_int_equal(value.type, COTEL_VALUE_STRING);
    if (!text_is(value.as.string, text))
        fail_msg("%s is \"%.*s\"", key, (int)value.as.string.size, value.as.string.data);
}

void assert_no_attribute(const cotel_resource *resource, const char *key)
{
    cotel_value value;
    if (cotel_resource_get(resource, cotel_str_of(key), &value))
        fail_msg("there is %s", key);
}

const cotel_entity *entity_of(const cotel_resource *resource, const char *type)
{
    size_t count;
    const cotel_entity *entities = cotel_resource_entities(resource, &count);
    for (size_t i = 0; i < count; i++) {
        if (text_is(entities[i].type, type))
            return &entities[i];
    }
    return NULL;
}

size_t entities_of(const cotel_resource *resource)
{
    size_t count;
    (void)cotel_resource_entities(resource, &count);
    return count;
}

static size_t add_keys(char *at, const cotel_attribute *attributes, size_t count)
{
    size_t size = 0;
    for (size_t i = 0; i < count; i++) {
        if (i != 0)
            at[size++] = ',';
        memcpy(at + size, attributes[i].key.data, attributes[i].key.size);
        size += attributes[i].key.size;
    }
    return size;
}

void assert_entity(const cotel_resource *resource, const char *type, const char *expected)
{
    char keys[512];
    const cotel_entity *entity = entity_of(resource, type);
    if (!entity)
        fail_msg("there is no %s", type);
    size_t size = 0;
    keys[size++] = '{';
    size += add_keys(keys + size, entity->id, entity->id_count);
    keys[size++] = '}';
    keys[size++] = '[';
    size += add_keys(keys + size, entity->description, entity->description_count);
    keys[size++] = ']';
    keys[size] = '\0';
    assert_string_equal(keys, expected);
}
