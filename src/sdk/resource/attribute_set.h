/* SPDX-License-Identifier: Apache-2.0 */
/* Attributes as a resource keeps them: copies, of valid UTF-8, each key once and none empty. */
#ifndef COTEL_SRC_SDK_RESOURCE_ATTRIBUTE_SET_H
#define COTEL_SRC_SDK_RESOURCE_ATTRIBUTE_SET_H

#include <cotel/attribute.h>

/* All zeros: an empty set. */
struct ct_attribute_set {
    cotel_attribute *items; /* in one piece with all that they point to */
    size_t count;
};

/* Of equal keys the last one is kept. False, with nothing to free, when memory is out. */
bool ct_attribute_set_init(struct ct_attribute_set *set, const cotel_attribute *attributes,
                           size_t count);

void ct_attribute_set_fini(struct ct_attribute_set *set);

/* NULL when the key is not there. */
const cotel_attribute *ct_attribute_find(const cotel_attribute *attributes, size_t count,
                                         cotel_str key);

#endif
