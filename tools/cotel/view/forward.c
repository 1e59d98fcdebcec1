/* SPDX-License-Identifier: Apache-2.0 */
#include "view/forward.h"

#include "view/clock.h"

#include <curl/curl.h>
#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { FIRST_PAUSE_MS = 100, MAX_PAUSE_MS = 2000 };

static const char no_time[] = "there was no time left";

struct body {
    struct body *next;
    enum ct_format format;
    size_t size;
    uint8_t bytes[];
};

struct ct_forward {
    CURL *easy;
    struct curl_slist *headers[2]; /* by enum ct_format */
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t changed; /* something waits, or the end has come */
    struct body *first;     /* guarded by the lock, as all below */
    struct body **end;
    size_t held_bytes;
    bool is_ending;
    int64_t end_ms; /* when all is given up */
};

static void lose(const struct body *body, const char *why)
{
    fprintf(stderr, "cotel view: a request of %zu bytes was not forwarded: %s\n", body->size, why);
}

/* ---- waiting ---- */

static struct timespec time_of(int64_t ms)
{
    return (struct timespec){.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};
}

/* Until the deadline, or until all is given up, if that is sooner. */
static int64_t left_ms(struct ct_forward *forward, int64_t deadline_ms)
{
    pthread_mutex_lock(&forward->lock);
    if (forward->is_ending && forward->end_ms < deadline_ms)
        deadline_ms = forward->end_ms;
    pthread_mutex_unlock(&forward->lock);
    return deadline_ms - ct_now_ms();
}

/* Sleeps that long, or less when the end comes. */
static void pause_for(struct ct_forward *forward, int64_t ms)
{
    struct timespec until = time_of(ct_now_ms() + ms);

    pthread_mutex_lock(&forward->lock);
    bool was_ending = forward->is_ending;
    while (forward->is_ending == was_ending &&
           pthread_cond_timedwait(&forward->changed, &forward->lock, &until) == 0)
        continue;
    pthread_mutex_unlock(&forward->lock);
}

/* ---- sending ---- */

static size_t ignore(char *bytes, size_t size, size_t count, void *user)
{
    (void)bytes, (void)user;
    return size * count;
}

/* libcurl asks once a second and whenever something happens, whether to go on. */
static int has_no_time(void *user, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
    (void)a, (void)b, (void)c, (void)d;
    return left_ms(user, INT64_MAX) <= 0;
}

/* 0: no answer came, and `why` says what did. */
static long post(struct ct_forward *forward, const struct body *body, int64_t timeout_ms, char *why)
{
    CURL *easy = forward->easy;
    long status = 0;

    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, forward->headers[body->format]);
    curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)body->size);
    curl_easy_setopt(easy, CURLOPT_POSTFIELDS, (const char *)body->bytes);
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)timeout_ms);
    CURLcode code = curl_easy_perform(easy);
    if (code == CURLE_OK)
        curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
    snprintf(why, CURL_ERROR_SIZE, "%s",
             code == CURLE_ABORTED_BY_CALLBACK ? no_time : curl_easy_strerror(code));
    if (status > 0)
        snprintf(why, CURL_ERROR_SIZE, "it was answered with HTTP status %ld", status);
    return status;
}

static bool may_pass(long status)
{
    return status == 0 || status == 429 || (status >= 502 && status <= 504);
}

static void deliver(struct ct_forward *forward, const struct body *body)
{
    int64_t deadline_ms = ct_now_ms() + CT_FORWARD_BODY_MS;
    int64_t pause_ms = FIRST_PAUSE_MS;
    char why[CURL_ERROR_SIZE];
    int64_t left;

    snprintf(why, sizeof(why), "%s", no_time);
    while ((left = left_ms(forward, deadline_ms)) > 0) {
        long status = post(forward, body, left, why);
        if (status >= 200 && status < 300)
            return;
        if (!may_pass(status))
            break;
        pause_for(forward, pause_ms);
        pause_ms = pause_ms * 2 < MAX_PAUSE_MS ? pause_ms * 2 : MAX_PAUSE_MS;
    }
    lose(body, why);
}

/* ---- the queue ---- */

/* NULL: the end. */
static struct body *wait_for_body(struct ct_forward *forward)
{
    pthread_mutex_lock(&forward->lock);
    while (!forward->first && !forward->is_ending)
        pthread_cond_wait(&forward->changed, &forward->lock);
    struct body *body = forward->first;
    if (body) {
        forward->first = body->next;
        forward->end = forward->first ? forward->end : &forward->first;
    }
    pthread_mutex_unlock(&forward->lock);
    return body;
}

static void forget(struct ct_forward *forward, struct body *body)
{
    pthread_mutex_lock(&forward->lock);
    forward->held_bytes -= body->size;
    pthread_mutex_unlock(&forward->lock);
    free(body);
}

static void *run(void *user)
{
    struct ct_forward *forward = user;
    struct body *body;

    while ((body = wait_for_body(forward))) {
        deliver(forward, body);
        forget(forward, body);
    }
    return NULL;
}

static bool append(struct ct_forward *forward, struct body *body)
{
    pthread_mutex_lock(&forward->lock);
    bool has_room =
        forward->held_bytes == 0 || (forward->held_bytes <= CT_FORWARD_MAX_HELD_BYTES &&
                                     body->size <= CT_FORWARD_MAX_HELD_BYTES - forward->held_bytes);
    if (has_room) {
        *forward->end = body;
        forward->end = &body->next;
        forward->held_bytes += body->size;
        pthread_cond_signal(&forward->changed);
    }
    pthread_mutex_unlock(&forward->lock);
    return has_room;
}

void ct_forward_hand_on(struct ct_forward *forward, enum ct_format format, const uint8_t *bytes,
                        size_t size_bytes)
{
    if (!forward || size_bytes == 0)
        return;
    struct body *body = malloc(sizeof(*body) + size_bytes);
    if (!body) {
        fprintf(stderr, "cotel view: no memory to forward a request of %zu bytes\n", size_bytes);
        return;
    }
    *body = (struct body){.format = format, .size = size_bytes};
    memcpy(body->bytes, bytes, size_bytes);
    if (append(forward, body))
        return;
    lose(body, "too much waits already");
    free(body);
}

/* ---- beginning and end ---- */

static bool set_url(CURL *easy, const char *base)
{
    char url[2048];
    size_t size = strlen(base);

    while (size > 0 && base[size - 1] == '/')
        size--;
    if (snprintf(url, sizeof(url), "%.*s/v1/traces", (int)size, base) >= (int)sizeof(url))
        return false;
    return curl_easy_setopt(easy, CURLOPT_URL, url) == CURLE_OK;
}

/* Without a value, Expect keeps libcurl from asking the peer first. */
static bool set_headers(struct ct_forward *forward)
{
    static const char *const types[] = {
        [CT_FORMAT_PROTOBUF] = "Content-Type: application/x-protobuf",
        [CT_FORMAT_JSON] = "Content-Type: application/json",
    };

    for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
        forward->headers[i] = curl_slist_append(NULL, types[i]);
        if (!forward->headers[i] || !curl_slist_append(forward->headers[i], "Expect:"))
            return false;
    }
    return true;
}

static bool configure(struct ct_forward *forward, const char *url)
{
    CURL *easy = curl_easy_init();
    forward->easy = easy;
    return easy && set_headers(forward) && set_url(easy, url) &&
           curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https") == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, ignore) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_NOPROGRESS, 0L) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_XFERINFOFUNCTION, has_no_time) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_XFERINFODATA, forward) == CURLE_OK;
}

static void release(struct ct_forward *forward)
{
    curl_easy_cleanup(forward->easy);
    curl_slist_free_all(forward->headers[CT_FORMAT_PROTOBUF]);
    curl_slist_free_all(forward->headers[CT_FORMAT_JSON]);
    free(forward);
}

/* Times are by ct_now_ms(), so the condition waits by that clock too. */
static bool init_condition(pthread_cond_t *condition)
{
    pthread_condattr_t attributes;

    if (pthread_condattr_init(&attributes) != 0)
        return false;
    bool made = pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC) == 0 &&
                pthread_cond_init(condition, &attributes) == 0;
    pthread_condattr_destroy(&attributes);
    return made;
}

struct ct_forward *ct_forward_create(const char *url)
{
    struct ct_forward *forward = calloc(1, sizeof(*forward));
    if (!forward)
        return NULL;
    forward->lock = (pthread_mutex_t)PTHREAD_MUTEX_INITIALIZER;
    forward->end = &forward->first;

    bool is_ready = init_condition(&forward->changed) && configure(forward, url);
    errno = is_ready ? pthread_create(&forward->thread, NULL, run, forward) : ENOMEM;
    if (errno == 0)
        return forward;
    int reason = errno;
    release(forward);
    errno = reason;
    return NULL;
}

void ct_forward_destroy(struct ct_forward *forward)
{
    if (!forward)
        return;
    pthread_mutex_lock(&forward->lock);
    forward->is_ending = true;
    forward->end_ms = ct_now_ms() + CT_FORWARD_GRACE_MS;
    pthread_cond_signal(&forward->changed);
    pthread_mutex_unlock(&forward->lock);
    pthread_join(forward->thread, NULL);
    release(forward);
}
