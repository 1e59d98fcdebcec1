/* SPDX-License-Identifier: Apache-2.0 */
#include "exporters/otlp/http/transfer.h"

#include "exporters/net/clock.h"
#include "exporters/net/easy.h"

#include <stdlib.h>
#include <string.h>

static size_t on_read(char *out, size_t size, size_t count, void *data)
{
    struct ct_http_transfer *transfer = data;
    return ct_otlp_request_read(transfer->body, out, size * count);
}

/* libcurl sends again from the start when a connection that it kept turns out to be dead. */
static int on_seek(void *data, curl_off_t offset, int origin)
{
    struct ct_http_transfer *transfer = data;
    if (origin != SEEK_SET || offset < 0)
        return CURL_SEEKFUNC_CANTSEEK;
    return ct_otlp_request_seek(transfer->body, (size_t)offset) ? CURL_SEEKFUNC_OK
                                                                : CURL_SEEKFUNC_FAIL;
}

static size_t on_write(char *bytes, size_t size, size_t count, void *data)
{
    struct ct_http_transfer *transfer = data;
    size_t length = size * count;
    size_t kept = transfer->received;
    transfer->received += length;
    if (transfer->received > transfer->max_response_bytes)
        return CURL_WRITEFUNC_ERROR;
    if (kept < CT_HTTP_KEPT_BYTES) {
        size_t room = CT_HTTP_KEPT_BYTES - kept;
        memcpy(transfer->kept + kept, bytes, length < room ? length : room);
    }
    return length;
}

/* libcurl would keep the signers that it has read for a day; whether the files have changed is ours
 * to notice. It would also go on with an earlier session, in which nobody shows a certificate
 * again: what has been renewed since would not be looked at. */
static bool configure_tls(CURL *easy, const struct ct_otlp_tls_files *tls)
{
    const char *key = tls->key != NULL ? tls->key : tls->certificate;
    long verify = tls->skip_verify ? 0 : 1;
    CURLcode bad = CURLE_OK;
#define SET(option, value) bad |= curl_easy_setopt(easy, option, value)
    SET(CURLOPT_CA_CACHE_TIMEOUT, 0L);
    SET(CURLOPT_SSL_SESSIONID_CACHE, 0L);
    SET(CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    SET(CURLOPT_SSL_VERIFYPEER, verify);
    SET(CURLOPT_SSL_VERIFYHOST, 2 * verify);
    if (tls->ca != NULL) {
        SET(CURLOPT_CAINFO, tls->ca);
        SET(CURLOPT_CAPATH, NULL); /* these signers and no others */
    }
    if (tls->certificate != NULL) {
        SET(CURLOPT_SSLCERT, tls->certificate);
        SET(CURLOPT_SSLKEY, key);
    }
#undef SET
    return bad == CURLE_OK;
}

/* What is the same for every request. libcurl's answers are gathered: any that is not OK is a
 * library without something that we build on, or out of memory. */
static bool configure(CURL *easy, const struct ct_http_config *config,
                      struct ct_http_reactor *reactor)
{
    if (!ct_http_easy_configure(easy, reactor, config->endpoint.url, config->connect_timeout_ms))
        return false;
    CURLcode bad = CURLE_OK;
#define SET(option, value) bad |= curl_easy_setopt(easy, option, value)
    SET(CURLOPT_POST, 1L);
    SET(CURLOPT_HTTP_VERSION, config->http_version);
    SET(CURLOPT_USERAGENT, config->user_agent);
    SET(CURLOPT_ACCEPT_ENCODING, "gzip");
    SET(CURLOPT_HTTPHEADER, config->headers);
    SET(CURLOPT_UPLOAD_BUFFERSIZE, (long)CT_HTTP_UPLOAD_BUFFER_BYTES);
    SET(CURLOPT_READFUNCTION, on_read);
    SET(CURLOPT_SEEKFUNCTION, on_seek);
    SET(CURLOPT_WRITEFUNCTION, on_write);
#undef SET
    return bad == CURLE_OK && configure_tls(easy, &config->tls) &&
           ct_http_route_configure(easy, &config->route);
}

static bool attach(struct ct_http_transfer *transfer)
{
    CURL *easy = transfer->easy;
    return curl_easy_setopt(easy, CURLOPT_READDATA, transfer) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_SEEKDATA, transfer) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_WRITEDATA, transfer) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, transfer->error) == CURLE_OK;
}

/* Makes the handle, the first time. */
static bool prepare(struct ct_http_transfer *transfer, const struct ct_http_config *config,
                    struct ct_http_reactor *reactor)
{
    if (transfer->kept == NULL)
        transfer->kept = malloc(CT_HTTP_KEPT_BYTES);
    if (transfer->kept == NULL)
        return false;
    if (transfer->easy != NULL)
        return true;
    transfer->easy = curl_easy_init();
    if (transfer->easy == NULL)
        return false;
    transfer->signal = config->signal;
    transfer->max_response_bytes = config->max_response_bytes;
    if (attach(transfer) && configure(transfer->easy, config, reactor))
        return true;
    curl_easy_cleanup(transfer->easy);
    transfer->easy = NULL;
    return false;
}

/* libcurl tells the age of a connection in whole seconds, so in the first two only a new one is
 * certain to be young enough; after that a second is taken off for what the rounding hides. */
static bool limit_age(CURL *easy, uint64_t trusted_ns)
{
    uint64_t trusted_s = trusted_ns / CT_NET_NS_PER_S;
    long age_s = CT_HTTP_CONNECTION_AGE_S;
    if (trusted_s >= 2 && trusted_s - 1 < (uint64_t)age_s)
        age_s = (long)(trusted_s - 1);
    return curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, trusted_s < 2 ? 1L : 0L) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_MAXLIFETIME_CONN, age_s) == CURLE_OK;
}

bool ct_http_transfer_start(struct ct_http_transfer *transfer, const struct ct_http_config *config,
                            struct ct_http_reactor *reactor, struct ct_otlp_request *body,
                            uint64_t trusted_ns, void *owner)
{
    if (!prepare(transfer, config, reactor))
        return false;
    bool rewound = ct_otlp_request_seek(body, 0);
    transfer->body = body;
    transfer->received = 0;
    transfer->error[0] = '\0';
    CURL *easy = transfer->easy;
    transfer->running =
        rewound && limit_age(easy, trusted_ns) &&
        curl_easy_setopt(easy, CURLOPT_PRIVATE, owner) == CURLE_OK &&
        curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)body->size) == CURLE_OK &&
        curl_multi_add_handle(reactor->multi, easy) == CURLM_OK;
    return transfer->running;
}

bool ct_http_transfer_set_addresses(struct ct_http_transfer *transfer,
                                    const struct ct_http_config *config,
                                    struct ct_http_reactor *reactor, const char *addresses,
                                    uint64_t generation)
{
    if (transfer->addresses != NULL && transfer->addresses_generation == generation)
        return true;
    if (!prepare(transfer, config, reactor))
        return false;
    struct curl_slist *list =
        ct_http_easy_addresses(ct_http_route_first(&config->route, &config->endpoint), addresses);
    if (list == NULL)
        return false;
    if (curl_easy_setopt(transfer->easy, CURLOPT_RESOLVE, list) != CURLE_OK) {
        curl_slist_free_all(list);
        return false;
    }
    curl_slist_free_all(transfer->addresses);
    transfer->addresses = list;
    transfer->addresses_generation = generation;
    return true;
}

void *ct_http_transfer_owner(CURL *easy)
{
    char *owner = NULL;
    (void)curl_easy_getinfo(easy, CURLINFO_PRIVATE, &owner); /* cannot fail with this argument */
    return owner;
}

void ct_http_transfer_stop(struct ct_http_transfer *transfer, struct ct_http_reactor *reactor)
{
    if (!transfer->running)
        return;
    curl_multi_remove_handle(reactor->multi, transfer->easy);
    transfer->running = false;
}

void ct_http_transfer_fini(struct ct_http_transfer *transfer)
{
    if (transfer->easy != NULL)
        curl_easy_cleanup(transfer->easy);
    curl_slist_free_all(transfer->addresses);
    free(transfer->kept);
    *transfer = (struct ct_http_transfer){0};
}
