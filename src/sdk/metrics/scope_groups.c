/* SPDX-License-Identifier: Apache-2.0 */
#include "sdk/metrics/scope_groups.h"

#include <stdlib.h>

#include "base/hash.h"

#define FIRST_CAPACITY 16u /* a power of two, as all that follow */
#define MOST_GROUPS (1u << 30)

/* Where a scope is in the table, or where it would go. */
static uint32_t *place_of(struct ct_scope_groups *groups, const cotel_scope_view *scope)
{
    uint32_t mask = groups->capacity * 2 - 1;
    uint32_t at = ct_hash(&scope, sizeof scope) & mask;
    while (groups->table[at] != 0 && groups->scopes[groups->table[at] - 1] != scope)
        at = (at + 1) & mask;
    return &groups->table[at];
}

static bool grow(struct ct_scope_groups *groups)
{
    uint32_t capacity = groups->capacity != 0 ? groups->capacity * 2 : FIRST_CAPACITY;
    if (capacity > MOST_GROUPS)
        return false;
    uint32_t *table = calloc((size_t)capacity * 2, sizeof *table);
    const cotel_scope_view **scopes = realloc(groups->scopes, capacity * sizeof(*scopes));
    if (scopes != NULL)
        groups->scopes = scopes;
    if (scopes == NULL || table == NULL) {
        free(table);
        return false;
    }
    free(groups->table);
    groups->table = table;
    groups->capacity = capacity;
    for (uint32_t i = 0; i < groups->count; i++)
        *place_of(groups, groups->scopes[i]) = i + 1;
    return true;
}

uint32_t ct_scope_groups_get(struct ct_scope_groups *groups, const cotel_scope_view *scope)
{
    if (groups->count == groups->capacity && !grow(groups))
        return CT_SCOPE_GROUP_NONE;
    uint32_t *place = place_of(groups, scope);
    if (*place == 0) {
        groups->scopes[groups->count] = scope;
        *place = ++groups->count;
    }
    return *place - 1;
}

void ct_scope_groups_clear(struct ct_scope_groups *groups)
{
    groups->count = 0;
    for (uint32_t i = 0; i < groups->capacity * 2; i++)
        groups->table[i] = 0;
}

void ct_scope_groups_fini(struct ct_scope_groups *groups)
{
    free(groups->scopes);
    free(groups->table);
    *groups = (struct ct_scope_groups){.count = 0};
}
