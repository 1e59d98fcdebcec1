/* SPDX-License-Identifier: Apache-2.0 */
#include "exporters/otlp/http/route.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/un.h>

static bool is_given(const char *text)
{
    return text != NULL && text[0] != '\0';
}

/* libcurl speaks more kinds of proxy, and a name without a scheme means HTTP to it; what is asked
 * for here is what is tested. */
static bool is_http(const char *url)
{
    static const char scheme[] = "http://";
    return strncasecmp(url, scheme, sizeof scheme - 1) == 0;
}

static bool fits_a_socket(const char *path)
{
    const struct sockaddr_un *address = NULL;
    return strlen(path) < sizeof address->sun_path;
}

cotel_status ct_http_route_init(struct ct_http_route *route, const cotel_otlp_http_options *options)
{
    const char *proxy = options->proxy, *path = options->unix_socket;
    *route = (struct ct_http_route){.asks_environment = proxy == NULL && !is_given(path)};
    if (is_given(path)) {
        if (is_given(proxy) || !fits_a_socket(path))
            return COTEL_STATUS_INVALID_ARGUMENT;
        route->unix_socket = strdup(path);
        return route->unix_socket != NULL ? COTEL_STATUS_OK : COTEL_STATUS_OUT_OF_MEMORY;
    }
    if (!is_given(proxy))
        return COTEL_STATUS_OK;
    return is_http(proxy) ? ct_http_endpoint_init(&route->proxy, proxy)
                          : COTEL_STATUS_INVALID_ARGUMENT;
}

const struct ct_http_endpoint *ct_http_route_first(const struct ct_http_route *route,
                                                   const struct ct_http_endpoint *peer)
{
    return route->proxy.url != NULL ? &route->proxy : peer;
}

bool ct_http_route_needs_lookup(const struct ct_http_route *route,
                                const struct ct_http_endpoint *peer)
{
    if (route->unix_socket != NULL)
        return false;
    return route->asks_environment ? peer->needs_lookup : ct_http_route_first(route, peer)->is_name;
}

/* An empty proxy keeps libcurl from asking the environment for one, and an empty list of exceptions
 * from asking it for those. */
bool ct_http_route_configure(CURL *easy, const struct ct_http_route *route)
{
    if (route->asks_environment)
        return true;
    const struct ct_http_endpoint *proxy = &route->proxy;
    CURLcode bad = CURLE_OK;
#define SET(option, value) bad |= curl_easy_setopt(easy, option, value)
    SET(CURLOPT_PROXY, proxy->url != NULL ? proxy->url : "");
    SET(CURLOPT_NOPROXY, "");
    if (proxy->url != NULL)
        SET(CURLOPT_PROXYPORT, strtol(proxy->port, NULL, 10)); /* libcurl's default is not HTTP's */
    if (route->unix_socket != NULL)
        SET(CURLOPT_UNIX_SOCKET_PATH, route->unix_socket);
#undef SET
    return bad == CURLE_OK;
}

void ct_http_route_fini(struct ct_http_route *route)
{
    ct_http_endpoint_fini(&route->proxy);
    free(route->unix_socket);
    *route = (struct ct_http_route){.asks_environment = false};
}
