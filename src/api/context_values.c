/* SPDX-License-Identifier: Apache-2.0 */
#include "api/context_values.h"

#include <stdatomic.h>
#include <stdlib.h>

#include "api/context.h"
#include "api/context_counts.h"

/* One value, shared by the lists that hold it. */
struct value {
    _Atomic uint32_t refs;
    void *pointer;
    void (*destroy)(void *pointer);
};

struct item {
    const cotel_context_key *key;
    struct value *value; /* a reference */
};

struct ct_context_values {
    _Atomic uint32_t refs;
    uint32_t count;
    struct item items[];
};

/* Relaxed: whoever takes a reference has one already, so nothing is to be ordered against. */
static void count_up(_Atomic uint32_t *refs)
{
    atomic_fetch_add_explicit(refs, 1, memory_order_relaxed);
}

/* Whether it was the last one. Release, then acquire for that one: every use by others is over
 * before the free. */
static bool count_down(_Atomic uint32_t *refs)
{
    return atomic_fetch_sub_explicit(refs, 1, memory_order_acq_rel) == 1;
}

static void destroy_pointer(void *pointer, void (*destroy)(void *pointer))
{
    if (destroy && pointer)
        destroy(pointer);
}

static void value_unref(struct value *value)
{
    if (!count_down(&value->refs))
        return;
    destroy_pointer(value->pointer, value->destroy);
    free(value);
}

struct ct_context_values *ct_context_values_ref_slow_path(struct ct_context_values *values)
{
    count_up(&values->refs);
    return values;
}

void ct_context_values_unref_slow_path(struct ct_context_values *values)
{
    if (!count_down(&values->refs))
        return;
    for (uint32_t i = 0; i < values->count; i++)
        value_unref(values->items[i].value);
    free(values);
}

static uint32_t count_of(const struct ct_context_values *values)
{
    return values ? values->count : 0;
}

/* The index of a key, or the number of items. */
static uint32_t find(const struct ct_context_values *values, const cotel_context_key *key)
{
    uint32_t i = 0;
    while (i < count_of(values) && values->items[i].key != key)
        i++;
    return i;
}

void *ct_context_values_get_slow_path(const struct ct_context_values *values,
                                      const cotel_context_key *key)
{
    uint32_t i = find(values, key);
    return i < count_of(values) ? values->items[i].value->pointer : NULL;
}

/* A list of those whose index is not `left_out`, with room for one more. */
static struct ct_context_values *copy_without(const struct ct_context_values *values,
                                              uint32_t left_out)
{
    size_t room = (size_t)count_of(values) + 1;
    struct ct_context_values *copy = malloc(sizeof *copy + room * sizeof copy->items[0]);
    if (!copy)
        return NULL;
    atomic_init(&copy->refs, 1);
    copy->count = 0;
    for (uint32_t i = 0; i < count_of(values); i++) {
        if (i == left_out)
            continue;
        count_up(&values->items[i].value->refs);
        copy->items[copy->count++] = values->items[i];
    }
    return copy;
}

static struct value *value_create(void *pointer, void (*destroy)(void *pointer))
{
    struct value *value = malloc(sizeof *value);
    if (!value)
        return NULL;
    atomic_init(&value->refs, 1);
    value->pointer = pointer;
    value->destroy = destroy;
    return value;
}

static struct ct_context_values *not_changed(struct ct_context_values *values)
{
    ct_context_count(CT_CONTEXT_NOT_STORED);
    return ct_context_values_ref(values);
}

static struct ct_context_values *without(struct ct_context_values *values,
                                         const cotel_context_key *key)
{
    uint32_t at = find(values, key);
    if (at == count_of(values))
        return ct_context_values_ref(values);
    if (values->count == 1)
        return NULL;
    struct ct_context_values *copy = copy_without(values, at);
    return copy ? copy : not_changed(values);
}

static struct ct_context_values *with(struct ct_context_values *values,
                                      const cotel_context_key *key, struct value *value)
{
    uint32_t at = find(values, key);
    if (at >= COTEL_CONTEXT_MAX_VALUES)
        return NULL;
    struct ct_context_values *copy = copy_without(values, at);
    if (copy)
        copy->items[copy->count++] = (struct item){.key = key, .value = value};
    return copy;
}

struct ct_context_values *ct_context_values_set(struct ct_context_values *values,
                                                const cotel_context_key *key, void *pointer,
                                                void (*destroy)(void *pointer))
{
    if (!pointer)
        return without(values, key);
    struct value *value = key ? value_create(pointer, destroy) : NULL;
    struct ct_context_values *changed = value ? with(values, key, value) : NULL;
    if (changed)
        return changed;
    free(value);
    destroy_pointer(pointer, destroy);
    return not_changed(values);
}

cotel_context *cotel_context_with_value(const cotel_context *base, const cotel_context_key *key,
                                        void *value, void (*destroy)(void *value))
{
    base = ct_context_or_current(base);
    return ct_context_create(&base->span, cotel_tracestate_ref(base->tracestate),
                             ct_context_values_set(base->values, key, value, destroy));
}

void *cotel_context_value(const cotel_context *context, const cotel_context_key *key)
{
    return ct_context_values_get(ct_context_or_current(context)->values, key);
}
