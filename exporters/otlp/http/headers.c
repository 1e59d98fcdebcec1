/* SPDX-License-Identifier: Apache-2.0 */
#include "exporters/otlp/http/headers.h"

#include <cotel/version.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const char *const type_lines[] = {
    [COTEL_OTLP_ENCODING_PROTOBUF] = "Content-Type: application/x-protobuf",
    [COTEL_OTLP_ENCODING_JSON] = "Content-Type: application/json",
};

/* Without a value it keeps libcurl from asking the peer first, which costs a round trip. */
static const char expect_line[] = "Expect:";

/* "Content-Encoding: gzip" and its NUL, with room. */
enum { ENCODING_LINE_SIZE = 32 };

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

static cotel_status append_own_lines(struct curl_slist **list, const struct ct_otlp_format *format)
{
    cotel_status status = append_line(list, type_lines[format->encoding]);
    if (status == COTEL_STATUS_OK)
        status = append_line(list, expect_line);
    const char *encoding = ct_otlp_compression_name(format->compression);
    if (encoding == NULL || status != COTEL_STATUS_OK)
        return status;
    char line[ENCODING_LINE_SIZE];
    snprintf(line, sizeof line, "Content-Encoding: %s", encoding);
    return append_line(list, line);
}

cotel_status ct_http_headers_build(const cotel_otlp_header *headers, size_t count,
                                   const struct ct_otlp_format *format, struct curl_slist **out)
{
    struct curl_slist *list = NULL;
    cotel_status status = append_own_lines(&list, format);
    for (size_t i = 0; i < count && status == COTEL_STATUS_OK; i++)
        status = append_header(&list, &headers[i]);
    if (status != COTEL_STATUS_OK) {
        curl_slist_free_all(list);
        return status;
    }
    *out = list;
    return COTEL_STATUS_OK;
}
