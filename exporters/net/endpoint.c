/* SPDX-License-Identifier: Apache-2.0 */
#include "exporters/net/endpoint.h"

#include "exporters/net/host.h"

#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>

static const char mask[] = "***";

static bool is_set(const char *variable)
{
    const char *value = getenv(variable);
    return value != NULL && value[0] != '\0';
}

/* Behind a proxy it is the proxy's name that matters, and the peer's may mean nothing here. Which
 * hosts go through it is libcurl's to say, so it also looks up the name then (on a thread of its
 * own, which QUICK_EXIT lets it leave behind). */
static bool has_proxy(const char *scheme)
{
    if (is_set("all_proxy") || is_set("ALL_PROXY"))
        return true;
    if (strcmp(scheme, "https") == 0)
        return is_set("https_proxy") || is_set("HTTPS_PROXY");
    return is_set("http_proxy"); /* libcurl reads this one in lower case only */
}

static cotel_status status_of(CURLUcode code)
{
    if (code == CURLUE_OK)
        return COTEL_STATUS_OK;
    return code == CURLUE_OUT_OF_MEMORY ? COTEL_STATUS_OUT_OF_MEMORY
                                        : COTEL_STATUS_INVALID_ARGUMENT;
}

/* One part as a string of ours. */
static cotel_status copy_part(CURLU *parsed, CURLUPart part, unsigned flags, char **out)
{
    char *text = NULL;
    CURLUcode code = curl_url_get(parsed, part, &text, flags);
    if (code != CURLUE_OK)
        return status_of(code);
    *out = strdup(text);
    curl_free(text);
    return *out != NULL ? COTEL_STATUS_OK : COTEL_STATUS_OUT_OF_MEMORY;
}

static cotel_status mask_part(CURLU *parsed, CURLUPart part)
{
    char *text = NULL;
    if (curl_url_get(parsed, part, &text, 0) != CURLUE_OK)
        return COTEL_STATUS_OK; /* not there */
    curl_free(text);
    return status_of(curl_url_set(parsed, part, mask, 0));
}

/* The last step: it changes `parsed`. */
static cotel_status copy_shown(CURLU *parsed, char **out)
{
    static const CURLUPart secret[] = {CURLUPART_USER, CURLUPART_PASSWORD, CURLUPART_QUERY};
    for (size_t i = 0; i < sizeof secret / sizeof *secret; i++) {
        cotel_status status = mask_part(parsed, secret[i]);
        if (status != COTEL_STATUS_OK)
            return status;
    }
    return copy_part(parsed, CURLUPART_URL, 0, out);
}

static void strip_brackets(char *host)
{
    size_t length = strlen(host);
    if (host[0] != '[' || host[length - 1] != ']')
        return;
    memmove(host, host + 1, length - 2);
    host[length - 2] = '\0';
}

static cotel_status take_apart(struct ct_http_endpoint *endpoint, CURLU *parsed)
{
    cotel_status status = copy_part(parsed, CURLUPART_URL, 0, &endpoint->url);
    if (status == COTEL_STATUS_OK)
        status = copy_part(parsed, CURLUPART_HOST, CURLU_PUNYCODE, &endpoint->host);
    if (status == COTEL_STATUS_OK)
        status = copy_part(parsed, CURLUPART_PORT, CURLU_DEFAULT_PORT, &endpoint->port);
    if (status != COTEL_STATUS_OK)
        return status;

    char *scheme = NULL;
    status = copy_part(parsed, CURLUPART_SCHEME, 0, &scheme);
    if (status != COTEL_STATUS_OK)
        return status;
    strip_brackets(endpoint->host);
    if (strcmp(scheme, "http") != 0 && strcmp(scheme, "https") != 0)
        status = COTEL_STATUS_INVALID_ARGUMENT;
    /* libcurl answers for localhost itself, with both loopback addresses. */
    endpoint->is_name = !ct_net_is_address(endpoint->host) && !ct_net_is_localhost(endpoint->host);
    endpoint->needs_lookup = endpoint->is_name && !has_proxy(scheme);
    free(scheme);
    return status == COTEL_STATUS_OK ? copy_shown(parsed, &endpoint->shown) : status;
}

cotel_status ct_http_endpoint_init(struct ct_http_endpoint *endpoint, const char *url)
{
    *endpoint = (struct ct_http_endpoint){0};
    CURLU *parsed = curl_url();
    if (parsed == NULL)
        return COTEL_STATUS_OUT_OF_MEMORY;
    cotel_status status = status_of(curl_url_set(parsed, CURLUPART_URL, url, 0));
    if (status == COTEL_STATUS_OK)
        status = take_apart(endpoint, parsed);
    curl_url_cleanup(parsed);
    if (status != COTEL_STATUS_OK)
        ct_http_endpoint_fini(endpoint);
    return status;
}

void ct_http_endpoint_fini(struct ct_http_endpoint *endpoint)
{
    free(endpoint->url);
    free(endpoint->shown);
    free(endpoint->host);
    free(endpoint->port);
    *endpoint = (struct ct_http_endpoint){0};
}
