/* SPDX-License-Identifier: Apache-2.0 */
/* Looking into resources. */
#ifndef COTEL_TESTS_UNIT_SDK_RESOURCE_LOOK_H
#define COTEL_TESTS_UNIT_SDK_RESOURCE_LOOK_H

#include <cotel/sdk/resource.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static inline size_t count_of(const cotel_resource *resource)
{
    size_t count;
    (void)cotel_resource_attributes(resource, &count);
    return count;
}

static inline bool has(const cotel_resource *resource, const char *key)
{
    cotel_value value;
    return cotel_resource_get(resource, cotel_str_of(key), &value);
}

static inline cotel_value value_of(const cotel_resource *resource, const char *key)
{
    cotel_value value;
    if (!cotel_resource_get(resource, cotel_str_of(key), &value))
        fail_msg("there is no %s", key);
    return value;
}

static inline cotel_str text_of(const cotel_resource *resource, const char *key)
{
    cotel_value value = value_of(resource, key);
    assert_int_equal(value.type, COTEL_VALUE_STRING);
    return value.as.string;
}

static inline void assert_text(const cotel_resource *resource, const char *key, const char *text)
{
    cotel_str found = text_of(resource, key);
    assert_int_equal(found.size, strlen(text));
    assert_memory_equal(found.data, text, found.size);
}

static inline cotel_resource *a_resource(const cotel_attribute *attributes, size_t count,
                                         const char *schema_url)
{
    cotel_resource *resource = NULL;
    assert_int_equal(cotel_resource_create(attributes, count, schema_url, &resource),
                     COTEL_STATUS_OK);
    return resource;
}

static inline cotel_resource *detected(uint32_t what)
{
    cotel_resource *resource = NULL;
    assert_int_equal(cotel_resource_detect(what, &resource), COTEL_STATUS_OK);
    return resource;
}

#endif
