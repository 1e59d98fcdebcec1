/* SPDX-License-Identifier: Apache-2.0 */
#include "call.h"
#include "carriers.h"

#include <curl/curl.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static bool is_loopback(const struct sockaddr *address)
{
    if (address->sa_family == AF_INET) {
        const struct sockaddr_in *in = (const struct sockaddr_in *)address;
        return ntohl(in->sin_addr.s_addr) >> 24 == IN_LOOPBACKNET;
    }
    const struct sockaddr_in6 *in6 = (const struct sockaddr_in6 *)address;
    return address->sa_family == AF_INET6 && IN6_IS_ADDR_LOOPBACK(&in6->sin6_addr);
}

/* Whoever can reach this service can have it call any url: so none beyond this machine. */
static curl_socket_t open_loopback_socket(void *user, curlsocktype purpose,
                                          struct curl_sockaddr *address)
{
    (void)user, (void)purpose;
    if (!is_loopback(&address->addr))
        return CURL_SOCKET_BAD;
    return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

static size_t ignore_body(char *data, size_t size, size_t count, void *user)
{
    (void)data, (void)user;
    return size * count;
}

static void set_options(CURL *curl, const char *url, const char *body,
                        const struct curl_slist *headers, char error[CURL_ERROR_SIZE])
{
    curl_easy_setopt(curl, CURLOPT_URL, url);
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http");
    curl_easy_setopt(curl, CURLOPT_PROXY, "");
    curl_easy_setopt(curl, CURLOPT_OPENSOCKETFUNCTION, open_loopback_socket);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, CALL_TIMEOUT_MS);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, ignore_body);
    curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, error);
}

/* 0, with the reason in `error`, when no answer came. */
static long post(const char *url, const char *body, const struct curl_slist *headers,
                 char error[CURL_ERROR_SIZE])
{
    long status = 0;
    CURL *curl = curl_easy_init();
    if (!curl)
        return 0;
    set_options(curl, url, body, headers, error);
    CURLcode code = curl_easy_perform(curl);
    if (code == CURLE_OK)
        curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    else if (!*error)
        snprintf(error, CURL_ERROR_SIZE, "%s", curl_easy_strerror(code));
    curl_easy_cleanup(curl);
    return status;
}

/* With the headers of the current context. */
static long post_in_context(const char *url, const char *body, char error[CURL_ERROR_SIZE])
{
    struct outgoing_headers headers = {.list = NULL};
    outgoing_headers_add(&headers, cotel_str_of("Content-Type"), cotel_str_of("application/json"));
    cotel_inject(NULL, &outgoing_headers_setter, &headers);
    long status = headers.out_of_memory ? 0 : post(url, body, headers.list, error);
    curl_slist_free_all(headers.list);
    return status;
}

static json_t *tell(const cotel_span *span, const char *url, long status, const char *error)
{
    if (status == 0) {
        cotel_span_set_string(span, "error.type", error);
        cotel_span_set_status(span, COTEL_STATUS_CODE_ERROR, error);
        return json_pack("{s:s, s:s}", "url", url, "error", error);
    }
    cotel_span_set_int(span, "http.response.status_code", status);
    if (status >= 400)
        cotel_span_set_status(span, COTEL_STATUS_CODE_ERROR, NULL);
    return json_pack("{s:s, s:I}", "url", url, "status", (json_int_t)status);
}

json_t *call_service(cotel_tracer *tracer, const char *url, const json_t *arguments)
{
    cotel_span_options options = COTEL_SPAN_OPTIONS_INIT;
    options.kind = COTEL_SPAN_KIND_CLIENT;
    cotel_span_scope scope = cotel_span_scope_start(tracer, "POST", &options);
    cotel_span_set_string(&scope.span, "http.request.method", "POST");
    cotel_span_set_string(&scope.span, "url.full", url);

    char error[CURL_ERROR_SIZE] = "";
    char *body = arguments ? json_dumps(arguments, JSON_COMPACT) : strdup("[]");
    long status = body ? post_in_context(url, body, error) : 0;
    free(body);
    json_t *result = tell(&scope.span, url, status, *error ? error : "out of memory");
    cotel_span_scope_end(&scope);
    return result;
}
