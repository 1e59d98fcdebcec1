/* SPDX-License-Identifier: Apache-2.0 */
#include "header_list.h"

#include <stdlib.h>

#include "env_parse.h"

void ct_header_list_fini(struct ct_header_list *list)
{
    free(list->items);
    free(list->texts);
    *list = (struct ct_header_list){.items = NULL};
}

static size_t count_members(cotel_str text)
{
    size_t count = 1;
    for (size_t i = 0; i < text.size; i++)
        count += text.data[i] == ',';
    return count;
}

/* Whether it can be the name of a header: a token of RFC 9110. */
static bool is_token(cotel_str name)
{
    for (size_t i = 0; i < name.size; i++) {
        char c = name.data[i];
        bool is_alphanumeric =
            (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
        if (!is_alphanumeric && (c == '\0' || !strchr("!#$%&'*+-.^_`|~", c)))
            return false;
    }
    return name.size != 0;
}

/* Copies name and value behind each other to `at`; returns where the next ones go, NULL when the
 * member is malformed. */
static char *parse_member(cotel_str member, char *at, cotel_otlp_header *header)
{
    const char *equals = memchr(member.data, '=', member.size);
    if (!equals)
        return NULL;
    size_t name_size = (size_t)(equals - member.data);
    cotel_str name = ct_env_trim(cotel_str_n(member.data, name_size));
    cotel_str value = ct_env_trim(cotel_str_n(equals + 1, member.size - name_size - 1));
    if (!is_token(name))
        return NULL;
    header->name = at;
    memcpy(at, name.data, name.size);
    at[name.size] = '\0';
    char *value_at = at + name.size + 1;
    header->value = value_at;
    return ct_env_percent_decode(value, value_at) ? value_at + strlen(value_at) + 1 : NULL;
}

static bool parse_members(struct ct_header_list *list, cotel_str text)
{
    cotel_str member;
    char *at = list->texts;
    while (ct_env_next_member(&text, &member)) {
        if (member.size == 0)
            continue;
        at = parse_member(member, at, &list->items[list->count]);
        if (!at)
            return false;
        list->count++;
    }
    return true;
}

bool ct_header_list_parse(struct ct_header_list *list, cotel_str text)
{
    *list = (struct ct_header_list){.items = NULL};
    list->items = calloc(count_members(text), sizeof *list->items);
    /* A NUL takes the place of each '=' and ',', but for the last. */
    list->texts = malloc(text.size + 1);
    if (list->items && list->texts && parse_members(list, text))
        return true;
    ct_header_list_fini(list);
    return false;
}
