/* SPDX-License-Identifier: Apache-2.0 */
#include "sdk/metrics/scope_table.h"

#include <stdalign.h>
#include <stdlib.h>

#include "base/fork.h"

#define CHAINS 256 /* a power of two */

/* A block: this, the scope's own copy, the encoded scope. */
struct entry {
    struct entry *next;
    uint32_t hash;
    struct ct_scope scope;
    cotel_scope_view view;
};

const cotel_scope_view ct_scope_empty = {.attributes = NULL};

/* An entry is complete before its chain begins with it, so the table is right for a child that was
 * forked while another thread was adding, too. */
static struct ct_fork_lock lock = CT_FORK_LOCK_INIT;
static struct entry *chains[CHAINS];
static size_t entry_count;
static _Atomic uint64_t lost;

static const struct entry *find(const struct ct_scope *scope, uint32_t hash)
{
    const struct entry *entry = chains[hash % CHAINS];
    while (entry != NULL && !(entry->hash == hash && ct_scope_equal(&entry->scope, scope)))
        entry = entry->next;
    return entry;
}

static struct entry *entry_create(const struct ct_scope *scope, uint32_t hash)
{
    const size_t align = alignof(max_align_t);
    const size_t head = (sizeof(struct entry) + align - 1) / align * align;
    size_t copied = ct_scope_copy_size(scope);
    size_t encoded = ct_scope_encoded_size(scope);
    char *block = malloc(head + copied + encoded);
    if (block == NULL)
        return NULL;

    struct entry *entry = (struct entry *)(void *)block;
    entry->hash = hash;
    ct_scope_copy(scope, block + head, &entry->scope);
    (void)ct_scope_encode((uint8_t *)block + head + copied, scope);
    entry->view = (cotel_scope_view){.name = entry->scope.name,
                                     .version = entry->scope.version,
                                     .schema_url = entry->scope.schema_url,
                                     .attributes = entry->scope.attributes,
                                     .attribute_count = entry->scope.attribute_count,
                                     .encoded = cotel_str_n(block + head + copied, encoded)};
    return entry;
}

/* Under the lock. */
static const struct entry *add(const struct ct_scope *scope, uint32_t hash)
{
    struct entry *entry = entry_count < CT_SCOPE_TABLE_MAX ? entry_create(scope, hash) : NULL;
    if (entry == NULL)
        return NULL;
    entry->next = chains[hash % CHAINS];
    chains[hash % CHAINS] = entry;
    entry_count++;
    return entry;
}

const cotel_scope_view *ct_scope_table_get(const struct ct_scope *scope)
{
    uint32_t hash = ct_scope_hash(scope);
    (void)ct_fork_lock(&lock); /* nothing to put right, see above */
    const struct entry *entry = find(scope, hash);
    if (entry == NULL)
        entry = add(scope, hash);
    ct_fork_unlock(&lock);
    if (entry != NULL)
        return &entry->view;
    /* Relaxed: a count of its own. */
    atomic_fetch_add_explicit(&lost, 1, memory_order_relaxed);
    return &ct_scope_empty;
}

uint64_t ct_scope_table_lost(void)
{
    return atomic_load_explicit(&lost, memory_order_relaxed);
}
