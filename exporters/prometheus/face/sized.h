/* SPDX-License-Identifier: Apache-2.0 */
/* Options of the caller's, which may have been compiled with an older header. */
#ifndef COTEL_EXPORTERS_PROMETHEUS_FACE_SIZED_H
#define COTEL_EXPORTERS_PROMETHEUS_FACE_SIZED_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

/* Puts what `given` (NULL: nothing) says over the defaults that `whole` holds. Both begin with
 * their size. False when that of `given` was never set. */
static inline bool ct_face_read_sized(void *whole, size_t size, const void *given)
{
    size_t given_size = size;
    if (!given)
        return true;
    memcpy(&given_size, given, sizeof given_size);
    if (given_size < sizeof given_size)
        return false;
    memcpy(whole, given, given_size < size ? given_size : size);
    return true;
}

#endif
