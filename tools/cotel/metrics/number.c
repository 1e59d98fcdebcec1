/* SPDX-License-Identifier: Apache-2.0 */
#include "metrics/number.h"

#include <ctype.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* What strtod reads is copied first, to end somewhere: longer numbers are none. */
enum { MAX_DIGITS = 400, LEAST_DIGITS = 15, MOST_DIGITS = 17 };

#define NS_PER_MS INT64_C(1000000)
#define NS_PER_S INT64_C(1000000000)

/* From here on labels have an exponent, as in other clients. */
#define FIRST_LABEL_WITH_EXPONENT 1e6

static size_t skip_digits(struct ct_text text, size_t at)
{
    while (at < text.size && isdigit((unsigned char)text.data[at]))
        at++;
    return at;
}

static size_t skip_sign(struct ct_text text, size_t at)
{
    return at < text.size && (text.data[at] == '+' || text.data[at] == '-') ? at + 1 : at;
}

static bool is_decimal(struct ct_text text)
{
    size_t begin = skip_sign(text, 0);
    size_t at = skip_digits(text, begin);
    size_t digits = at - begin;

    if (at < text.size && text.data[at] == '.') {
        begin = at + 1;
        at = skip_digits(text, begin);
        digits += at - begin;
    }
    if (digits == 0)
        return false;
    if (at < text.size && (text.data[at] == 'e' || text.data[at] == 'E')) {
        begin = skip_sign(text, at + 1);
        at = skip_digits(text, begin);
        return at > begin && at == text.size;
    }
    return at == text.size;
}

static bool is_word(struct ct_text text, const char *word)
{
    size_t begin = skip_sign(text, 0);

    return text.size - begin == strlen(word) &&
           strncasecmp(text.data + begin, word, strlen(word)) == 0;
}

bool ct_number_parse(struct ct_text text, double *number)
{
    char copy[MAX_DIGITS + 1];

    if (text.size == 0 || text.size > MAX_DIGITS)
        return false;
    if (is_word(text, "inf") || is_word(text, "infinity")) {
        *number = text.data[0] == '-' ? -INFINITY : INFINITY;
        return true;
    }
    if (is_word(text, "nan")) {
        *number = NAN;
        return true;
    }
    if (!is_decimal(text))
        return false;
    memcpy(copy, text.data, text.size);
    copy[text.size] = '\0';
    *number = strtod(copy, NULL);
    return true;
}

static void format_finite(char text[CT_NUMBER_SIZE], double number)
{
    for (int digits = LEAST_DIGITS; digits <= MOST_DIGITS; digits++) {
        snprintf(text, CT_NUMBER_SIZE, "%.*g", digits, number);
        if (strtod(text, NULL) == number)
            return;
    }
}

static const char *name_of_not_finite(double number)
{
    if (isnan(number))
        return "NaN";
    return number > 0 ? "+Inf" : "-Inf";
}

void ct_number_format(char text[CT_NUMBER_SIZE], double number)
{
    if (isfinite(number))
        format_finite(text, number);
    else
        snprintf(text, CT_NUMBER_SIZE, "%s", name_of_not_finite(number));
}

void ct_number_format_label(char text[CT_NUMBER_SIZE], double number, bool with_point)
{
    ct_number_format(text, number);
    if (!isfinite(number))
        return;
    for (int digits = 1; fabs(number) >= FIRST_LABEL_WITH_EXPONENT && digits <= MOST_DIGITS;
         digits++) {
        snprintf(text, CT_NUMBER_SIZE, "%.*e", digits - 1, number);
        if (strtod(text, NULL) == number)
            break;
    }
    size_t size = strlen(text);
    if (with_point && !strpbrk(text, ".e"))
        snprintf(text + size, CT_NUMBER_SIZE - size, ".0");
}

bool ct_time_parse_ms(struct ct_text text, struct ct_time *time)
{
    size_t begin = skip_sign(text, 0);
    int64_t ms = 0;

    if (begin == text.size || skip_digits(text, begin) != text.size)
        return false;
    for (size_t i = begin; i < text.size; i++)
        if (__builtin_mul_overflow(ms, 10, &ms) ||
            __builtin_add_overflow(ms, text.data[i] - '0', &ms))
            return false;
    time->is_known = true;
    return !__builtin_mul_overflow(text.data[0] == '-' ? -ms : ms, NS_PER_MS, &time->unix_ns);
}

/* Seconds and up to nine decimals, which are exact; false: it is another form. */
static bool parse_plain_s(struct ct_text text, int64_t *unix_ns)
{
    size_t begin = skip_sign(text, 0), point = text.size;
    int64_t ns = 0;
    size_t decimals = 0;

    for (size_t i = begin; i < text.size && decimals < 9; i++) {
        if (text.data[i] == '.' && point == text.size)
            point = i;
        else if (!isdigit((unsigned char)text.data[i]) || __builtin_mul_overflow(ns, 10, &ns) ||
                 __builtin_add_overflow(ns, text.data[i] - '0', &ns))
            return false;
        decimals = i > point ? i - point : 0;
    }
    for (; decimals < 9; decimals++)
        if (__builtin_mul_overflow(ns, 10, &ns))
            return false;
    *unix_ns = text.data[0] == '-' ? -ns : ns;
    return true;
}

bool ct_time_parse_s(struct ct_text text, struct ct_time *time)
{
    double seconds;

    if (!is_decimal(text) || !ct_number_parse(text, &seconds))
        return false;
    double ns = seconds * (double)NS_PER_S;
    if (!(ns > (double)INT64_MIN && ns < (double)INT64_MAX))
        return false;
    time->is_known = true;
    if (!parse_plain_s(text, &time->unix_ns))
        time->unix_ns = (int64_t)ns;
    return true;
}

/* The whole part of a division, and what is left, never below zero. */
static int64_t divide(int64_t number, int64_t by, int64_t *rest)
{
    *rest = number % by;
    if (*rest >= 0)
        return number / by;
    *rest += by;
    return number / by - 1;
}

void ct_time_format_ms(char text[CT_NUMBER_SIZE], struct ct_time time)
{
    int64_t rest;

    snprintf(text, CT_NUMBER_SIZE, "%" PRId64, divide(time.unix_ns, NS_PER_MS, &rest));
}

void ct_time_format_s(char text[CT_NUMBER_SIZE], struct ct_time time)
{
    uint64_t ns = time.unix_ns < 0 ? -(uint64_t)time.unix_ns : (uint64_t)time.unix_ns;

    int size =
        snprintf(text, CT_NUMBER_SIZE, "%s%" PRIu64 ".%09" PRIu64, time.unix_ns < 0 ? "-" : "",
                 ns / (uint64_t)NS_PER_S, ns % (uint64_t)NS_PER_S);
    while (text[size - 1] == '0')
        text[--size] = '\0';
    if (text[size - 1] == '.')
        text[--size] = '\0';
}
