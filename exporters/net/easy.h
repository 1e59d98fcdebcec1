/* SPDX-License-Identifier: Apache-2.0 */
/* What is the same for each request to one peer, whoever sends it. */
#ifndef COTEL_EXPORTERS_NET_EASY_H
#define COTEL_EXPORTERS_NET_EASY_H

#include "exporters/net/endpoint.h"
#include "exporters/net/reactor.h"

#include <curl/curl.h>
#include <stdbool.h>
#include <stdint.h>

/* HTTP/1.1 to `url`: no signals, no redirects, the reactor's sockets. false: memory is out, or
 * libcurl lacks something that we build on. */
bool ct_http_easy_configure(CURL *easy, struct ct_http_reactor *reactor, const char *url,
                            long connect_timeout_ms);

/* Milliseconds as libcurl counts them. */
long ct_http_easy_timeout(uint64_t ms);

/* For CURLOPT_RESOLVE: the endpoint's name leads to these addresses (digits, with commas between).
 * The caller's to free; NULL: memory is out. A new entry replaces the old one in libcurl's cache,
 * where it does not age. */
struct curl_slist *ct_http_easy_addresses(const struct ct_http_endpoint *endpoint,
                                          const char *addresses);

#endif
