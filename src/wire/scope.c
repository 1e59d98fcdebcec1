/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/scope.h"

#include "base/hash.h"
#include "wire/attribute_copy.h"
#include "wire/field_numbers.h"
#include "wire/str.h"
#include "wire/unique_keys.h"
#include "wire/value.h"
#include "wire/value_equal.h"

static uint32_t hash_str(cotel_str text)
{
    return ct_hash(text.data ? text.data : "", text.data ? text.size : 0);
}

/* Values are left out, and keys are added up: the order must not matter. */
uint32_t ct_scope_hash(const struct ct_scope *scope)
{
    uint32_t parts[4] = {hash_str(scope->name), hash_str(scope->version),
                         hash_str(scope->schema_url), 0};
    struct ct_unique_keys unique;
    ct_unique_keys_begin(&unique, scope->attributes, scope->attribute_count);
    for (const cotel_attribute *item; (item = ct_unique_keys_next(&unique)) != NULL;)
        parts[3] += hash_str(item->key);
    ct_unique_keys_end(&unique);
    return ct_hash(parts, sizeof parts);
}

bool ct_scope_equal(const struct ct_scope *a, const struct ct_scope *b)
{
    return ct_str_equal(a->name, b->name) && ct_str_equal(a->version, b->version) &&
           ct_str_equal(a->schema_url, b->schema_url) &&
           ct_attributes_equal(a->attributes, a->attribute_count, b->attributes,
                               b->attribute_count);
}

/* Texts stay as they were given, so that the same scope, asked for again, is found. */
static size_t copy_scope(struct ct_copy *copy, const struct ct_scope *from, struct ct_scope *to)
{
    /* The attributes first, since a block is aligned at its start. */
    to->attributes =
        ct_copy_attributes(copy, from->attributes, from->attribute_count, &to->attribute_count);
    to->name = ct_copy_str(copy, from->name);
    to->version = ct_copy_str(copy, from->version);
    to->schema_url = ct_copy_str(copy, from->schema_url);
    return copy->used;
}

size_t ct_scope_copy_size(const struct ct_scope *scope)
{
    struct ct_copy measure = {.block = NULL};
    struct ct_scope unused;
    return copy_scope(&measure, scope, &unused);
}

void ct_scope_copy(const struct ct_scope *from, void *block, struct ct_scope *to)
{
    struct ct_copy fill = {.block = block};
    (void)copy_scope(&fill, from, to);
}

size_t ct_scope_encoded_size(const struct ct_scope *scope)
{
    return ct_text_field_size(CT_SCOPE_NAME, scope->name) +
           ct_text_field_size(CT_SCOPE_VERSION, scope->version) +
           ct_attributes_size(CT_SCOPE_ATTRIBUTES, scope->attributes, scope->attribute_count,
                              &ct_value_unlimited, UINT32_MAX, NULL);
}

uint8_t *ct_scope_encode(uint8_t *at, const struct ct_scope *scope)
{
    at = ct_text_field_write(at, CT_SCOPE_NAME, scope->name);
    at = ct_text_field_write(at, CT_SCOPE_VERSION, scope->version);
    return ct_attributes_write(at, CT_SCOPE_ATTRIBUTES, scope->attributes, scope->attribute_count,
                               &ct_value_unlimited, UINT32_MAX);
}
