/* SPDX-License-Identifier: Apache-2.0 */
/* Which sockets libcurl has open for us, so that a forked child can close them. */
#ifndef COTEL_EXPORTERS_NET_SOCKETS_H
#define COTEL_EXPORTERS_NET_SOCKETS_H

#include <curl/curl.h>

/* 64 requests at a time, each with two attempts under way (IPv6 and IPv4), and as many idle. A
 * socket beyond is refused, and the request retried. */
enum { CT_HTTP_MAX_SOCKETS = 256 };

struct ct_http_sockets {
    size_t count;
    int fds[CT_HTTP_MAX_SOCKETS];
};

/* For CURLOPT_OPENSOCKETFUNCTION and CURLOPT_CLOSESOCKETFUNCTION; their data is the struct. */
curl_socket_t ct_http_sockets_open(void *sockets, curlsocktype purpose,
                                   struct curl_sockaddr *address);
int ct_http_sockets_close(void *sockets, curl_socket_t fd);

/* In a forked child: closes them all. Nothing is sent: the parent's connections live on. */
void ct_http_sockets_abandon(struct ct_http_sockets *sockets);

#endif
