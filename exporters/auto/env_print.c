/* SPDX-License-Identifier: Apache-2.0 */
#include "env_print.h"

#include <cotel/sdk/provider.h>

#include <inttypes.h>
#include <stdio.h>

#include "env.h"
#include "env_parse.h"
#include "header_list.h"

/* As much of a text is quoted when it is told what is wrong with it. */
#define QUOTED_SIZE 128

/* The most bytes of a character behind its first one. */
#define UTF8_MAX_TAIL 3

struct writer {
    char *at;
    size_t left; /* the NUL included */
};

static struct writer writer_to(char *out, size_t size)
{
    *out = '\0';
    return (struct writer){out, size};
}

/* How much of a text fits, without half a character at its end. What is no UTF-8 loses no more. */
static size_t fitting(const struct writer *writer, cotel_str text)
{
    size_t size = writer->left - 1;
    if (text.size <= size)
        return text.size;
    size_t least = size > UTF8_MAX_TAIL ? size - UTF8_MAX_TAIL : 0;
    while (size > least && ((unsigned char)text.data[size] & 0xc0) == 0x80)
        size--;
    return size;
}

static void put(struct writer *writer, cotel_str text)
{
    size_t size = fitting(writer, text);
    for (size_t i = 0; i < size; i++) {
        unsigned char byte = (unsigned char)text.data[i];
        *writer->at++ = byte < 0x20 || byte == 0x7f ? '?' : (char)byte;
    }
    writer->left -= size;
    *writer->at = '\0';
}

static void put_string(struct writer *writer, const char *text)
{
    put(writer, cotel_str_of(text));
}

void ct_env_print_words(const struct ct_env_word *words, char *out, size_t size)
{
    struct writer writer = writer_to(out, size);
    for (size_t i = 0; words[i].text; i++) {
        put_string(&writer, i == 0 ? "" : ", ");
        put_string(&writer, words[i].text);
    }
}

void ct_env_print_accepts(const struct ct_env_variable *variable, char *out, size_t size)
{
    *out = '\0';
    if (variable->words)
        ct_env_print_words(variable->words, out, size);
    else if (variable->kind == CT_ENV_BOOLEAN)
        (void)snprintf(out, size, "true, false");
    else if (variable->at_most)
        (void)snprintf(out, size, "%" PRIu32 " to %s", variable->least, variable->at_most);
    else if (variable->kind == CT_ENV_INTEGER || variable->kind == CT_ENV_DURATION)
        (void)snprintf(out, size, "%" PRIu32 " to %" PRIu32, variable->least,
                       ct_env_most(variable));
    else if (variable->kind == CT_ENV_TIMEOUT)
        (void)snprintf(out, size, "0 to %d; 0 is no limit", CT_ENV_NUMBER_MAX);
    else if (variable->kind == CT_ENV_OTLP_ENDPOINT)
        (void)snprintf(out, size, "URL; over gRPC also HOST:PORT, unix:PATH");
}

/* What is before the last @ of the authority, and what is behind a question mark: passwords and
 * keys. Where there is no scheme, the authority is taken to begin the text. */
static void put_url(struct writer *writer, cotel_str url)
{
    if (url.size == 0) /* its data may be NULL, which no search may be given */
        return;
    const char *scheme_end = memmem(url.data, url.size, "://", 3);
    size_t begin = scheme_end ? (size_t)(scheme_end - url.data) + 3 : 0, end = begin;
    while (end < url.size && !strchr("/?#", url.data[end]))
        end++;
    const char *at = memrchr(url.data + begin, '@', end - begin);
    size_t host = at ? (size_t)(at - url.data) : begin;
    const char *query = memchr(url.data + end, '?', url.size - end);
    size_t visible = query ? (size_t)(query - url.data) + 1 : url.size;
    put(writer, cotel_str_n(url.data, begin));
    put_string(writer, at ? CT_ENV_SECRET : "");
    put(writer, cotel_str_n(url.data + host, visible - host));
    put_string(writer, query ? CT_ENV_SECRET : "");
}

static void put_headers(struct writer *writer, cotel_str text)
{
    struct ct_header_list list;
    if (!ct_header_list_parse(&list, text))
        put_string(writer, CT_ENV_SECRET);
    for (size_t i = 0; i < list.count; i++) {
        put_string(writer, i == 0 ? "" : ",");
        put_string(writer, list.items[i].name);
        put_string(writer, "=" CT_ENV_SECRET);
    }
    ct_header_list_fini(&list);
}

static void put_text(struct writer *writer, const struct ct_env_variable *variable, cotel_str text)
{
    switch (variable->kind) {
    case CT_ENV_HEADERS:
        put_headers(writer, text);
        break;
    case CT_ENV_URL:
    case CT_ENV_OTLP_ENDPOINT:
    case CT_ENV_SAMPLER_ARGUMENT: /* may have one in it */
        put_url(writer, text);
        break;
    default:
        put(writer, text);
    }
}

void ct_env_print_text(const struct ct_env_variable *variable, cotel_str text, char *out,
                       size_t size)
{
    struct writer writer = writer_to(out, size);
    put_text(&writer, variable, text);
}

static void put_number(struct writer *writer, uint32_t number)
{
    char digits[sizeof "4294967295"];
    (void)snprintf(digits, sizeof digits, "%" PRIu32, number);
    put_string(writer, number == COTEL_UNLIMITED ? "unlimited" : digits);
}

static void put_word(struct writer *writer, const struct ct_env_word *words, int value)
{
    while (words->text && words->value != value)
        words++;
    put_string(writer, words->text ? words->text : "");
}

static void put_list(struct writer *writer, const struct ct_env_variable *variable,
                     const struct ct_env_list *list)
{
    if (list->count == 0)
        put_word(writer, variable->words, CT_ENV_NONE);
    for (size_t i = 0; i < list->count; i++) {
        put_string(writer, i == 0 ? "" : ",");
        put_word(writer, variable->words, list->items[i]);
    }
}

static void put_whole_url(struct writer *writer, const struct ct_env_value *value)
{
    put_url(writer, value->path ? ct_env_without_slashes(value->text) : value->text);
    if (value->path) {
        put_string(writer, "/");
        put_string(writer, value->path);
    }
}

void ct_env_print_value(const struct ct_env_variable *variable, const struct ct_env_value *value,
                        char *out, size_t size)
{
    struct writer writer = writer_to(out, size);
    if (variable->reader == CT_ENV_NOBODY) {
        put_string(&writer, variable->anyway ? variable->anyway : "");
        return;
    }
    if (!value->decided_by && variable->preset[0] == '\0')
        return;
    switch (variable->kind) {
    case CT_ENV_BOOLEAN:
        put_string(&writer, value->boolean ? "true" : "false");
        break;
    case CT_ENV_INTEGER:
    case CT_ENV_DURATION:
    case CT_ENV_TIMEOUT:
        put_number(&writer, value->number);
        break;
    case CT_ENV_ENUM:
        put_word(&writer, variable->words, value->word);
        break;
    case CT_ENV_ENUM_LIST:
        put_list(&writer, variable, &value->list);
        break;
    case CT_ENV_URL:
    case CT_ENV_OTLP_ENDPOINT:
        put_whole_url(&writer, value);
        break;
    default:
        put_text(&writer, variable, value->text);
    }
}

void ct_env_print_problem(const struct ct_env_variable *variable,
                          const struct ct_env_problem *problem, char *out, size_t size)
{
    char given[QUOTED_SIZE];
    cotel_str text;
    struct writer writer = writer_to(out, size);
    if (problem->text[0] == '\0')
        return;
    (void)ct_env_lookup(variable->name, &text);
    ct_env_print_text(variable, text, given, sizeof given);
    put_string(&writer, variable->name);
    put_string(&writer, "=");
    put_string(&writer, given);
    put_string(&writer, " ");
    put_string(&writer, problem->text);
}
