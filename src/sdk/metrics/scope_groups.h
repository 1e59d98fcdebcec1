/* SPDX-License-Identifier: Apache-2.0 */
/* The groups of a batch that is being made: which scope is which group. Scopes mostly follow their
 * like; a batch may hold thousands of them, so the others are found through a table. */
#ifndef COTEL_SRC_SDK_METRICS_SCOPE_GROUPS_H
#define COTEL_SRC_SDK_METRICS_SCOPE_GROUPS_H

#include <cotel/sdk/exporter.h>

struct ct_scope_groups {
    const cotel_scope_view **scopes; /* of each group */
    uint32_t count;
    uint32_t capacity;
    uint32_t *table; /* open-addressed, twice as long as `capacity`: 1 + a group; 0: free */
};

#define CT_SCOPE_GROUP_NONE UINT32_MAX

/* The group of a scope, a new one if need be; CT_SCOPE_GROUP_NONE when memory is out. */
uint32_t ct_scope_groups_get(struct ct_scope_groups *groups, const cotel_scope_view *scope);

/* Forgets the groups and keeps the memory. */
void ct_scope_groups_clear(struct ct_scope_groups *groups);

void ct_scope_groups_fini(struct ct_scope_groups *groups);

#endif
