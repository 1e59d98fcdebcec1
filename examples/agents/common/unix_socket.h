/* SPDX-License-Identifier: Apache-2.0 */
/* Unix stream sockets, with a limit on every wait. Nothing here knows of traces. */
#ifndef AGENTS_COMMON_UNIX_SOCKET_H
#define AGENTS_COMMON_UNIX_SOCKET_H

#include <stdbool.h>
#include <stddef.h>

enum socket_result {
    SOCKET_OK,
    SOCKET_CLOSED, /* the peer closed before the first byte */
    SOCKET_TIMEOUT,
    SOCKET_FAILED
};

/* Waits for one peer at `path` and returns its connection; -1 with a message on stderr. */
int socket_accept_one(const char *path, int timeout_ms);

/* Connects to `path`, and tries again while nobody listens there yet; -1 with a message on
 * stderr. */
int socket_connect(const char *path, int timeout_ms);

/* Says that nothing more will come from here, waits until the peer has closed too, and closes. */
void socket_hang_up(int fd, int timeout_ms);

bool socket_write(int fd, const void *data, size_t size);

/* Reads exactly `size` bytes. */
enum socket_result socket_read(int fd, void *data, size_t size, int timeout_ms);

#endif
