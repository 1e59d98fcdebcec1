/* SPDX-License-Identifier: Apache-2.0 */
/* A finished tracestate: one block that never changes, the header text with the place of each
 * member in it. Handing it on is a copy of the text; nothing is parsed or encoded again. */
#include "api/tracestate.h"

#include <stdatomic.h>
#include <stdlib.h>

#include "api/tracestate_syntax.h"
#include "wire/str.h"

/* Members of more than this many characters are the first to go when a list is too long:
 * W3C Trace Context Level 2, section 3.3.1.5. */
#define LONG_MEMBER_SIZE 128

struct place {
    uint16_t at; /* of the key; the value follows behind one '=' */
    uint16_t key_size;
    uint16_t value_size;
};

struct cotel_tracestate {
    _Atomic uint32_t refs;
    uint16_t count;
    uint16_t size;
    struct place places[]; /* `count` of them, then the text */
};

static const char *text_of(const cotel_tracestate *state)
{
    return (const char *)&state->places[state->count];
}

static struct ct_tracestate_member member_at(const cotel_tracestate *state, size_t index)
{
    const struct place *place = &state->places[index];
    const char *key = text_of(state) + place->at;
    return (struct ct_tracestate_member){
        .key = cotel_str_n(key, place->key_size),
        .value = cotel_str_n(key + place->key_size + 1, place->value_size),
    };
}

static size_t member_size(const struct ct_tracestate_member *member)
{
    return member->key.size + 1 + member->value.size;
}

static bool is_repeated(const struct ct_tracestate_list *list, size_t index)
{
    for (size_t i = 0; i < index; i++) {
        if (ct_str_equal(list->members[i].key, list->members[index].key))
            return true;
    }
    return false;
}

static size_t text_size(const struct ct_tracestate_list *list)
{
    size_t size = list->count > 0 ? list->count - 1 : 0;
    for (size_t i = 0; i < list->count; i++)
        size += member_size(&list->members[i]);
    return size;
}

static char *append(char *to, cotel_str text)
{
    memcpy(to, text.data, text.size);
    return to + text.size;
}

/* The text is at most as long as that of the list: its places fit 16 bits. */
static cotel_tracestate *build_unique(const struct ct_tracestate_list *list)
{
    size_t size = text_size(list);
    size_t head = sizeof(cotel_tracestate) + list->count * sizeof(struct place);
    cotel_tracestate *state = malloc(head + size);
    if (!state)
        return NULL;

    atomic_init(&state->refs, 1);
    state->count = (uint16_t)list->count;
    state->size = (uint16_t)size;
    char *text = (char *)&state->places[state->count];
    char *to = text;
    for (size_t i = 0; i < list->count; i++) {
        const struct ct_tracestate_member *member = &list->members[i];
        if (i > 0)
            *to++ = ',';
        state->places[i] = (struct place){
            .at = (uint16_t)(to - text),
            .key_size = (uint16_t)member->key.size,
            .value_size = (uint16_t)member->value.size,
        };
        to = append(to, member->key);
        *to++ = '=';
        to = append(to, member->value);
    }
    return state;
}

cotel_tracestate *ct_tracestate_list_build(const struct ct_tracestate_list *list)
{
    struct ct_tracestate_list unique;
    ct_tracestate_list_init(&unique);
    for (size_t i = 0; i < list->count; i++) {
        if (!is_repeated(list, i))
            unique.members[unique.count++] = list->members[i];
    }
    return unique.count > 0 ? build_unique(&unique) : NULL;
}

cotel_tracestate *cotel_tracestate_parse(const char *header, size_t size)
{
    struct ct_tracestate_list list;
    ct_tracestate_list_init(&list);
    if (!ct_tracestate_list_add(&list, ct_str(header, size)))
        return NULL;
    return ct_tracestate_list_build(&list);
}

cotel_str cotel_tracestate_header(const cotel_tracestate *state)
{
    return state ? cotel_str_n(text_of(state), state->size) : cotel_str_n(NULL, 0);
}

cotel_str cotel_tracestate_get(const cotel_tracestate *state, cotel_str key)
{
    key = ct_str(key.data, key.size);
    for (size_t i = 0; state && i < state->count; i++) {
        struct ct_tracestate_member member = member_at(state, i);
        if (ct_str_equal(member.key, key))
            return member.value;
    }
    return cotel_str_n(NULL, 0);
}

/* Appends the members of `state`, save the one with this key. */
static void append_others(struct ct_tracestate_list *list, const cotel_tracestate *state,
                          cotel_str key)
{
    for (size_t i = 0; state && i < state->count; i++) {
        struct ct_tracestate_member member = member_at(state, i);
        if (!ct_str_equal(member.key, key))
            list->members[list->count++] = member;
    }
}

static void drop_member(struct ct_tracestate_list *list, size_t index)
{
    list->count--;
    memmove(&list->members[index], &list->members[index + 1],
            (list->count - index) * sizeof list->members[0]);
}

/* The index of what goes first: the last long member, else the last one; never the first, which
 * is the new one. */
static size_t most_dispensable(const struct ct_tracestate_list *list)
{
    for (size_t i = list->count - 1; i > 0; i--) {
        if (member_size(&list->members[i]) > LONG_MEMBER_SIZE)
            return i;
    }
    return list->count - 1;
}

cotel_tracestate *cotel_tracestate_set(const cotel_tracestate *state, cotel_str key,
                                       cotel_str value)
{
    if (!ct_tracestate_key_is_valid(key) || !ct_tracestate_value_is_valid(value))
        return cotel_tracestate_ref(state);

    struct ct_tracestate_list list;
    ct_tracestate_list_init(&list);
    list.members[list.count++] = (struct ct_tracestate_member){.key = key, .value = value};
    append_others(&list, state, key);
    if (list.count > COTEL_TRACESTATE_MAX_MEMBERS)
        list.count = COTEL_TRACESTATE_MAX_MEMBERS;
    while (text_size(&list) > COTEL_TRACESTATE_MAX_SIZE)
        drop_member(&list, most_dispensable(&list));

    cotel_tracestate *changed = build_unique(&list);
    return changed ? changed : cotel_tracestate_ref(state);
}

cotel_tracestate *cotel_tracestate_remove(const cotel_tracestate *state, cotel_str key)
{
    if (!state || !cotel_tracestate_get(state, key).data)
        return cotel_tracestate_ref(state);

    struct ct_tracestate_list list;
    ct_tracestate_list_init(&list);
    append_others(&list, state, key);
    if (list.count == 0)
        return NULL;
    cotel_tracestate *changed = build_unique(&list);
    return changed ? changed : cotel_tracestate_ref(state);
}

cotel_tracestate *cotel_tracestate_ref(const cotel_tracestate *state)
{
    /* Only the count is ever changed; all else is constant for whoever holds a reference. */
    cotel_tracestate *counted = (cotel_tracestate *)(uintptr_t)state;
    /* Relaxed: the caller has a reference, so nothing is to be ordered against. */
    if (counted)
        atomic_fetch_add_explicit(&counted->refs, 1, memory_order_relaxed);
    return counted;
}

void cotel_tracestate_unref(const cotel_tracestate *state)
{
    cotel_tracestate *counted = (cotel_tracestate *)(uintptr_t)state;
    /* Release, then acquire for the last one: every use by others is over before the free. */
    if (counted && atomic_fetch_sub_explicit(&counted->refs, 1, memory_order_acq_rel) == 1)
        free(counted);
}
