/* SPDX-License-Identifier: Apache-2.0 */
#include "env_parse.h"

#include <locale.h>
#include <stdlib.h>
#include <strings.h>

/* A longer text is no ratio. */
#define RATIO_MAX_SIZE 64

static bool is_space(char c)
{
    return c == ' ' || c == '\t';
}

cotel_str ct_env_trim(cotel_str text)
{
    while (text.size != 0 && is_space(text.data[0]))
        text = cotel_str_n(text.data + 1, text.size - 1);
    while (text.size != 0 && is_space(text.data[text.size - 1]))
        text.size--;
    return text;
}

bool ct_env_next_member(cotel_str *rest, cotel_str *member)
{
    if (rest->size == 0)
        return false;
    const char *comma = memchr(rest->data, ',', rest->size);
    size_t size = comma ? (size_t)(comma - rest->data) : rest->size;
    size_t step = comma ? size + 1 : size;
    *member = ct_env_trim(cotel_str_n(rest->data, size));
    *rest = cotel_str_n(rest->data + step, rest->size - step);
    return true;
}

bool ct_env_is_word(cotel_str text, const char *word)
{
    return text.size == strlen(word) && strncasecmp(text.data, word, text.size) == 0;
}

bool ct_env_is_text(cotel_str text, const char *expected)
{
    return text.size == strlen(expected) && memcmp(text.data, expected, text.size) == 0;
}

bool ct_env_parse_number(cotel_str text, uint32_t *out)
{
    uint32_t number = 0;
    text = ct_env_trim(text);
    for (size_t i = 0; i < text.size; i++) {
        if (text.data[i] < '0' || text.data[i] > '9')
            return false;
        uint32_t digit = (uint32_t)(text.data[i] - '0');
        if (number > (CT_ENV_NUMBER_MAX - digit) / 10)
            return false;
        number = number * 10 + digit;
    }
    if (text.size == 0)
        return false;
    *out = number;
    return true;
}

/* strtod() in the locale of C: elsewhere the decimal point may be a comma. */
static bool parse_double(const char *text, double *out)
{
    locale_t c = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    if (!c)
        return false;
    char *end;
    double number = strtod_l(text, &end, c);
    freelocale(c);
    *out = number;
    return end != text && *end == '\0';
}

bool ct_env_parse_ratio(cotel_str text, double *out)
{
    char copy[RATIO_MAX_SIZE];
    double number;
    text = ct_env_trim(text);
    if (text.size >= sizeof copy)
        return false;
    memcpy(copy, text.data, text.size);
    copy[text.size] = '\0';
    /* strtod() takes hexadecimal ones, words, and blanks of other kinds, too. */
    if (copy[strspn(copy, "0123456789.eE+-")] != '\0')
        return false;
    if (!parse_double(copy, &number) || number < 0.0 || number > 1.0)
        return false;
    *out = number;
    return true;
}

bool ct_env_parse_bool(cotel_str text, bool *out)
{
    text = ct_env_trim(text);
    bool is_true = ct_env_is_word(text, "true");
    if (!is_true && !ct_env_is_word(text, "false"))
        return false;
    *out = is_true;
    return true;
}

/* The SDK has the like for itself; an exporter sees the public headers only.
 * -1 for what is no digit. */
static int digit_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

/* The byte that `at`, which is a percent sign, and two digits stand for; -1: it is half an
 * escape. */
static int escaped_byte(const char *at, size_t size)
{
    int high = size > 2 ? digit_value(at[1]) : -1;
    int low = size > 2 ? digit_value(at[2]) : -1;
    return high < 0 || low < 0 ? -1 : high << 4 | low;
}

static bool is_blank_or_control(char c)
{
    return (unsigned char)c <= 0x20 || c == 0x7f;
}

bool ct_env_is_url(cotel_str text)
{
    const char *end = memmem(text.data, text.size, "://", 3);
    if (!end)
        return false;
    cotel_str scheme = cotel_str_n(text.data, (size_t)(end - text.data));
    if (!ct_env_is_word(scheme, "http") && !ct_env_is_word(scheme, "https"))
        return false;
    for (size_t i = 0; i < text.size; i++) {
        if (is_blank_or_control(text.data[i]))
            return false;
    }
    size_t host = scheme.size + 3;
    return host < text.size && !strchr("/?#:", text.data[host]);
}

bool ct_env_is_grpc_target(cotel_str text)
{
    static const char file[] = "unix:";
    size_t prefix = sizeof file - 1;
    if (ct_env_is_url(text))
        return true;
    if (text.size > prefix && strncasecmp(text.data, file, prefix) == 0)
        return true;
    for (size_t i = 0; i < text.size; i++) {
        if (is_blank_or_control(text.data[i]) || strchr("/?#@", text.data[i]))
            return false;
    }
    return text.size != 0 && text.data[0] != ':' && text.data[text.size - 1] != ':';
}

cotel_str ct_env_without_slashes(cotel_str text)
{
    while (text.size != 0 && text.data[text.size - 1] == '/')
        text.size--;
    return text;
}

bool ct_env_is_pair(cotel_str text)
{
    const char *equals = memchr(text.data, '=', text.size);
    if (!equals || ct_env_trim(cotel_str_n(text.data, (size_t)(equals - text.data))).size == 0)
        return false;
    for (size_t i = 0; i < text.size; i++) {
        if (text.data[i] == '%' && escaped_byte(text.data + i, text.size - i) < 0)
            return false;
    }
    return true;
}

bool ct_env_percent_decode(cotel_str in, char *out)
{
    for (size_t i = 0; i < in.size; i++) {
        bool is_escape = in.data[i] == '%';
        int byte = is_escape ? escaped_byte(in.data + i, in.size - i) : (unsigned char)in.data[i];
        if (byte < 0x20 || byte == 0x7f)
            return false;
        *out++ = (char)byte;
        i += is_escape ? 2 : 0;
    }
    *out = '\0';
    return true;
}
