/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COTEL_SRC_SDK_RESOURCE_PERCENT_H
#define COTEL_SRC_SDK_RESOURCE_PERCENT_H

#include <cotel/attribute.h>

/* Replaces each %XX of `in` by the byte that it stands for. `out` has room for in.size bytes.
 * False when a percent sign is not followed by two hexadecimal digits. */
bool ct_percent_decode(cotel_str in, char *out, size_t *out_size);

#endif
