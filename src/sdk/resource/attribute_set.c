/* SPDX-License-Identifier: Apache-2.0 */
#include "sdk/resource/attribute_set.h"

#include <stdlib.h>

#include "wire/attribute_copy.h"
#include "wire/str.h"
#include "wire/unique_keys.h"

/* Keys may have become equal when they were made valid: drops what a later one replaces. */
static bool keep_unique(struct ct_attribute_set *set)
{
    if (set->count == 0)
        return true;
    cotel_attribute *kept = malloc(set->count * sizeof *kept);
    if (!kept)
        return false;
    struct ct_unique_keys unique;
    size_t count = 0;
    ct_unique_keys_begin(&unique, set->items, set->count);
    for (const cotel_attribute *item; (item = ct_unique_keys_next(&unique)) != NULL;)
        kept[count++] = *item;
    ct_unique_keys_end(&unique);
    memcpy(set->items, kept, count * sizeof *kept);
    set->count = count;
    free(kept);
    return true;
}

bool ct_attribute_set_init(struct ct_attribute_set *set, const cotel_attribute *attributes,
                           size_t count)
{
    *set = (struct ct_attribute_set){.items = NULL};
    set->items = ct_attributes_copy(attributes, count, &set->count);
    if (set->items && keep_unique(set))
        return true;
    ct_attribute_set_fini(set);
    return false;
}

void ct_attribute_set_fini(struct ct_attribute_set *set)
{
    free(set->items);
    *set = (struct ct_attribute_set){.items = NULL};
}

const cotel_attribute *ct_attribute_find(const cotel_attribute *attributes, size_t count,
                                         cotel_str key)
{
    for (size_t i = 0; i < count; i++) {
        if (ct_str_equal(attributes[i].key, key))
            return &attributes[i];
    }
    return NULL;
}
