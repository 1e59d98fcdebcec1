/* SPDX-License-Identifier: Apache-2.0 */
/* Attributes that are being collected, with copies of their texts. Failure sticks: after one
 * allocation that failed nothing more is added, and who collects looks at `failed` once. */
#ifndef COTEL_SRC_SDK_RESOURCE_ATTRIBUTE_LIST_H
#define COTEL_SRC_SDK_RESOURCE_ATTRIBUTE_LIST_H

#include <cotel/attribute.h>

/* All zeros: an empty list. */
struct ct_attribute_list {
    cotel_attribute *items;
    cotel_attribute **copies; /* which own the texts of the items */
    size_t count;
    size_t capacity;
    bool failed;
};

void ct_attribute_list_fini(struct ct_attribute_list *list);

/* Appends a copy. The key is not empty. */
void ct_attribute_list_add(struct ct_attribute_list *list, cotel_attribute attribute);

/* Forgets one, and keeps the order of the others. */
void ct_attribute_list_remove(struct ct_attribute_list *list, size_t index);

/* Forgets all but the first `count`. */
void ct_attribute_list_cut(struct ct_attribute_list *list, size_t count);

#endif
