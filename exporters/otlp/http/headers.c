/* SPDX-License-Identifier: Apache-2.0 */
#include "exporters/otlp/http/headers.h"

#include <cotel/version.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* `Expect:` without a value keeps libcurl from asking the peer first, which costs a round trip. */
static const char *const own_lines[] = {"Content-Type: application/x-protobuf", "Expect:"};

/* What tells the peer how to read the body; a caller who sets it would break the request. */
static const char *const own_names[] = {"Content-Type",     "Content-Length", "Transfer-Encoding",
                                        "Content-Encoding", "Connection",     "Expect"};

/* A character of a header's name: `token` of RFC 9110. */
static bool is_token_char(char c)
{
    if ((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'))
        return true;
    return c != '\0' && strchr("!#$%&'*+-.^_`|~", c) != NULL;
}

static bool is_token(const char *name)
{
    const char *c = name;
    while (is_token_char(*c))
        c++;
    return *c == '\0' && c != name;
}

static bool is_field_value(const char *value)
{
    for (const char *c = value; *c != '\0'; c++) {
        unsigned char byte = (unsigned char)*c;
        if ((byte < 0x20 && byte != '\t') || byte == 0x7f)
            return false;
    }
    return true;
}

static bool is_own(const char *name)
{
    for (size_t i = 0; i < sizeof own_names / sizeof *own_names; i++) {
        if (strcasecmp(name, own_names[i]) == 0)
            return true;
    }
    return false;
}

static bool is_valid(const cotel_otlp_header *header)
{
    if (header->name == NULL || header->value == NULL)
        return false;
    return is_token(header->name) && is_field_value(header->value) && !is_own(header->name);
}

static cotel_status append_line(struct curl_slist **list, const char *line)
{
    struct curl_slist *longer = curl_slist_append(*list, line);
    if (longer == NULL)
        return COTEL_STATUS_OUT_OF_MEMORY;
    *list = longer;
    return COTEL_STATUS_OK;
}

/* libcurl takes `Name:` for "leave that header out"; one with an empty value is `Name;`. */
static cotel_status append_header(struct curl_slist **list, const cotel_otlp_header *header)
{
    if (!is_valid(header))
        return COTEL_STATUS_INVALID_ARGUMENT;
    bool is_empty = header->value[strspn(header->value, " \t")] == '\0';
    char *line = NULL;
    int length = is_empty ? asprintf(&line, "%s;", header->name)
                          : asprintf(&line, "%s: %s", header->name, header->value);
    if (length < 0)
        return COTEL_STATUS_OUT_OF_MEMORY;
    cotel_status status = append_line(list, line);
    free(line);
    return status;
}

cotel_status ct_http_headers_build(const cotel_otlp_header *headers, size_t count,
                                   struct curl_slist **out)
{
    struct curl_slist *list = NULL;
    cotel_status status = COTEL_STATUS_OK;
    for (size_t i = 0; i < sizeof own_lines / sizeof *own_lines; i++) {
        if (status == COTEL_STATUS_OK)
            status = append_line(&list, own_lines[i]);
    }
    for (size_t i = 0; i < count && status == COTEL_STATUS_OK; i++)
        status = append_header(&list, &headers[i]);
    if (status != COTEL_STATUS_OK) {
        curl_slist_free_all(list);
        return status;
    }
    *out = list;
    return COTEL_STATUS_OK;
}
