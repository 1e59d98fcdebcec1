/* SPDX-License-Identifier: Apache-2.0 */
/* Reading the header form: W3C Trace Context Level 2, section 3.3.1. */
#include "api/tracestate.h"

#include "api/tracestate_syntax.h"
#include "wire/str.h"

static bool add_member(struct ct_tracestate_list *list, cotel_str text)
{
    const char *equals = memchr(text.data, '=', text.size);
    if (!equals)
        return false;

    size_t key_size = (size_t)(equals - text.data);
    struct ct_tracestate_member member = {
        .key = cotel_str_n(text.data, key_size),
        .value = cotel_str_n(equals + 1, text.size - key_size - 1),
    };
    if (!ct_tracestate_key_is_valid(member.key) || !ct_tracestate_value_is_valid(member.value))
        return false;
    if (list->count == COTEL_TRACESTATE_MAX_MEMBERS) {
        list->over_limit = true;
        return false;
    }

    list->members[list->count++] = member;
    return true;
}

void ct_tracestate_list_init(struct ct_tracestate_list *list)
{
    list->count = 0;
    list->size = 0;
    list->over_limit = false;
}

bool ct_tracestate_list_add(struct ct_tracestate_list *list, cotel_str header)
{
    if (header.size > COTEL_TRACESTATE_MAX_SIZE - list->size) {
        list->over_limit = true;
        return false;
    }
    list->size += header.size;

    while (header.size > 0) {
        const char *comma = memchr(header.data, ',', header.size);
        size_t size = comma ? (size_t)(comma - header.data) : header.size;
        cotel_str text = ct_str_trim(cotel_str_n(header.data, size));
        if (text.size > 0 && !add_member(list, text))
            return false;
        size_t step = comma ? size + 1 : size;
        header = cotel_str_n(header.data + step, header.size - step);
    }
    return true;
}
