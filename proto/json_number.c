/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/json_number.h"

#include "proto/json_reader.h"

#include <errno.h>
#include <locale.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Above this, not every integer is a double, so the text may mean another one than it came to. */
#define MOST_EXACT 9007199254740992.0 /* 2^53 */

static bool is_number(const char *text)
{
    struct ct_json_reader reader = {.at = text, .end = text + strlen(text)};

    /* white space is none of a number's */
    return *text && !strchr(" \t\n\r", *text) && ct_json_read_number(&reader, NULL) &&
           reader.at == reader.end;
}

/* strtod() reads the decimal point of the program's locale. */
static bool to_double(const char *text, double *out)
{
    locale_t c_locale = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    if (c_locale == (locale_t)0)
        return false;
    *out = strtod_l(text, NULL, c_locale);
    freelocale(c_locale);
    return isfinite(*out);
}

bool ct_json_number_double(const char *text, double *out)
{
    return is_number(text) && to_double(text, out);
}

static bool to_magnitude(const char *text, uint64_t *out)
{
    double number;

    if (!strpbrk(text, ".eE")) {
        errno = 0;
        *out = strtoull(text, NULL, 10);
        return errno == 0;
    }
    if (!to_double(text, &number) || number > MOST_EXACT || number != floor(number))
        return false;
    *out = (uint64_t)number;
    return true;
}

bool ct_json_number_integer(const char *text, int64_t min, uint64_t max, uint64_t *out)
{
    uint64_t magnitude;
    bool is_negative = *text == '-';

    if (!is_number(text) || !to_magnitude(text + is_negative, &magnitude))
        return false;
    if (!is_negative) {
        *out = magnitude;
        return magnitude <= max;
    }
    *out = -magnitude;
    return magnitude <= -(uint64_t)min;
}
