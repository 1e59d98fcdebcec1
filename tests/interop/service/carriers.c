/* SPDX-License-Identifier: Apache-2.0 */
#include "carriers.h"

#include <microhttpd.h>

#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

/* ---- in ---- */

/* Looks for one header: for the index-th of a name, or the index-th of all. */
struct search {
    cotel_str name; /* {NULL, 0}: any */
    size_t index;
    cotel_str found_name;
    cotel_str found_value;
};

static bool has_name(const char *name, size_t size, cotel_str wanted)
{
    return !wanted.data || (size == wanted.size && strncasecmp(name, wanted.data, size) == 0);
}

static enum MHD_Result look_at(void *user, enum MHD_ValueKind kind, const char *name,
                               size_t name_size, const char *value, size_t value_size)
{
    struct search *search = user;
    (void)kind;
    if (!has_name(name, name_size, search->name) || search->index-- > 0)
        return MHD_YES;
    search->found_name = cotel_str_n(name, name_size);
    search->found_value = cotel_str_n(value ? value : "", value_size);
    return MHD_NO; /* seek no further */
}

static struct search search_headers(void *connection, cotel_str name, size_t index)
{
    struct search search = {.name = name, .index = index};
    (void)MHD_get_connection_values_n(connection, MHD_HEADER_KIND, look_at, &search);
    return search;
}

static cotel_str get(void *carrier, cotel_str name, size_t index)
{
    return search_headers(carrier, name, index).found_value;
}

static cotel_str key_at(void *carrier, size_t index)
{
    return search_headers(carrier, cotel_str_n(NULL, 0), index).found_name;
}

const cotel_getter request_headers_getter = {
    .size = sizeof request_headers_getter,
    .get = get,
    .key = key_at,
};

/* ---- out ---- */

void outgoing_headers_add(struct outgoing_headers *headers, cotel_str name, cotel_str value)
{
    char *line = NULL;
    struct curl_slist *longer = NULL;
    if (asprintf(&line, "%.*s: %.*s", (int)name.size, name.data, (int)value.size, value.data) >=
        0) {
        longer = curl_slist_append(headers->list, line);
        free(line);
    }
    if (longer)
        headers->list = longer;
    else
        headers->out_of_memory = true;
}

static void set(void *carrier, cotel_str name, cotel_str value)
{
    outgoing_headers_add(carrier, name, value);
}

const cotel_setter outgoing_headers_setter = {.size = sizeof outgoing_headers_setter, .set = set};
