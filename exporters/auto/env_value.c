/* SPDX-License-Identifier: Apache-2.0 */
#include "env_value.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "env_parse.h"
#include "env_print.h"
#include "header_list.h"

void ct_env_complain(struct ct_env_problem *problem, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(problem->text, sizeof problem->text, format, arguments);
    va_end(arguments);
}

static bool parse_boolean(struct ct_env_value *value, cotel_str text,
                          struct ct_env_problem *problem)
{
    bool is_good = ct_env_parse_bool(text, &value->boolean);
    if (!is_good)
        ct_env_complain(problem, "is neither true nor false");
    return is_good;
}

uint32_t ct_env_most(const struct ct_env_variable *variable)
{
    return variable->most != 0 ? variable->most : CT_ENV_NUMBER_MAX;
}

static bool parse_number(struct ct_env_value *value, const struct ct_env_variable *variable,
                         cotel_str text, struct ct_env_problem *problem)
{
    uint32_t number, most = ct_env_most(variable);
    if (ct_env_parse_number(text, &number) && number >= variable->least && number <= most) {
        value->number = number;
        return true;
    }
    ct_env_complain(problem, "is no whole number from %u to %u", (unsigned)variable->least,
                    (unsigned)most);
    return false;
}

static const struct ct_env_word *find_word(const struct ct_env_word *words, cotel_str text)
{
    while (words->text && !ct_env_is_word(text, words->text))
        words++;
    return words->text ? words : NULL;
}

static bool parse_word(struct ct_env_value *value, const struct ct_env_variable *variable,
                       cotel_str text, struct ct_env_problem *problem)
{
    char words[CT_ENV_PROBLEM_SIZE];
    const struct ct_env_word *word = find_word(variable->words, text);
    if (word) {
        value->word = word->value;
        return true;
    }
    ct_env_print_words(variable->words, words, sizeof words);
    ct_env_complain(problem, "is not one of %s", words);
    return false;
}

static bool list_has(const struct ct_env_list *list, int item)
{
    for (size_t i = 0; i < list->count; i++) {
        if (list->items[i] == item)
            return true;
    }
    return false;
}

/* The known members, each once. False when there is an unknown one, or an empty one among others;
 * *unknown is then the first of these. */
static bool read_members(struct ct_env_list *list, const struct ct_env_word *words, cotel_str text,
                         cotel_str *unknown)
{
    bool are_known = true;
    cotel_str member;
    *list = (struct ct_env_list){.count = 0};
    while (ct_env_next_member(&text, &member)) {
        const struct ct_env_word *word = find_word(words, member);
        if (word && !list_has(list, word->value) && list->count < CT_ENV_LIST_MAX)
            list->items[list->count++] = word->value;
        if (!word && member.size != 0 && are_known) {
            *unknown = member;
            are_known = false;
        }
    }
    return are_known;
}

/* `none` is a list without members. Beside others it asks for two things at once, of which the
 * others win. Returns whether it was so. */
static bool drop_none(struct ct_env_list *list)
{
    size_t kept = 0, before = list->count;
    for (size_t i = 0; i < before; i++) {
        if (list->items[i] != CT_ENV_NONE)
            list->items[kept++] = list->items[i];
    }
    list->count = kept;
    return kept != 0 && kept != before;
}

static bool parse_list(struct ct_env_value *value, const struct ct_env_variable *variable,
                       cotel_str text, struct ct_env_problem *problem)
{
    char words[CT_ENV_PROBLEM_SIZE];
    struct ct_env_list list;
    cotel_str unknown;
    if (!read_members(&list, variable->words, text, &unknown)) {
        ct_env_print_words(variable->words, words, sizeof words);
        ct_env_complain(problem, "has %.*s, which is not one of %s", (int)unknown.size,
                        unknown.data, words);
    }
    if (list.count == 0) {
        if (problem->text[0] == '\0')
            ct_env_complain(problem, "names nothing");
        return false;
    }
    if (drop_none(&list) && problem->text[0] == '\0')
        ct_env_complain(problem, "names none beside others");
    value->list = list;
    return true;
}

static bool parse_url(struct ct_env_value *value, cotel_str text, struct ct_env_problem *problem)
{
    bool is_good = ct_env_is_url(text);
    if (!is_good)
        ct_env_complain(problem, "is no URL that begins with http:// or https://");
    else
        value->text = text;
    return is_good;
}

/* Whether it can be read is told, but it is not for the environment to do without it: that would be
 * a connection with less security than was asked for. */
static bool parse_path(struct ct_env_value *value, cotel_str text, struct ct_env_problem *problem)
{
    char room[CT_ENV_PROBLEM_SIZE];
    char *path = strndup(text.data, text.size);
    if (path && access(path, R_OK) != 0) /* strerror_r(): GNU's returns the text */
        ct_env_complain(problem, "cannot be read: %s", strerror_r(errno, room, sizeof room));
    free(path);
    value->text = text;
    return true;
}

static bool parse_pairs(struct ct_env_value *value, cotel_str text, struct ct_env_problem *problem)
{
    cotel_str rest = text, member;
    while (ct_env_next_member(&rest, &member)) {
        if (member.size != 0 && !ct_env_is_pair(member)) {
            ct_env_complain(problem, "is not name=value,... with every %% as %%25");
            return false;
        }
    }
    value->text = text;
    return true;
}

static bool parse_headers(struct ct_env_value *value, cotel_str text,
                          struct ct_env_problem *problem)
{
    struct ct_header_list list;
    bool is_good = ct_header_list_parse(&list, text);
    ct_header_list_fini(&list);
    if (!is_good)
        ct_env_complain(problem, "is not name=value,... of printable text with every %% as %%25");
    else
        value->text = text;
    return is_good;
}

bool ct_env_value_parse(struct ct_env_value *value, const struct ct_env_variable *variable,
                        cotel_str text, struct ct_env_problem *problem)
{
    switch (variable->kind) {
    case CT_ENV_BOOLEAN:
        return parse_boolean(value, text, problem);
    case CT_ENV_INTEGER:
    case CT_ENV_DURATION:
    case CT_ENV_TIMEOUT:
        return parse_number(value, variable, text, problem);
    case CT_ENV_ENUM:
        return parse_word(value, variable, text, problem);
    case CT_ENV_ENUM_LIST:
        return parse_list(value, variable, text, problem);
    case CT_ENV_SAMPLER_ARGUMENT:
        return ct_env_sampler_argument_parse(value, text, problem);
    case CT_ENV_URL:
        return parse_url(value, text, problem);
    case CT_ENV_PAIRS:
        return parse_pairs(value, text, problem);
    case CT_ENV_HEADERS:
        return parse_headers(value, text, problem);
    case CT_ENV_OTLP_ENDPOINT:
        return ct_env_endpoint_parse(value, variable, text, problem);
    case CT_ENV_PATH:
        return parse_path(value, text, problem);
    case CT_ENV_TEXT:
        value->text = text;
        return true;
    }
    return false;
}
