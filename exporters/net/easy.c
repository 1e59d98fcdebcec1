/* SPDX-License-Identifier: Apache-2.0 */
#include "exporters/net/easy.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

bool ct_http_easy_configure(CURL *easy, struct ct_http_reactor *reactor, const char *url,
                            long connect_timeout_ms)
{
    CURLcode bad = CURLE_OK;
#define SET(option, value) bad |= curl_easy_setopt(easy, option, value)
    SET(CURLOPT_NOSIGNAL, 1L);   /* no SIGALRM in somebody else's process */
    SET(CURLOPT_QUICK_EXIT, 1L); /* never joins its lookup thread */
    SET(CURLOPT_URL, url);
    SET(CURLOPT_PROTOCOLS_STR, "http,https");
    SET(CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    SET(CURLOPT_FOLLOWLOCATION, 0L);
    SET(CURLOPT_CONNECTTIMEOUT_MS, connect_timeout_ms);
    SET(CURLOPT_OPENSOCKETFUNCTION, ct_http_sockets_open);
    SET(CURLOPT_OPENSOCKETDATA, &reactor->sockets);
    SET(CURLOPT_CLOSESOCKETFUNCTION, ct_http_sockets_close);
    SET(CURLOPT_CLOSESOCKETDATA, &reactor->sockets);
#undef SET
    return bad == CURLE_OK;
}

/* libcurl counts in long, and takes 0 for its own default: the shortest time stands for none. */
long ct_http_easy_timeout(uint64_t ms)
{
    if (ms == 0)
        return 1;
    return ms < INT_MAX ? (long)ms : INT_MAX;
}

struct curl_slist *ct_http_easy_addresses(const struct ct_http_endpoint *endpoint,
                                          const char *addresses)
{
    char *entry = NULL;
    if (asprintf(&entry, "%s:%s:%s", endpoint->host, endpoint->port, addresses) < 0)
        return NULL;
    struct curl_slist *list = curl_slist_append(NULL, entry);
    free(entry);
    return list;
}
