/* SPDX-License-Identifier: Apache-2.0 */
#include "view/store.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { BUCKETS = 1024 };

/* Traces hang in buckets by id, and in a list by when they were last heard of. */
struct ct_store {
    struct ct_store_options options;
    struct ct_trace *buckets[BUCKETS];
    struct ct_trace *oldest;
    struct ct_trace *newest;
    size_t traces;
    size_t size_bytes;
};

static struct ct_trace **bucket_of(struct ct_store *store, const uint8_t *id)
{
    uint64_t hash;

    memcpy(&hash, id + CT_TRACE_ID_SIZE - sizeof(hash), sizeof(hash));
    return &store->buckets[(hash * UINT64_C(0x9E3779B97F4A7C15)) >> 32 & (BUCKETS - 1)];
}

static void append(struct ct_store *store, struct ct_trace *trace)
{
    trace->newer = NULL;
    trace->older = store->newest;
    if (store->newest)
        store->newest->newer = trace;
    else
        store->oldest = trace;
    store->newest = trace;
}

static void unlink_from_list(struct ct_store *store, struct ct_trace *trace)
{
    if (trace->older)
        trace->older->newer = trace->newer;
    else
        store->oldest = trace->newer;
    if (trace->newer)
        trace->newer->older = trace->older;
    else
        store->newest = trace->older;
}

static void unlink_from_bucket(struct ct_store *store, struct ct_trace *trace)
{
    struct ct_trace **link = bucket_of(store, trace->id);

    while (*link && *link != trace)
        link = &(*link)->next_in_bucket;
    assert(*link == trace);
    *link = trace->next_in_bucket;
}

static void destroy(struct ct_trace *trace)
{
    ct_span_set_fini(&trace->spans);
    free(trace);
}

static void drop(struct ct_store *store, struct ct_trace *trace)
{
    unlink_from_list(store, trace);
    unlink_from_bucket(store, trace);
    store->traces--;
    store->size_bytes -= trace->size_bytes;
    destroy(trace);
}

static bool is_waiting(const struct ct_trace *trace)
{
    return trace->spans.count > trace->spans_shown;
}

static void show(struct ct_store *store, struct ct_trace *trace, enum ct_show_reason reason)
{
    store->options.show(store->options.user, trace, reason);
    trace->spans_shown = trace->spans.count;
    trace->was_complete |= trace->has_root;
}

static bool is_over_limits(const struct ct_store *store)
{
    return store->traces > store->options.max_traces ||
           store->size_bytes > store->options.max_bytes;
}

static void evict_beyond_limits(struct ct_store *store)
{
    struct ct_trace *trace = store->oldest;

    while (trace && is_over_limits(store)) {
        struct ct_trace *newer = trace->newer;
        assert(newer != trace);
        if (is_waiting(trace))
            show(store, trace, CT_SHOW_EVICTED);
        drop(store, trace);
        trace = newer;
    }
}

static struct ct_trace *create(struct ct_store *store, const uint8_t *id)
{
    struct ct_trace **bucket = bucket_of(store, id);

    struct ct_trace *trace = calloc(1, sizeof(*trace));
    if (!trace)
        return NULL;
    memcpy(trace->id, id, CT_TRACE_ID_SIZE);
    trace->next_in_bucket = *bucket;
    *bucket = trace;
    append(store, trace);
    store->traces++;
    return trace;
}

static struct ct_trace *find_or_create(struct ct_store *store, const uint8_t *id)
{
    for (struct ct_trace *trace = *bucket_of(store, id); trace; trace = trace->next_in_bucket)
        if (memcmp(trace->id, id, CT_TRACE_ID_SIZE) == 0)
            return trace;
    return create(store, id);
}

static void account(struct ct_store *store, struct ct_trace *trace, const struct ct_span *span,
                    int64_t now_ms)
{
    trace->has_root |= !span->has_parent;
    trace->size_bytes += span->size_bytes;
    store->size_bytes += span->size_bytes;
    trace->last_ms = now_ms;
    unlink_from_list(store, trace);
    append(store, trace);
}

bool ct_store_add(struct ct_store *store, struct ct_span *span, int64_t now_ms)
{
    struct ct_trace *trace = find_or_create(store, span->trace_id);
    if (!trace) {
        ct_span_destroy(span);
        return false;
    }

    enum ct_span_set_result added = ct_span_set_add(&trace->spans, span);
    if (added == CT_SPAN_SET_ADDED) {
        account(store, trace, span, now_ms);
        evict_beyond_limits(store);
        return true;
    }
    trace->duplicates += added == CT_SPAN_SET_PRESENT;
    ct_span_destroy(span);
    return added == CT_SPAN_SET_PRESENT;
}

static int64_t due_ms(const struct ct_trace *trace)
{
    return trace->last_ms + (trace->has_root ? CT_STORE_QUIET_MS : CT_STORE_ROOTLESS_QUIET_MS);
}

void ct_store_show_due(struct ct_store *store, int64_t now_ms)
{
    for (struct ct_trace *trace = store->oldest; trace; trace = trace->newer)
        if (is_waiting(trace) && due_ms(trace) <= now_ms)
            show(store, trace, CT_SHOW_QUIET);
}

void ct_store_show_rest(struct ct_store *store)
{
    for (struct ct_trace *trace = store->oldest; trace; trace = trace->newer)
        if (is_waiting(trace))
            show(store, trace, CT_SHOW_ENDING);
}

int64_t ct_store_next_due_ms(const struct ct_store *store)
{
    int64_t next = -1;

    for (const struct ct_trace *trace = store->oldest; trace; trace = trace->newer)
        if (is_waiting(trace) && (next < 0 || due_ms(trace) < next))
            next = due_ms(trace);
    return next;
}

struct ct_store *ct_store_create(const struct ct_store_options *options)
{
    struct ct_store *store = calloc(1, sizeof(*store));

    if (store)
        store->options = *options;
    return store;
}

void ct_store_destroy(struct ct_store *store)
{
    if (!store)
        return;
    for (struct ct_trace *trace = store->oldest, *newer; trace; trace = newer) {
        newer = trace->newer;
        destroy(trace);
    }
    free(store);
}
