/* SPDX-License-Identifier: Apache-2.0 */
/* Requests for traces to another receiver, by OTLP/HTTP with protobuf: one at a time, over a
 * connection that is kept. */
#ifndef COTEL_TOOLS_COTEL_VIEW_FORWARD_POST_H
#define COTEL_TOOLS_COTEL_VIEW_FORWARD_POST_H

#include <stddef.h>
#include <stdint.h>

enum {
    CT_POST_CONNECT_MS = 5000,
    CT_POST_ANSWER_MS = 10000,            /* from the beginning to the last of the answer */
    CT_POST_MAX_ANSWER_BYTES = 64 * 1024, /* what is beyond is left unread */
    CT_POST_REASON_SIZE = 128
};

enum ct_post_verdict {
    CT_POST_TAKEN,
    CT_POST_REFUSED, /* and would be again */
    CT_POST_FAILED   /* another time it may be taken */
};

struct ct_post_answer {
    enum ct_post_verdict verdict;
    uint64_t rejected_spans;          /* of a request that was taken */
    int64_t retry_after_ms;           /* what the peer wants to be left alone for; 0: nothing */
    char reason[CT_POST_REASON_SIZE]; /* why it was refused or has failed; else "" */
};

struct ct_post;

/* 0, EINVAL: no URL of http or https, or ENOTSUP: this build is without libcurl. */
int ct_post_check_url(const char *url);

/* A URL without a path gets that of traces, /v1/traces. `own_port` is where this program listens
 * itself. NULL on failure, with errno set; ELOOP: the URL leads there. */
struct ct_post *ct_post_create(const char *url, uint16_t own_port);
void ct_post_destroy(struct ct_post *post);

/* Blocks; one thread at a time. */
void ct_post_run(struct ct_post *post, const uint8_t *body, size_t size_bytes,
                 struct ct_post_answer *answer);

/* What is not answered at that time of ct_now_ms() fails, now and later. Any thread. */
void ct_post_end_at(struct ct_post *post, int64_t end_ms);

#endif
