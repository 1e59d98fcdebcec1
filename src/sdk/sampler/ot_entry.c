/* SPDX-License-Identifier: Apache-2.0 */
#include "sdk/sampler/ot_entry.h"

#include "wire/str.h"

struct member {
    cotel_str key;
    cotel_str value;
};

static bool is_key_char(char c, bool first)
{
    return (c >= 'a' && c <= 'z') || (!first && c >= '0' && c <= '9');
}

static bool is_value_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '_' || c == '-';
}

static bool key_is_valid(cotel_str key)
{
    for (size_t i = 0; i < key.size; i++) {
        if (!is_key_char(key.data[i], i == 0))
            return false;
    }
    return key.size > 0;
}

static bool value_is_valid(cotel_str value)
{
    for (size_t i = 0; i < value.size; i++) {
        if (!is_value_char(value.data[i]))
            return false;
    }
    return true;
}

/* Takes the first member off the list, which is not empty. False when it has no colon. */
static bool take_member(cotel_str *list, struct member *out)
{
    const char *end = memchr(list->data, ';', list->size);
    size_t size = end ? (size_t)(end - list->data) : list->size;
    const char *colon = memchr(list->data, ':', size);
    if (!colon)
        return false;
    size_t key_size = (size_t)(colon - list->data);
    out->key = cotel_str_n(list->data, key_size);
    out->value = cotel_str_n(colon + 1, size - key_size - 1);
    size_t step = end ? size + 1 : size;
    *list = cotel_str_n(list->data + step, list->size - step);
    return true;
}

/* In a list whose members up to `end` are known to be well formed. */
static bool find(cotel_str list, const char *end, cotel_str key, struct member *out)
{
    while (list.data < end && take_member(&list, out)) {
        if (ct_str_equal(out->key, key))
            return true;
    }
    return false;
}

bool ct_ot_is_valid(cotel_str list)
{
    struct member member, other;
    cotel_str left = list;
    if (list.size == 0 || list.size > CT_OT_MAX_SIZE || list.data[list.size - 1] == ';')
        return false;
    while (left.size > 0) {
        const char *here = left.data;
        if (!take_member(&left, &member) || !key_is_valid(member.key) ||
            !value_is_valid(member.value) || find(list, here, member.key, &other))
            return false;
    }
    return true;
}

cotel_str ct_ot_find(cotel_str list, cotel_str key)
{
    struct member member;
    return find(list, list.data + list.size, key, &member) ? member.value : cotel_str_n(NULL, 0);
}

static void append(struct ct_ot_entry *to, cotel_str text)
{
    if (text.size > 0)
        memcpy(to->text + to->size, text.data, text.size);
    to->size += text.size;
}

/* False, with nothing appended, when the list would be too long. */
static bool append_member(struct ct_ot_entry *to, cotel_str key, cotel_str value)
{
    size_t separator = to->size > 0 ? 1 : 0;
    if (to->size + separator + key.size + 1 + value.size > CT_OT_MAX_SIZE)
        return false;
    if (separator)
        append(to, cotel_str_n(";", 1));
    append(to, key);
    append(to, cotel_str_n(":", 1));
    append(to, value);
    return true;
}

/* Appends all but the one with this key. False when the whole would be too long. */
static bool append_others(struct ct_ot_entry *to, cotel_str list, cotel_str key)
{
    struct member member;
    if (!ct_ot_is_valid(list))
        return true;
    while (list.size > 0 && take_member(&list, &member)) {
        if (!ct_str_equal(member.key, key) && !append_member(to, member.key, member.value))
            return false;
    }
    return true;
}

bool ct_ot_set(cotel_str list, cotel_str key, cotel_str value, struct ct_ot_entry *out)
{
    struct ct_ot_entry entry;
    entry.size = 0;
    if (!key_is_valid(key) || !value_is_valid(value) || !append_member(&entry, key, value) ||
        !append_others(&entry, list, key))
        return false;
    out->size = entry.size;
    memcpy(out->text, entry.text, entry.size);
    return true;
}

void ct_ot_remove(cotel_str list, cotel_str key, struct ct_ot_entry *out)
{
    out->size = 0;
    (void)append_others(out, list, key); /* what is left of a list fits where the list did */
}
