/* SPDX-License-Identifier: Apache-2.0 */
/* Children: found by a hash of their values in chains that only grow. */
#include "metric.h"

#include "names.h"

#include <stdlib.h>
#include <string.h>

#define FNV_OFFSET UINT64_C(0xcbf29ce484222325)
#define FNV_PRIME UINT64_C(0x100000001b3)

#define OVERFLOW_KEY "otel.metric.overflow"

/* ---- finding ---- */

/* Of each value with the zero byte that ends it. */
static uint64_t hash_of(const char *const *values, size_t count)
{
    uint64_t hash = FNV_OFFSET;
    for (size_t i = 0; i < count; i++) {
        for (const char *at = values[i] ? values[i] : ""; *at; at++)
            hash = (hash ^ (unsigned char)*at) * FNV_PRIME;
        hash *= FNV_PRIME;
    }
    return hash;
}

static bool has_values(const struct ct_face_child *child, const char *const *values, size_t count)
{
    const cotel_attribute *own = child->attributes + child->attribute_count - count;
    for (size_t i = 0; i < count; i++)
        if (strcmp(own[i].value.as.string.data, values[i] ? values[i] : "") != 0)
            return false;
    return true;
}

static _Atomic(struct ct_face_child *) *slot_of(struct ct_face_metric *metric, uint64_t hash)
{
    /* The upper half of such a hash is the better mixed one. */
    return &metric->slots[(hash >> 32) & (metric->slot_count - 1)];
}

static struct ct_face_child *find(struct ct_face_metric *metric, uint64_t hash,
                                  const char *const *values, size_t count)
{
    /* Acquire pairs with the release in publish(): who sees a child sees it whole. */
    struct ct_face_child *child = atomic_load_explicit(slot_of(metric, hash), memory_order_acquire);
    while (child && !(child->hash == hash && has_values(child, values, count)))
        child = child->next;
    return child;
}

struct ct_face_child *ct_face_next_child(struct ct_face_metric *metric, struct ct_face_walk *walk)
{
    if (walk->at)
        walk->at = walk->at->next;
    while (!walk->at && walk->slot < metric->slot_count)
        walk->at = atomic_load_explicit(&metric->slots[walk->slot++], memory_order_acquire);
    if (walk->at || walk->ended)
        return walk->at;
    walk->ended = true;
    return atomic_load_explicit(&metric->overflow, memory_order_acquire);
}

/* ---- making ---- */

static size_t text_size(const char *text)
{
    return strlen(text ? text : "") + 1;
}

/* A child with room for that many attributes and their texts, which stand behind them. */
static struct ct_face_child *allocate(struct ct_face_metric *metric, size_t count, size_t texts)
{
    struct ct_face_child *child = calloc(1, metric->kind->child_size);
    if (!child)
        return NULL;
    child->metric = metric;
    child->attributes = malloc((count + 1) * sizeof *child->attributes + texts);
    if (child->attributes)
        return child;
    free(child);
    return NULL;
}

static struct ct_face_child *opened(struct ct_face_child *child)
{
    if (child->metric->kind->open_child(child))
        return child;
    ct_face_child_free(child);
    return NULL;
}

void ct_face_child_free(struct ct_face_child *child)
{
    child->metric->kind->close_child(child);
    free(child->attributes);
    free(child);
}

static void put_attributes(struct ct_face_child *child, const char *const *values, size_t count)
{
    const struct ct_face_metric *metric = child->metric;
    const struct cotel_prom_registry *registry = metric->registry;
    size_t common = registry->label_count;
    char *text = (char *)(child->attributes + common + count);
    if (common > 0)
        memcpy(child->attributes, registry->labels, common * sizeof *child->attributes);
    for (size_t i = 0; i < count; i++) {
        size_t size = text_size(values[i]);
        memcpy(text, values[i] ? values[i] : "", size);
        child->attributes[common + i] = cotel_attribute_string(metric->labels[i], text);
        text += size;
    }
    child->attribute_count = common + count;
}

static struct ct_face_child *make(struct ct_face_metric *metric, uint64_t hash,
                                  const char *const *values, size_t count)
{
    size_t texts = 0;
    for (size_t i = 0; i < count; i++)
        texts += text_size(values[i]);
    struct ct_face_child *child = allocate(metric, metric->registry->label_count + count, texts);
    if (!child)
        return NULL;
    child->hash = hash;
    put_attributes(child, values, count);
    return opened(child);
}

/* The set that the SDK gives to what is beyond its own limit, so that both are one series. */
static struct ct_face_child *make_overflow(struct ct_face_metric *metric)
{
    struct ct_face_child *child = allocate(metric, 1, 0);
    if (!child)
        return NULL;
    child->attributes[0] = cotel_attribute_bool(OVERFLOW_KEY, true);
    child->attribute_count = 1;
    return opened(child);
}

/* ---- adding ---- */

static bool is_full(const struct ct_face_metric *metric)
{
    return atomic_load_explicit(&metric->child_count, memory_order_relaxed) >=
           metric->registry->max_children;
}

/* The child that there is from now on: this one, or one that another thread was quicker with. NULL:
 * the last place has just been taken. */
static struct ct_face_child *publish(struct ct_face_metric *metric, struct ct_face_child *child,
                                     const char *const *values, size_t count)
{
    ct_face_lock(&metric->registry->lock);
    _Atomic(struct ct_face_child *) *slot = slot_of(metric, child->hash);
    struct ct_face_child *there = find(metric, child->hash, values, count);
    if (!there && !is_full(metric)) {
        child->next = atomic_load_explicit(slot, memory_order_relaxed);
        atomic_fetch_add_explicit(&metric->child_count, 1, memory_order_relaxed);
        atomic_fetch_add_explicit(&metric->registry->counters.children, 1, memory_order_relaxed);
        atomic_store_explicit(slot, child, memory_order_release);
        there = child;
    }
    ct_face_unlock(&metric->registry->lock);
    return there;
}

static struct ct_face_child *publish_overflow(struct ct_face_metric *metric,
                                              struct ct_face_child *child)
{
    struct ct_face_child *there = NULL;
    /* Release as in publish(); acquire, since what another thread put there is used. */
    if (atomic_compare_exchange_strong_explicit(&metric->overflow, &there, child,
                                                memory_order_acq_rel, memory_order_acquire))
        return child;
    ct_face_child_free(child);
    return there;
}

static struct ct_face_child *overflow(struct ct_face_metric *metric)
{
    struct ct_face_child *child = atomic_load_explicit(&metric->overflow, memory_order_acquire);
    atomic_fetch_add_explicit(&metric->registry->counters.overflowed, 1, memory_order_relaxed);
    ct_face_tell(metric->registry, CT_FACE_OVERFLOW, metric->name);
    if (child)
        return child;
    child = make_overflow(metric);
    if (child)
        return publish_overflow(metric, child);
    ct_face_tell(metric->registry, CT_FACE_OUT_OF_MEMORY, metric->name);
    return NULL;
}

static bool are_utf8(const char *const *values, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!ct_face_is_utf8(values[i]))
            return false;
    return true;
}

static struct ct_face_child *add(struct ct_face_metric *metric, uint64_t hash,
                                 const char *const *values, size_t count)
{
    if (!are_utf8(values, count)) {
        ct_face_tell(metric->registry, CT_FACE_BAD_VALUE, metric->name);
        return NULL;
    }
    if (is_full(metric))
        return overflow(metric);
    struct ct_face_child *made = make(metric, hash, values, count);
    if (!made) {
        ct_face_tell(metric->registry, CT_FACE_OUT_OF_MEMORY, metric->name);
        return NULL;
    }
    struct ct_face_child *child = publish(metric, made, values, count);
    if (child != made)
        ct_face_child_free(made);
    return child ? child : overflow(metric);
}

struct ct_face_child *ct_face_child_with(struct ct_face_metric *metric, const char *const *values,
                                         size_t count)
{
    if (!metric)
        return NULL;
    if (count != metric->label_count || (count > 0 && !values)) {
        ct_face_tell(metric->registry, CT_FACE_WRONG_VALUES, metric->name);
        return NULL;
    }
    uint64_t hash = hash_of(values, count);
    struct ct_face_child *child = find(metric, hash, values, count);
    return child ? child : add(metric, hash, values, count);
}
