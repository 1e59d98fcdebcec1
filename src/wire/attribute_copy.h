/* SPDX-License-Identifier: Apache-2.0 */
/* Deep copies of attributes, for what outlives the call that brought them: resources, scopes,
 * instruments.
 *
 * A copy is one block. The same walk is done twice, first without a block, to learn the size, then
 * to fill it; so the two can't disagree. Of equal keys the last one is kept, empty keys are left
 * out, and arrays and maps nested deeper than CT_VALUE_MAX_DEPTH become the empty value. */
#ifndef COTEL_SRC_WIRE_ATTRIBUTE_COPY_H
#define COTEL_SRC_WIRE_ATTRIBUTE_COPY_H

#include <cotel/attribute.h>

/* One walk; the caller sets `block` (NULL: only measuring) and `mends`, and `used` to 0. */
struct ct_copy {
    char *block; /* of `used` bytes of the walk that measured, aligned for any object */
    size_t used;
    bool mends; /* keys and texts are made valid UTF-8 */
};

/* Room for any objects, and a copy of such; NULL while measuring. */
void *ct_copy_take(struct ct_copy *copy, size_t size, size_t alignment);
void *ct_copy_items(struct ct_copy *copy, const void *items, size_t size, size_t alignment);

/* While measuring, the data of what these return is NULL and the size is right. */
cotel_str ct_copy_str(struct ct_copy *copy, cotel_str text);
cotel_attribute *ct_copy_attributes(struct ct_copy *copy, const cotel_attribute *attributes,
                                    size_t count, size_t *kept);

/* Both walks, mending, into a block of its own that free() releases. NULL when memory is out. */
cotel_attribute *ct_attributes_copy(const cotel_attribute *attributes, size_t count, size_t *kept);

#endif
