/* SPDX-License-Identifier: Apache-2.0 */
#include "view/forward/forwarder.h"

#include "view/clock.h"
#include "view/forward/post.h"

#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum fate { FORWARDED, NO_ROOM, REFUSED, OUT_OF_REACH, OUT_OF_TIME, FATES };

static const char *const fate_names[FATES] = {
    [NO_ROOM] = "no room",
    [REFUSED] = "refused",
    [OUT_OF_REACH] = "out of reach",
    [OUT_OF_TIME] = "time was up",
};

struct request {
    struct request *next;
    size_t spans;
    size_t size;
    uint8_t body[];
};

struct ct_forwarder {
    struct ct_post *post;
    size_t max_queue_bytes;
    bool is_full; /* and that was told */
    bool is_away; /* the thread's: the last try has failed, and that was told */
    bool is_running;
    pthread_t thread;

    pthread_mutex_t lock; /* for all below */
    pthread_cond_t changed;
    struct request *first; /* stays here while it is on its way */
    struct request **last;
    size_t queue_bytes;
    uint64_t spans[FATES];
    int64_t end_ms; /* of ct_now_ms() */
};

static size_t weight(size_t size_bytes)
{
    return sizeof(struct request) + size_bytes;
}

/* Takes the first request from the queue. */
static void settle(struct ct_forwarder *forwarder, enum fate fate, uint64_t rejected)
{
    pthread_mutex_lock(&forwarder->lock);
    struct request *request = forwarder->first;
    uint64_t refused = rejected < request->spans ? rejected : request->spans;
    forwarder->spans[fate] += request->spans - refused;
    forwarder->spans[REFUSED] += refused;
    forwarder->queue_bytes -= weight(request->size);
    forwarder->first = request->next;
    if (!forwarder->first)
        forwarder->last = &forwarder->first;
    pthread_mutex_unlock(&forwarder->lock);
    free(request);
}

/* The request whose turn it is, when there is one; NULL at the end. */
static struct request *await(struct ct_forwarder *forwarder)
{
    pthread_mutex_lock(&forwarder->lock);
    while (!forwarder->first && forwarder->end_ms == INT64_MAX)
        pthread_cond_wait(&forwarder->changed, &forwarder->lock);
    struct request *request = ct_now_ms() < forwarder->end_ms ? forwarder->first : NULL;
    pthread_mutex_unlock(&forwarder->lock);
    return request;
}

/* false, and at once, if the end comes before. */
static bool pause_until(struct ct_forwarder *forwarder, int64_t until_ms)
{
    const struct timespec until = {.tv_sec = until_ms / 1000,
                                   .tv_nsec = until_ms % 1000 * 1000 * 1000};

    pthread_mutex_lock(&forwarder->lock);
    while (until_ms < forwarder->end_ms && ct_now_ms() < until_ms)
        pthread_cond_timedwait(&forwarder->changed, &forwarder->lock, &until);
    bool goes_on = until_ms < forwarder->end_ms;
    pthread_mutex_unlock(&forwarder->lock);
    return goes_on;
}

static enum fate try_until_settled(struct ct_forwarder *forwarder, const struct request *request,
                                   struct ct_post_answer *answer)
{
    int64_t last_try_ms = ct_now_ms() + CT_FORWARD_RETRY_MS;
    int64_t pause_ms = CT_FORWARD_FIRST_PAUSE_MS;

    for (;;) {
        ct_post_run(forwarder->post, request->body, request->size, answer);
        if (answer->verdict != CT_POST_FAILED)
            return answer->verdict == CT_POST_TAKEN ? FORWARDED : REFUSED;
        if (!forwarder->is_away)
            fprintf(stderr, "cotel view: cannot forward yet: %s\n", answer->reason);
        forwarder->is_away = true;

        int64_t next_ms =
            ct_now_ms() + (answer->retry_after_ms > pause_ms ? answer->retry_after_ms : pause_ms);
        if (next_ms > last_try_ms)
            return OUT_OF_REACH;
        if (!pause_until(forwarder, next_ms))
            return OUT_OF_TIME;
        pause_ms =
            pause_ms * 2 < CT_FORWARD_LAST_PAUSE_MS ? pause_ms * 2 : CT_FORWARD_LAST_PAUSE_MS;
    }
}

static void forward(struct ct_forwarder *forwarder, const struct request *request)
{
    struct ct_post_answer answer;

    enum fate fate = try_until_settled(forwarder, request, &answer);
    if (fate == FORWARDED || fate == REFUSED)
        forwarder->is_away = false;
    if (fate != FORWARDED)
        fprintf(stderr, "cotel view: %zu spans not forwarded: %s\n", request->spans, answer.reason);
    else if (answer.rejected_spans > 0)
        fprintf(stderr, "cotel view: %" PRIu64 " forwarded spans were rejected\n",
                answer.rejected_spans);
    settle(forwarder, fate, answer.rejected_spans);
}

static void *run(void *user)
{
    struct ct_forwarder *forwarder = user;
    const struct request *request;

    while ((request = await(forwarder)))
        forward(forwarder, request);
    return NULL;
}

/* Its waits are timed by the clock of ct_now_ms(). */
static bool init_condition(pthread_cond_t *condition)
{
    pthread_condattr_t attributes;

    if (pthread_condattr_init(&attributes) != 0)
        return false;
    bool done = pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC) == 0 &&
                pthread_cond_init(condition, &attributes) == 0;
    pthread_condattr_destroy(&attributes);
    return done;
}

struct ct_forwarder *ct_forwarder_create(const char *url, uint16_t own_port, size_t max_queue_bytes)
{
    struct ct_post *post = ct_post_create(url, own_port);
    if (!post)
        return NULL;
    struct ct_forwarder *forwarder = calloc(1, sizeof(*forwarder));
    if (!forwarder || !init_condition(&forwarder->changed)) {
        free(forwarder);
        ct_post_destroy(post);
        errno = ENOMEM;
        return NULL;
    }
    pthread_mutex_init(&forwarder->lock, NULL);
    forwarder->post = post;
    forwarder->max_queue_bytes = max_queue_bytes;
    forwarder->last = &forwarder->first;
    forwarder->end_ms = INT64_MAX;

    int reason = pthread_create(&forwarder->thread, NULL, run, forwarder);
    forwarder->is_running = reason == 0;
    if (forwarder->is_running)
        return forwarder;
    ct_forwarder_destroy(forwarder);
    errno = reason;
    return NULL;
}

/* Whatever is still queued then is out of time. */
static void stop_at(struct ct_forwarder *forwarder, int64_t end_ms)
{
    if (!forwarder->is_running)
        return;
    pthread_mutex_lock(&forwarder->lock);
    forwarder->end_ms = end_ms;
    pthread_cond_signal(&forwarder->changed);
    pthread_mutex_unlock(&forwarder->lock);
    ct_post_end_at(forwarder->post, end_ms);
    pthread_join(forwarder->thread, NULL);
    forwarder->is_running = false;
    while (forwarder->first)
        settle(forwarder, OUT_OF_TIME, 0);
}

void ct_forwarder_destroy(struct ct_forwarder *forwarder)
{
    if (!forwarder)
        return;
    stop_at(forwarder, ct_now_ms());
    ct_post_destroy(forwarder->post);
    pthread_cond_destroy(&forwarder->changed);
    pthread_mutex_destroy(&forwarder->lock);
    free(forwarder);
}

/* NULL: it does not fit, or memory is out. */
static struct request *copy_of(const struct ct_forwarder *forwarder, size_t queue_bytes,
                               const uint8_t *body, size_t size_bytes, size_t spans)
{
    if (weight(size_bytes) > forwarder->max_queue_bytes - queue_bytes)
        return NULL;
    struct request *request = malloc(weight(size_bytes));
    if (!request)
        return NULL;
    *request = (struct request){.spans = spans, .size = size_bytes};
    memcpy(request->body, body, size_bytes);
    return request;
}

static size_t queue_bytes_of(struct ct_forwarder *forwarder)
{
    pthread_mutex_lock(&forwarder->lock);
    size_t bytes = forwarder->queue_bytes;
    pthread_mutex_unlock(&forwarder->lock);
    return bytes;
}

static void append(struct ct_forwarder *forwarder, struct request *request)
{
    *forwarder->last = request;
    forwarder->last = &request->next;
    forwarder->queue_bytes += weight(request->size);
    pthread_cond_signal(&forwarder->changed);
}

void ct_forwarder_add(struct ct_forwarder *forwarder, const uint8_t *body, size_t size_bytes,
                      size_t spans)
{
    /* The thread only makes room, so what fits now still does when it has been copied. */
    size_t queue_bytes = queue_bytes_of(forwarder);
    struct request *request = copy_of(forwarder, queue_bytes, body, size_bytes, spans);

    if (!request && !forwarder->is_full)
        fprintf(stderr, "cotel view: no room to forward more: %zu bytes wait already\n",
                queue_bytes);
    forwarder->is_full = !request;

    pthread_mutex_lock(&forwarder->lock);
    if (request)
        append(forwarder, request);
    else
        forwarder->spans[NO_ROOM] += spans;
    pthread_mutex_unlock(&forwarder->lock);
}

void ct_forwarder_end(struct ct_forwarder *forwarder)
{
    const char *before = "; not forwarded: ";

    stop_at(forwarder, ct_now_ms() + CT_FORWARD_END_MS);
    fprintf(stderr, "cotel view: forwarded %" PRIu64 " spans", forwarder->spans[FORWARDED]);
    for (enum fate fate = FORWARDED + 1; fate < FATES; fate++) {
        if (forwarder->spans[fate] == 0)
            continue;
        fprintf(stderr, "%s%" PRIu64 " (%s)", before, forwarder->spans[fate], fate_names[fate]);
        before = ", ";
    }
    fputc('\n', stderr);
}
