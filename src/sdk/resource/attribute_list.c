/* SPDX-License-Identifier: Apache-2.0 */
#include "sdk/resource/attribute_list.h"

#include <assert.h>
#include <stdlib.h>

#include "wire/attribute_copy.h"

#define FIRST_CAPACITY 16

void ct_attribute_list_cut(struct ct_attribute_list *list, size_t count)
{
    while (list->count > count)
        free(list->copies[--list->count]);
}

void ct_attribute_list_remove(struct ct_attribute_list *list, size_t index)
{
    free(list->copies[index]);
    list->count--;
    for (size_t i = index; i < list->count; i++) {
        list->items[i] = list->items[i + 1];
        list->copies[i] = list->copies[i + 1];
    }
}

void ct_attribute_list_fini(struct ct_attribute_list *list)
{
    ct_attribute_list_cut(list, 0);
    free(list->items);
    free(list->copies);
    *list = (struct ct_attribute_list){.items = NULL};
}

static bool grow(struct ct_attribute_list *list)
{
    size_t capacity = list->capacity ? 2 * list->capacity : FIRST_CAPACITY;
    cotel_attribute *items = realloc(list->items, capacity * sizeof *items);
    if (items)
        list->items = items;
    cotel_attribute **copies = realloc(list->copies, capacity * sizeof(cotel_attribute *));
    if (copies)
        list->copies = copies;
    if (!items || !copies)
        return false;
    list->capacity = capacity;
    return true;
}

void ct_attribute_list_add(struct ct_attribute_list *list, cotel_attribute attribute)
{
    if (list->failed)
        return;
    size_t kept;
    cotel_attribute *copy = ct_attributes_copy(&attribute, 1, &kept);
    assert(!copy || kept == 1);
    if (!copy || (list->count == list->capacity && !grow(list))) {
        free(copy);
        list->failed = true;
        return;
    }
    list->copies[list->count] = copy;
    list->items[list->count++] = *copy;
}
