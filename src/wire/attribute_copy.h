/* SPDX-License-Identifier: Apache-2.0 */
/* Deep copies of attributes, for what outlives the call that brought them: resources and scopes. */
#ifndef COTEL_SRC_WIRE_ATTRIBUTE_COPY_H
#define COTEL_SRC_WIRE_ATTRIBUTE_COPY_H

#include <cotel/attribute.h>

/* A copy of `count` attributes and all that they point to, in one piece: free() releases it. Keys
 * and texts are made valid UTF-8. Arrays and maps nested deeper than CT_VALUE_MAX_DEPTH become the
 * empty value. NULL when memory is out, and when count is 0. */
cotel_attribute *ct_attributes_copy(const cotel_attribute *attributes, size_t count);

#endif
