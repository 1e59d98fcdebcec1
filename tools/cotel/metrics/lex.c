/* SPDX-License-Identifier: Apache-2.0 */
#include "metrics/lex.h"

#include "metrics/number.h"
#include "proto/utf8.h"

#include <ctype.h>
#include <string.h>

static bool is_blank(char character)
{
    return character == ' ' || character == '\t';
}

static bool starts_a_name(char character)
{
    return isalpha((unsigned char)character) || character == '_';
}

bool ct_lex_take(struct ct_cursor *cursor, char character)
{
    if (cursor->at == cursor->end || *cursor->at != character)
        return false;
    cursor->at++;
    return true;
}

static bool skip_blanks(struct ct_cursor *cursor)
{
    const char *begin = cursor->at;

    while (cursor->at < cursor->end && is_blank(*cursor->at))
        cursor->at++;
    return cursor->at > begin;
}

bool ct_lex_gap(struct ct_cursor *cursor)
{
    return cursor->is_openmetrics ? ct_lex_take(cursor, ' ') : skip_blanks(cursor);
}

void ct_lex_blanks(struct ct_cursor *cursor)
{
    if (!cursor->is_openmetrics)
        (void)skip_blanks(cursor);
}

struct ct_text ct_lex_word(struct ct_cursor *cursor)
{
    const char *begin = cursor->at;

    while (cursor->at < cursor->end && !is_blank(*cursor->at))
        cursor->at++;
    return (struct ct_text){begin, (size_t)(cursor->at - begin)};
}

/* Empty when none begins here. */
static struct ct_text plain_name(struct ct_cursor *cursor, bool may_have_colon)
{
    const char *begin = cursor->at, *at = begin;

    while (at < cursor->end && (starts_a_name(*at) || (may_have_colon && *at == ':') ||
                                (at > begin && isdigit((unsigned char)*at))))
        at++;
    cursor->at = at;
    return (struct ct_text){begin, (size_t)(at - begin)};
}

/* ---- texts with escapes ---- */

/* What the escape stands for; 0: it is none. */
static char unescaped(char character)
{
    switch (character) {
    case 'n':
        return '\n';
    case '"':
    case '\\':
        return character;
    default:
        return 0;
    }
}

/* OpenMetrics reads what is no escape as it is, the text format does not. */
static bool unescape(struct ct_cursor *cursor, struct ct_text raw, struct ct_text *text)
{
    char *copy = ct_exposition_text(cursor->exposition, raw.size);
    size_t size = 0;

    if (!copy)
        return ct_fault_set(cursor->fault, "memory is out");
    for (size_t i = 0; i < raw.size; i++) {
        char meant = raw.data[i] == '\\' && i + 1 < raw.size ? unescaped(raw.data[i + 1]) : 0;
        if (raw.data[i] == '\\' && !meant && !cursor->is_openmetrics)
            return ct_fault_set(cursor->fault, "an escape is none of \\\\, \\n and \\\"");
        copy[size++] = meant ? meant : raw.data[i];
        i += meant != 0;
    }
    *text = (struct ct_text){copy, size};
    return true;
}

static bool finish_text(struct ct_cursor *cursor, struct ct_text raw, struct ct_text *text)
{
    if (ct_proto_utf8_valid_prefix((const uint8_t *)raw.data, raw.size) != raw.size)
        return ct_fault_set(cursor->fault, "text that is not UTF-8");
    if (raw.size && memchr(raw.data, '\\', raw.size))
        return unescape(cursor, raw, text);
    *text = raw;
    return true;
}

/* Behind the opening quote, up to behind the closing one. */
static bool quoted(struct ct_cursor *cursor, struct ct_text *text)
{
    const char *begin = cursor->at, *at = begin;

    while (at < cursor->end && *at != '"')
        at += *at == '\\' && at + 1 < cursor->end ? 2 : 1;
    if (at >= cursor->end)
        return ct_fault_set(cursor->fault, "a quoted text does not end");
    cursor->at = at + 1;
    return finish_text(cursor, (struct ct_text){begin, (size_t)(at - begin)}, text);
}

bool ct_lex_help(struct ct_cursor *cursor, struct ct_text *help)
{
    struct ct_text raw = {cursor->at, (size_t)(cursor->end - cursor->at)};

    cursor->at = cursor->end;
    return finish_text(cursor, raw, help);
}

bool ct_lex_metric_name(struct ct_cursor *cursor, struct ct_text *name)
{
    if (ct_lex_take(cursor, '"')) {
        if (!quoted(cursor, name))
            return false;
        return name->size > 0 || ct_fault_set(cursor->fault, "an empty name");
    }
    *name = plain_name(cursor, true);
    return name->size > 0 || ct_fault_set(cursor->fault, "no name of a metric where one belongs");
}

/* ---- labels ---- */

static bool label_value(struct ct_cursor *cursor, struct ct_label *label)
{
    ct_lex_blanks(cursor);
    if (!ct_lex_take(cursor, '='))
        return ct_fault_set(cursor->fault, "a label without '='");
    ct_lex_blanks(cursor);
    if (!ct_lex_take(cursor, '"'))
        return ct_fault_set(cursor->fault, "the value of a label is not in quotes");
    return quoted(cursor, &label->value);
}

/* A label, or the metric's name, which is followed by no '='. */
static bool label_or_name(struct ct_cursor *cursor, struct ct_label *label, struct ct_text *name)
{
    bool is_quoted = ct_lex_take(cursor, '"');

    if (is_quoted && !quoted(cursor, &label->name))
        return false;
    if (!is_quoted)
        label->name = plain_name(cursor, false);
    if (label->name.size == 0)
        return ct_fault_set(cursor->fault, "no name of a label where one belongs");
    ct_lex_blanks(cursor);
    if (is_quoted && name && !name->data && (cursor->at == cursor->end || *cursor->at != '=')) {
        *name = label->name;
        return true;
    }
    return label_value(cursor, label);
}

static bool is_twice(const struct ct_label *labels, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (ct_text_is_same(labels[i].name, labels[count].name))
            return true;
    return false;
}

static bool keep_labels(struct ct_cursor *cursor, const struct ct_label *found, size_t count,
                        struct ct_labels *labels)
{
    labels->count = count;
    labels->items = ct_arena_array(&cursor->exposition->arena, count, sizeof(*found));
    if (!labels->items)
        return ct_fault_set(cursor->fault, "memory is out");
    memcpy(labels->items, found, count * sizeof(*found));
    return true;
}

bool ct_lex_labels(struct ct_cursor *cursor, struct ct_labels *labels, struct ct_text *name)
{
    struct ct_label found[CT_LEX_MAX_LABELS + 1];
    size_t count = 0;

    cursor->at++; /* the brace */
    ct_lex_blanks(cursor);
    while (!ct_lex_take(cursor, '}')) {
        bool is_first = count == 0 && name && !name->data;
        if (count == CT_LEX_MAX_LABELS)
            return ct_fault_set(cursor->fault, "more than 128 labels");
        found[count] = (struct ct_label){{NULL, 0}, {NULL, 0}};
        if (!label_or_name(cursor, &found[count], is_first ? name : NULL))
            return false;
        if (found[count].value.data && is_twice(found, count))
            return ct_fault_set(cursor->fault, "a label is there twice");
        count += found[count].value.data != NULL;
        ct_lex_blanks(cursor);
        if (ct_lex_take(cursor, ','))
            ct_lex_blanks(cursor);
        else if (cursor->at == cursor->end || *cursor->at != '}')
            return ct_fault_set(cursor->fault, "labels that do not end in '}'");
    }
    return count == 0 || keep_labels(cursor, found, count, labels);
}

/* ---- numbers ---- */

bool ct_lex_number(struct ct_cursor *cursor, double *number)
{
    return ct_number_parse(ct_lex_word(cursor), number) ||
           ct_fault_set(cursor->fault, "no number where one belongs");
}

bool ct_lex_time(struct ct_cursor *cursor, struct ct_time *time)
{
    struct ct_text word = ct_lex_word(cursor);

    if (cursor->is_openmetrics)
        return ct_time_parse_s(word, time) ||
               ct_fault_set(cursor->fault, "a time that is no number of seconds");
    return ct_time_parse_ms(word, time) ||
           ct_fault_set(cursor->fault, "a time that is no whole number of milliseconds");
}
