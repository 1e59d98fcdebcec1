/* SPDX-License-Identifier: Apache-2.0 */
/* When attributes say the same: as sets, whose order does not matter; of equal keys the last one
 * counts, one with an empty key is not there, and what is nested too deep is the empty value. */
#ifndef COTEL_SRC_WIRE_VALUE_EQUAL_H
#define COTEL_SRC_WIRE_VALUE_EQUAL_H

#include <cotel/attribute.h>

bool ct_attributes_equal(const cotel_attribute *a, size_t a_count, const cotel_attribute *b,
                         size_t b_count);

#endif
