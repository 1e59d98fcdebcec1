/* SPDX-License-Identifier: Apache-2.0 */
/* libcurl's multi interface, although there is one transfer at a time, since it can be woken. */
#include "view/forward/post.h"

#include "proto/check.h"
#include "proto/trace_service.pb-c.h"
#include "view/clock.h"

#include <cotel/version.h>

#include <curl/curl.h>
#include <errno.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RESPONSE_TYPE \
    (&ct_opentelemetry__proto__collector__trace__v1__export_trace_service_response__descriptor)
typedef Opentelemetry__Proto__Collector__Trace__V1__ExportTraceServiceResponse pb_response;

struct ct_post {
    CURLU *url;
    CURLM *multi;
    CURL *easy;
    struct curl_slist *headers;
    _Atomic int64_t end_ms;
    size_t response_size;
    uint8_t response[CT_POST_MAX_ANSWER_BYTES];
};

static bool has_part(CURLU *url, CURLUPart part, const char *wanted)
{
    char *text = NULL;

    bool has = curl_url_get(url, part, &text, CURLU_DEFAULT_PORT) == CURLUE_OK &&
               strcmp(text, wanted) == 0;
    curl_free(text);
    return has;
}

static CURLU *parse_url(const char *text)
{
    CURLU *url = curl_url();

    if (url && curl_url_set(url, CURLUPART_URL, text, 0) == CURLUE_OK &&
        (has_part(url, CURLUPART_SCHEME, "http") || has_part(url, CURLUPART_SCHEME, "https")))
        return url;
    curl_url_cleanup(url);
    return NULL;
}

int ct_post_check_url(const char *text)
{
    CURLU *url = parse_url(text);

    curl_url_cleanup(url);
    return url ? 0 : EINVAL;
}

/* What was forwarded there would come in again, and be forwarded again. */
static bool leads_to(CURLU *url, uint16_t port)
{
    char text[sizeof("65535")];

    snprintf(text, sizeof(text), "%u", (unsigned)port);
    return has_part(url, CURLUPART_PORT, text) && (has_part(url, CURLUPART_HOST, "127.0.0.1") ||
                                                   has_part(url, CURLUPART_HOST, "localhost"));
}

static bool complete_path(CURLU *url)
{
    return !has_part(url, CURLUPART_PATH, "/") ||
           curl_url_set(url, CURLUPART_PATH, "/v1/traces", 0) == CURLUE_OK;
}

static size_t collect(char *bytes, size_t one, size_t size, void *user)
{
    struct ct_post *post = user;
    size_t room = sizeof(post->response) - post->response_size;

    memcpy(post->response + post->response_size, bytes, size < room ? size : room);
    post->response_size += size < room ? size : room;
    return size;
}

/* An empty Expect keeps libcurl from waiting for leave to send what is large. */
static bool set_headers(struct ct_post *post)
{
    post->headers = curl_slist_append(NULL, "Content-Type: application/x-protobuf");
    return post->headers && curl_slist_append(post->headers, "Expect:");
}

static bool configure(struct ct_post *post)
{
    CURLcode bad = CURLE_OK;
#define SET(option, value) bad |= curl_easy_setopt(post->easy, option, value)
    SET(CURLOPT_CURLU, post->url);
    SET(CURLOPT_PROTOCOLS_STR, "http,https");
    SET(CURLOPT_FOLLOWLOCATION, 0L);
    SET(CURLOPT_NOSIGNAL, 1L);
    SET(CURLOPT_QUICK_EXIT, 1L); /* a lookup that does not end holds up nobody */
    SET(CURLOPT_CONNECTTIMEOUT_MS, (long)CT_POST_CONNECT_MS);
    SET(CURLOPT_TIMEOUT_MS, (long)CT_POST_ANSWER_MS);
    SET(CURLOPT_USERAGENT, "cotel-view/" COTEL_VERSION);
    SET(CURLOPT_HTTPHEADER, post->headers);
    SET(CURLOPT_WRITEFUNCTION, collect);
    SET(CURLOPT_WRITEDATA, post);
#undef SET
    return bad == CURLE_OK;
}

static bool open_handles(struct ct_post *post)
{
    post->multi = curl_multi_init();
    post->easy = curl_easy_init();
    return post->multi && post->easy && set_headers(post) && configure(post);
}

struct ct_post *ct_post_create(const char *url, uint16_t own_port)
{
    struct ct_post *post = calloc(1, sizeof(*post));
    if (!post || curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
        free(post);
        errno = ENOMEM;
        return NULL;
    }
    atomic_init(&post->end_ms, INT64_MAX);

    post->url = parse_url(url);
    int reason = 0;
    if (!post->url)
        reason = EINVAL;
    else if (leads_to(post->url, own_port))
        reason = ELOOP;
    else if (!complete_path(post->url) || !open_handles(post))
        reason = ENOMEM;
    if (reason == 0)
        return post;
    ct_post_destroy(post);
    errno = reason;
    return NULL;
}

void ct_post_destroy(struct ct_post *post)
{
    if (!post)
        return;
    curl_easy_cleanup(post->easy);
    curl_multi_cleanup(post->multi);
    curl_slist_free_all(post->headers);
    curl_url_cleanup(post->url);
    curl_global_cleanup();
    free(post);
}

static int left_ms(const struct ct_post *post)
{
    /* Relaxed: the number is all that is told, and whoever sets it wakes the transfer after. */
    int64_t left = atomic_load_explicit(&post->end_ms, memory_order_relaxed) - ct_now_ms();

    if (left < 0)
        return 0;
    return left < CT_POST_ANSWER_MS ? (int)left : CT_POST_ANSWER_MS;
}

static CURLcode result_of(struct ct_post *post)
{
    int more;
    const CURLMsg *message = curl_multi_info_read(post->multi, &more);

    return message ? message->data.result : CURLE_OPERATION_TIMEDOUT;
}

static CURLcode perform(struct ct_post *post)
{
    int running;

    if (curl_multi_add_handle(post->multi, post->easy) != CURLM_OK)
        return CURLE_OUT_OF_MEMORY;
    while (curl_multi_perform(post->multi, &running) == CURLM_OK && running > 0 &&
           left_ms(post) > 0)
        if (curl_multi_poll(post->multi, NULL, 0, left_ms(post), NULL) != CURLM_OK)
            break;
    CURLcode result = result_of(post);
    curl_multi_remove_handle(post->multi, post->easy);
    return result;
}

static uint64_t read_rejected(const struct ct_post *post)
{
    struct ct_proto_fault fault;
    uint64_t rejected = 0;

    if (ct_proto_check(RESPONSE_TYPE, post->response, post->response_size, &fault) != CT_PROTO_OK)
        return 0;
    ProtobufCMessage *message =
        protobuf_c_message_unpack(RESPONSE_TYPE, NULL, post->response_size, post->response);
    if (!message)
        return 0;
    const pb_response *response = (const pb_response *)message;
    if (response->partial_success && response->partial_success->rejected_spans > 0)
        rejected = (uint64_t)response->partial_success->rejected_spans;
    protobuf_c_message_free_unpacked(message, NULL);
    return rejected;
}

/* As OTLP has it. */
static enum ct_post_verdict verdict_on(long status)
{
    switch (status) {
    case 200:
        return CT_POST_TAKEN;
    case 429:
    case 502:
    case 503:
    case 504:
        return CT_POST_FAILED;
    default:
        return CT_POST_REFUSED;
    }
}

static void read_answer(struct ct_post *post, struct ct_post_answer *answer)
{
    long status = 0;
    curl_off_t retry_after_s = 0;

    curl_easy_getinfo(post->easy, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(post->easy, CURLINFO_RETRY_AFTER, &retry_after_s);
    answer->verdict = verdict_on(status);
    answer->retry_after_ms = retry_after_s < INT32_MAX ? retry_after_s * 1000 : INT32_MAX;
    if (answer->verdict == CT_POST_TAKEN)
        answer->rejected_spans = read_rejected(post);
    else
        snprintf(answer->reason, sizeof(answer->reason), "answered %ld", status);
}

void ct_post_run(struct ct_post *post, const uint8_t *body, size_t size_bytes,
                 struct ct_post_answer *answer)
{
    *answer = (struct ct_post_answer){.verdict = CT_POST_FAILED};
    post->response_size = 0;
    CURLcode result =
        curl_easy_setopt(post->easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)size_bytes);
    if (result == CURLE_OK)
        result = curl_easy_setopt(post->easy, CURLOPT_POSTFIELDS, body);
    if (result == CURLE_OK)
        result = perform(post);
    if (result == CURLE_OK)
        read_answer(post, answer);
    else
        snprintf(answer->reason, sizeof(answer->reason), "%s", curl_easy_strerror(result));
}

void ct_post_end_at(struct ct_post *post, int64_t end_ms)
{
    atomic_store_explicit(&post->end_ms, end_ms, memory_order_relaxed);
    curl_multi_wakeup(post->multi);
}
