/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COTEL_SRC_SDK_RESOURCE_TAKE_H
#define COTEL_SRC_SDK_RESOURCE_TAKE_H

#include <cotel/attribute.h>

/* Takes what is before the first `separator` off `rest`, and the separator too; all of it when
 * there is none. */
static inline cotel_str ct_take_until(cotel_str *rest, char separator)
{
    const char *at = rest->size ? (const char *)memchr(rest->data, separator, rest->size) : NULL;
    cotel_str taken = cotel_str_n(rest->data, at ? (size_t)(at - rest->data) : rest->size);
    size_t step = taken.size + (at ? 1 : 0);
    *rest = cotel_str_n(rest->size ? rest->data + step : NULL, rest->size - step);
    return taken;
}

#endif
