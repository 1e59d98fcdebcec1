/* SPDX-License-Identifier: Apache-2.0 */
/* libcurl as a whole. */
#ifndef COTEL_EXPORTERS_NET_LIBRARY_H
#define COTEL_EXPORTERS_NET_LIBRARY_H

#include <stdbool.h>

/* Makes libcurl ready, once a process; never undone: the program may use it too. Any thread.
 * false: it cannot be used. */
bool ct_http_library_start(void);

#endif
