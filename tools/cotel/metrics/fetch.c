/* SPDX-License-Identifier: Apache-2.0 */
#include "metrics/source.h"

#include <cotel/version.h>

#include <curl/curl.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

/* OpenMetrics first, for its exemplars and units; names as they are; and whatever there is. */
#define ACCEPT                                                                       \
    "Accept: application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.8," \
    "application/openmetrics-text;version=1.0.0;q=0.7,"                              \
    "text/plain;version=1.0.0;escaping=allow-utf-8;q=0.6,"                           \
    "text/plain;version=0.0.4;q=0.5,*/*;q=0.1"

enum { MAX_REDIRECTS = 5 };

struct transfer {
    struct ct_source *source;
    struct ct_fault *fault;
    CURL *easy;
    struct curl_slist *headers;
};

static size_t collect(char *bytes, size_t one, size_t size, void *user)
{
    struct transfer *transfer = user;

    return ct_source_add(transfer->source, bytes, size, transfer->fault) ? size : 0;
}

static bool configure(struct transfer *transfer, const char *url)
{
    CURLcode bad = CURLE_OK;
#define SET(option, value) bad |= curl_easy_setopt(transfer->easy, option, value)
    SET(CURLOPT_URL, url);
    SET(CURLOPT_PROTOCOLS_STR, "http,https");
    SET(CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
    SET(CURLOPT_FOLLOWLOCATION, 1L);
    SET(CURLOPT_MAXREDIRS, (long)MAX_REDIRECTS);
    SET(CURLOPT_NOSIGNAL, 1L);
    SET(CURLOPT_QUICK_EXIT, 1L); /* a lookup that does not end holds up nobody */
    SET(CURLOPT_CONNECTTIMEOUT_MS, (long)CT_SOURCE_CONNECT_MS);
    SET(CURLOPT_TIMEOUT_MS, (long)CT_SOURCE_TIMEOUT_MS);
    SET(CURLOPT_ACCEPT_ENCODING, ""); /* whatever libcurl can unpack */
    SET(CURLOPT_USERAGENT, "cotel-metrics/" COTEL_VERSION);
    SET(CURLOPT_HTTPHEADER, transfer->headers);
    SET(CURLOPT_WRITEFUNCTION, collect);
    SET(CURLOPT_WRITEDATA, transfer);
#undef SET
    return bad == CURLE_OK;
}

static void note_type(struct transfer *transfer)
{
    const char *type = NULL;

    curl_easy_getinfo(transfer->easy, CURLINFO_CONTENT_TYPE, &type);
    if (!type)
        return;
    transfer->source->is_openmetrics = strncasecmp(type, "application/openmetrics-text",
                                                   strlen("application/openmetrics-text")) == 0;
    transfer->source->is_prometheus = strncasecmp(type, "text/plain", strlen("text/plain")) == 0;
}

static bool judge(struct transfer *transfer, CURLcode result)
{
    char reason[CT_FAULT_REASON_SIZE];
    long status = 0;

    if (transfer->fault->reason[0])
        return false;
    if (result != CURLE_OK)
        return ct_fault_set(transfer->fault, curl_easy_strerror(result));
    curl_easy_getinfo(transfer->easy, CURLINFO_RESPONSE_CODE, &status);
    if (status == 200)
        return true;
    snprintf(reason, sizeof(reason), "it answered %ld", status);
    return ct_fault_set(transfer->fault, reason);
}

static bool perform(struct transfer *transfer, const char *url)
{
    transfer->easy = curl_easy_init();
    transfer->headers = curl_slist_append(NULL, ACCEPT);
    if (!transfer->easy || !transfer->headers || !configure(transfer, url))
        return ct_fault_set(transfer->fault, "memory is out");
    bool is_well = judge(transfer, curl_easy_perform(transfer->easy));
    note_type(transfer);
    return is_well;
}

bool ct_source_fetch(struct ct_source *source, const char *url, struct ct_fault *fault)
{
    struct transfer transfer = {.source = source, .fault = fault};

    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
        return ct_fault_set(fault, "memory is out");
    bool is_well = perform(&transfer, url);
    curl_slist_free_all(transfer.headers);
    curl_easy_cleanup(transfer.easy);
    curl_global_cleanup();
    return is_well;
}
