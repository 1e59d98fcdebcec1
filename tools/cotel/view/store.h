/* SPDX-License-Identifier: Apache-2.0 */
/* Spans put together to traces, and when to show each: its root is there and it has been quiet for
 * a while. A trace is kept after it was shown, so that late spans can show it again, until room is
 * needed: then the one that has been quiet longest goes. */
#ifndef COTEL_TOOLS_COTEL_VIEW_STORE_H
#define COTEL_TOOLS_COTEL_VIEW_STORE_H

#include "view/span.h"
#include "view/span_set.h"

enum {
    CT_STORE_QUIET_MS = 500,

    /* A trace whose root does not come (its sender reports elsewhere, or died) is shown after so
     * long all the same. Longer than the delay with which SDKs send what has ended. */
    CT_STORE_ROOTLESS_QUIET_MS = 30 * 1000,

    CT_STORE_MAX_TRACES = 1000,
    CT_STORE_MAX_BYTES = 256 * 1024 * 1024
};

struct ct_trace {
    uint8_t id[CT_TRACE_ID_SIZE];
    struct ct_span_set spans;
    bool has_root;
    size_t duplicates;  /* spans that came again, such as in a request sent twice; not kept */
    size_t spans_shown; /* how many there were when it was last shown; 0: never shown */
    bool was_complete;  /* it has been shown with its root */

    /* The store's. */
    size_t size_bytes;
    int64_t last_ms;
    struct ct_trace *newer;
    struct ct_trace *older;
    struct ct_trace *next_in_bucket;
};

enum ct_show_reason {
    CT_SHOW_QUIET,
    CT_SHOW_ENDING, /* nothing more will come */
    CT_SHOW_EVICTED /* its room is needed */
};

struct ct_store_options {
    size_t max_traces;
    size_t max_bytes;

    /* Called while the trace is still as it was when last shown: spans_shown tells. */
    void (*show)(void *user, const struct ct_trace *trace, enum ct_show_reason reason);
    void *user;
};

struct ct_store;

/* NULL when memory is out. */
struct ct_store *ct_store_create(const struct ct_store_options *options);
void ct_store_destroy(struct ct_store *store);

/* Takes the span over. False when memory is out: then it is gone. Times are of any clock that only
 * goes forward. */
bool ct_store_add(struct ct_store *store, struct ct_span *span, int64_t now_ms);

/* Shows what is due. */
void ct_store_show_due(struct ct_store *store, int64_t now_ms);

/* Shows whatever has not been shown as it is now, the longest quiet first. */
void ct_store_show_rest(struct ct_store *store);

/* When the next trace is due; -1: none is waiting. */
int64_t ct_store_next_due_ms(const struct ct_store *store);

#endif
