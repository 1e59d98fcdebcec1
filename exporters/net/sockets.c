/* SPDX-License-Identifier: Apache-2.0 */
#include "exporters/net/sockets.h"

#include <sys/socket.h>
#include <unistd.h>

curl_socket_t ct_http_sockets_open(void *sockets, curlsocktype purpose,
                                   struct curl_sockaddr *address)
{
    struct ct_http_sockets *self = sockets;
    if (self->count == CT_HTTP_MAX_SOCKETS)
        return CURL_SOCKET_BAD;
    int fd = socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
    if (fd < 0)
        return CURL_SOCKET_BAD;
    self->fds[self->count] = fd;
    self->count++;
    return fd;
}

/* Forgets it before it is closed: a fork in between leaves the child with a descriptor too many,
 * the other order would have it close one of somebody else's. */
int ct_http_sockets_close(void *sockets, curl_socket_t fd)
{
    struct ct_http_sockets *self = sockets;
    for (size_t i = 0; i < self->count; i++) {
        if (self->fds[i] == fd) {
            self->fds[i] = self->fds[--self->count];
            break;
        }
    }
    return close(fd);
}

void ct_http_sockets_abandon(struct ct_http_sockets *sockets)
{
    for (size_t i = 0; i < sockets->count; i++)
        close(sockets->fds[i]);
    sockets->count = 0;
}
