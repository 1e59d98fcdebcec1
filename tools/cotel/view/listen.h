/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COTEL_TOOLS_COTEL_VIEW_LISTEN_H
#define COTEL_TOOLS_COTEL_VIEW_LISTEN_H

#include <stdint.h>

/* A socket that listens on 127.0.0.1 and blocks nobody; port 0 is any free one, and *port then
 * tells which. -1 on failure, with errno set. */
int ct_listen_on_loopback(uint16_t *port);

#endif
