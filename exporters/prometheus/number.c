/* SPDX-License-Identifier: Apache-2.0 */
#include "number.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define MAX_UINT_SIZE 20
#define MAX_DOUBLE_SIZE 64

/* Up to here every whole number is a double. */
#define EXACT_INTEGERS 9007199254740992.0

/* The decimal exponents from which on numbers are written with one: of values, and in labels, where
 * it is what Go does, and what the others follow. */
#define FIRST_EXPONENT_OF_VALUES 21
#define FIRST_EXPONENT_OF_LABELS 6
#define LAST_SMALL_EXPONENT (-5)

/* With 15 digits every decimal comes back as it was, with 17 every double. */
#define LEAST_DIGITS 15
#define MOST_DIGITS 17

static const char digit_pairs[] =
    "00010203040506070809101112131415161718192021222324252627282930313233"
    "34353637383940414243444546474849505152535455565758596061626364656667"
    "6869707172737475767778798081828384858687888990919293949596979899";

/* Writes a number so that it ends at `end`; where it begins. */
static char *write_backwards(char *end, uint64_t number)
{
    while (number >= 100) {
        end -= 2;
        memcpy(end, digit_pairs + 2 * (number % 100), 2);
        number /= 100;
    }
    if (number >= 10) {
        end -= 2;
        memcpy(end, digit_pairs + 2 * number, 2);
    } else {
        *--end = (char)('0' + number);
    }
    return end;
}

void ct_prom_number_uint(struct ct_prom_text *out, uint64_t number)
{
    char buffer[MAX_UINT_SIZE];
    char *end = buffer + sizeof buffer;
    char *begin = write_backwards(end, number);
    ct_prom_text_put(out, cotel_str_n(begin, (size_t)(end - begin)));
}

void ct_prom_number_int(struct ct_prom_text *out, int64_t number)
{
    if (number < 0)
        ct_prom_text_putc(out, '-');
    ct_prom_number_uint(out, number < 0 ? 0 - (uint64_t)number : (uint64_t)number);
}

/* Digits, and the exponent of the first: 0.00123 is 123 and -3. */
struct decimal {
    char digits[MAX_UINT_SIZE];
    int count;
    int exponent;
};

static void strip_zeros(struct decimal *decimal)
{
    while (decimal->count > 1 && decimal->digits[decimal->count - 1] == '0')
        decimal->count--;
}

/* whole * 10^-power */
static void set_decimal(struct decimal *out, uint64_t whole, int power)
{
    char *end = out->digits + sizeof out->digits;
    char *begin = write_backwards(end, whole);
    out->count = (int)(end - begin);
    out->exponent = out->count - 1 - power;
    memmove(out->digits, begin, (size_t)out->count);
    strip_zeros(out);
}

/* Most doubles are short decimals, and then are a whole number over a power of ten, both of which
 * are exact; so if this quotient, rounded once, is the double, its digits are read back as it. The
 * first power that does has the fewest digits. */
static bool find_short(double number, struct decimal *out)
{
    static const double powers[] = {1e0, 1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7, 1e8,
                                    1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16};
    for (int power = 0; power < (int)(sizeof powers / sizeof *powers); power++) {
        double scaled = number * powers[power];
        if (scaled >= EXACT_INTEGERS)
            return false;
        uint64_t whole = (uint64_t)(scaled + 0.5);
        if ((double)whole / powers[power] != number)
            continue;
        set_decimal(out, whole, power);
        return true;
    }
    return false;
}

__extension__ typedef unsigned __int128 wide;

/* Numbers from 1e-06 to 1e+16 that are no short decimals: mantissa times power of ten still fits
 * into 128 bits, so it can be rounded to some digits without error, and compared with them. */
#define LARGEST_POWER 22

static wide power_of_ten(int exponent)
{
    static const uint64_t powers[] = {1,       10,       100,       1000,       10000,      100000,
                                      1000000, 10000000, 100000000, 1000000000, 10000000000};
    wide power = 1;
    for (; exponent > 10; exponent -= 10)
        power *= powers[10];
    return power * powers[exponent];
}

/* Rounds mantissa * 2^-shift to a whole number of 10^-power.
 * @return whether that is nearer to it than to any other double. */
static bool round_to(uint64_t mantissa, int shift, int power, uint64_t *out)
{
    wide unit = power_of_ten(power); /* what one in the mantissa makes */
    wide exact = mantissa * unit;
    wide rounded = (exact + ((wide)1 << (shift - 1))) >> shift;
    wide back = rounded << shift;
    wide error = back > exact ? back - exact : exact - back;
    *out = (uint64_t)rounded;
    /* Doubles below a power of two are twice as dense. */
    bool is_power_of_two = (mantissa & (mantissa - 1)) == 0;
    return error * (is_power_of_two ? 4 : 2) < unit;
}

static bool find_middle(double number, struct decimal *out)
{
    int exponent;
    uint64_t mantissa = (uint64_t)ldexp(frexp(number, &exponent), DBL_MANT_DIG), rounded;
    int shift = DBL_MANT_DIG - exponent;
    int first = (int)floor(log10(number));
    for (int digits = LEAST_DIGITS; digits <= MOST_DIGITS; digits++) {
        int power = digits - 1 - first;
        if (power < 0 || power > LARGEST_POWER || shift <= 0)
            return false;
        if (!round_to(mantissa, shift, power, &rounded))
            continue;
        set_decimal(out, rounded, power);
        return true;
    }
    return false;
}

/* Reads what %e printed. Its decimal point is the locale's, so it is not looked at. */
static void read_printed(const char *printed, struct decimal *out)
{
    out->count = 0;
    for (; *printed != '\0' && *printed != 'e'; printed++)
        if (*printed >= '0' && *printed <= '9' && out->count < (int)sizeof out->digits)
            out->digits[out->count++] = *printed;
    out->exponent = *printed == 'e' ? (int)strtol(printed + 1, NULL, 10) : 0;
}

static void find_long(double number, struct decimal *out)
{
    char printed[MAX_DOUBLE_SIZE] = "";
    int digits = number < DBL_MIN ? 1 : LEAST_DIGITS; /* subnormal ones have fewer */
    for (; digits <= MOST_DIGITS; digits++) {
        (void)snprintf(printed, sizeof printed, "%.*e", digits - 1, number);
        if (digits == MOST_DIGITS || strtod(printed, NULL) == number)
            break;
    }
    read_printed(printed, out);
    strip_zeros(out);
}

static char *put_zeros(char *at, int count)
{
    for (int i = 0; i < count; i++)
        *at++ = '0';
    return at;
}

static char *put_digits(char *at, const struct decimal *decimal, int from, int to)
{
    memcpy(at, decimal->digits + from, (size_t)(to - from));
    return at + (to - from);
}

/* 1.23e-07 */
static char *put_scientific(char *at, const struct decimal *decimal)
{
    at = put_digits(at, decimal, 0, 1);
    if (decimal->count > 1)
        *at++ = '.';
    at = put_digits(at, decimal, 1, decimal->count);
    return at + snprintf(at, 8, "e%+03d", decimal->exponent);
}

/* 0.00123, 12.3 or 1230 */
static char *put_positional(char *at, const struct decimal *decimal)
{
    int before = decimal->exponent + 1;
    if (before <= 0) {
        *at++ = '0';
        *at++ = '.';
        at = put_zeros(at, -before);
        return put_digits(at, decimal, 0, decimal->count);
    }
    if (before >= decimal->count) {
        at = put_digits(at, decimal, 0, decimal->count);
        return put_zeros(at, before - decimal->count);
    }
    at = put_digits(at, decimal, 0, before);
    *at++ = '.';
    return put_digits(at, decimal, before, decimal->count);
}

/* A finite number. */
static void put_finite(struct ct_prom_text *out, double number, int first_exponent, bool with_point)
{
    char buffer[MAX_DOUBLE_SIZE], *at = buffer;
    struct decimal decimal;
    double size = fabs(number);
    if (!find_short(size, &decimal) && !find_middle(size, &decimal))
        find_long(size, &decimal);
    if (signbit(number))
        *at++ = '-';
    bool is_scientific =
        decimal.exponent <= LAST_SMALL_EXPONENT || decimal.exponent >= first_exponent;
    at = is_scientific ? put_scientific(at, &decimal) : put_positional(at, &decimal);
    bool is_whole = !is_scientific && decimal.exponent >= decimal.count - 1;
    if (with_point && is_whole) {
        *at++ = '.';
        *at++ = '0';
    }
    ct_prom_text_put(out, cotel_str_n(buffer, (size_t)(at - buffer)));
}

static const char *name_of_not_finite(double number)
{
    if (isnan(number))
        return "NaN";
    return number > 0 ? "+Inf" : "-Inf";
}

void ct_prom_number_double(struct ct_prom_text *out, double number)
{
    if (!isfinite(number))
        ct_prom_text_puts(out, name_of_not_finite(number));
    else if (fabs(number) < EXACT_INTEGERS && number == (double)(int64_t)number && number != 0)
        ct_prom_number_int(out, (int64_t)number);
    else
        put_finite(out, number, FIRST_EXPONENT_OF_VALUES, false);
}

void ct_prom_number_label(struct ct_prom_text *out, double number, bool with_point)
{
    if (isfinite(number))
        put_finite(out, number, FIRST_EXPONENT_OF_LABELS, with_point);
    else
        ct_prom_text_puts(out, name_of_not_finite(number));
}
