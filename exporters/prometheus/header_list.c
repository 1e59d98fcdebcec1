/* SPDX-License-Identifier: Apache-2.0 */
#include "exporters/prometheus/header_list.h"

#include <string.h>
#include <strings.h>

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static cotel_str trim(cotel_str text)
{
    while (text.size > 0 && is_blank(text.data[0]))
        text = cotel_str_n(text.data + 1, text.size - 1);
    while (text.size > 0 && is_blank(text.data[text.size - 1]))
        text.size--;
    return text;
}

/* How far it is to the separator, or to the end; one that stands in quotes does not count. */
static size_t distance(cotel_str text, char separator)
{
    bool quoted = false;
    for (size_t i = 0; i < text.size; i++) {
        if (quoted && text.data[i] == '\\')
            i++;
        else if (text.data[i] == '"')
            quoted = !quoted;
        else if (!quoted && text.data[i] == separator)
            return i;
    }
    return text.size;
}

/* What stands before the separator; *rest is moved behind it. */
static cotel_str take_until(cotel_str *rest, char separator)
{
    size_t size = distance(*rest, separator);
    size_t taken = size < rest->size ? size + 1 : size;
    cotel_str part = cotel_str_n(rest->data, size);
    *rest = cotel_str_n(rest->data + taken, rest->size - taken);
    return trim(part);
}

static bool next_part(cotel_str *rest, char separator, cotel_str *part)
{
    while (rest->data && rest->size > 0) {
        *part = take_until(rest, separator);
        if (part->size > 0)
            return true;
    }
    return false;
}

bool ct_header_next_member(cotel_str *rest, cotel_str *member)
{
    return next_part(rest, ',', member);
}

cotel_str ct_header_split_member(cotel_str member, cotel_str *parameters)
{
    *parameters = member;
    return take_until(parameters, ';');
}

static cotel_str without_quotes(cotel_str value)
{
    if (value.size < 2 || value.data[0] != '"' || value.data[value.size - 1] != '"')
        return value;
    return cotel_str_n(value.data + 1, value.size - 2);
}

bool ct_header_next_parameter(cotel_str *rest, cotel_str *name, cotel_str *value)
{
    cotel_str part;
    if (!next_part(rest, ';', &part))
        return false;
    *name = take_until(&part, '=');
    *value = without_quotes(trim(part));
    return true;
}

bool ct_header_is(cotel_str text, const char *expected)
{
    return text.size == strlen(expected) && strncasecmp(text.data, expected, text.size) == 0;
}

/* The digits behind a point; those beyond thousandths are too small to matter. */
static int thousandths(cotel_str digits)
{
    int sum = 0, unit = 100;
    for (size_t i = 0; i < digits.size; i++) {
        if (!is_digit(digits.data[i]))
            return -1;
        sum += unit * (digits.data[i] - '0');
        unit /= 10;
    }
    return sum;
}

int ct_header_weight(cotel_str q)
{
    if (q.size == 0 || (q.data[0] != '0' && q.data[0] != '1'))
        return -1;
    if (q.size > 1 && q.data[1] != '.')
        return -1;
    size_t head = q.size > 1 ? 2 : 1;
    int fraction = thousandths(cotel_str_n(q.data + head, q.size - head));
    if (fraction < 0)
        return -1;
    return q.data[0] == '1' ? 1000 : fraction;
}
