/* SPDX-License-Identifier: Apache-2.0 */
/* Stands in for forward.c where there is no libcurl. */
#include "view/forward.h"

#include <errno.h>

struct ct_forward *ct_forward_create(const char *url)
{
    (void)url;
    errno = ENOTSUP;
    return NULL;
}

void ct_forward_hand_on(struct ct_forward *forward, enum ct_format format, const uint8_t *body,
                        size_t size_bytes)
{
    (void)forward, (void)format, (void)body, (void)size_bytes;
}

void ct_forward_destroy(struct ct_forward *forward)
{
    (void)forward;
}
