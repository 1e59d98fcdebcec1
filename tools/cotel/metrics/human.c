/* SPDX-License-Identifier: Apache-2.0 */
#include "metrics/human.h"

#include "metrics/exposition.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define LARGEST_GROUPED 1e15

/* Seconds from which on a number may be a point in time, and up to which: 2001 and 2096. */
#define FIRST_TIME 1e9
#define LAST_TIME 4e9

enum { MINUTE = 60, HOUR = 3600, DAY = 86400 };

enum ct_quantity ct_quantity_of(struct ct_text unit, struct ct_text name)
{
    if (ct_text_equals(unit, "bytes"))
        return CT_QUANTITY_BYTES;
    if (!ct_text_equals(unit, "seconds"))
        return CT_QUANTITY_NUMBER;
    bool is_time =
        ct_text_ends_with(name, "_time_seconds") || ct_text_ends_with(name, "_timestamp_seconds");
    return is_time ? CT_QUANTITY_TIME : CT_QUANTITY_SECONDS;
}

/* 1,234,567 */
static void format_whole(char text[CT_HUMAN_SIZE], double number)
{
    char digits[CT_HUMAN_SIZE];
    int size = snprintf(digits, sizeof(digits), "%.0f", fabs(number)), out = 0;

    if (number < 0)
        text[out++] = '-';
    for (int i = 0; i < size; i++) {
        text[out++] = digits[i];
        if ((size - i) % 3 == 1 && i + 1 < size)
            text[out++] = ',';
    }
    text[out] = '\0';
}

static void format_number(char text[CT_HUMAN_SIZE], double number)
{
    if (fabs(number) < LARGEST_GROUPED && number == trunc(number))
        format_whole(text, number);
    else if (fabs(number) >= 1000 && fabs(number) < LARGEST_GROUPED)
        format_whole(text, round(number));
    else
        snprintf(text, CT_HUMAN_SIZE, "%.4g", number);
}

/* Three digits. */
static void format_scaled(char text[CT_HUMAN_SIZE], double number, const char *unit)
{
    int decimals = fabs(number) < 9.995 ? 2 : fabs(number) < 99.95 ? 1 : 0;

    int size = snprintf(text, CT_HUMAN_SIZE, "%.*f", decimals, number);
    while (decimals > 0 && text[size - 1] == '0')
        size--;
    if (decimals > 0 && text[size - 1] == '.')
        size--;
    snprintf(text + size, (size_t)(CT_HUMAN_SIZE - size), "%s", unit);
}

static void format_long_time(char text[CT_HUMAN_SIZE], double seconds)
{
    const char *sign = seconds < 0 ? "-" : "";
    unsigned long long whole = (unsigned long long)fabs(seconds);

    if (whole >= DAY)
        snprintf(text, CT_HUMAN_SIZE, "%s%llud%02lluh", sign, whole / DAY, whole % DAY / HOUR);
    else if (whole >= HOUR)
        snprintf(text, CT_HUMAN_SIZE, "%s%lluh%02llum", sign, whole / HOUR, whole % HOUR / MINUTE);
    else
        snprintf(text, CT_HUMAN_SIZE, "%s%llum%02llus", sign, whole / MINUTE, whole % MINUTE);
}

static void format_seconds(char text[CT_HUMAN_SIZE], double seconds)
{
    double size = fabs(seconds);

    if (size >= LARGEST_GROUPED || size == 0)
        snprintf(text, CT_HUMAN_SIZE, "%.4gs", seconds);
    else if (size >= MINUTE)
        format_long_time(text, seconds);
    else if (size >= 0.9995)
        format_scaled(text, seconds, "s");
    else if (size >= 0.9995e-3)
        format_scaled(text, seconds * 1e3, "ms");
    else if (size >= 0.9995e-6)
        format_scaled(text, seconds * 1e6, "\xC2\xB5s");
    else
        format_scaled(text, seconds * 1e9, "ns");
}

static void format_bytes(char text[CT_HUMAN_SIZE], double bytes)
{
    static const char *const units[] = {"B", "KiB", "MiB", "GiB", "TiB", "PiB"};
    size_t unit = 0;

    while (fabs(bytes) >= 1023.5 && unit + 1 < sizeof(units) / sizeof(units[0])) {
        bytes /= 1024;
        unit++;
    }
    if (fabs(bytes) >= LARGEST_GROUPED)
        snprintf(text, CT_HUMAN_SIZE, "%.4g%s", bytes, units[unit]);
    else
        format_scaled(text, bytes, units[unit]);
}

static void format_time(char text[CT_HUMAN_SIZE], double seconds)
{
    time_t when = (time_t)seconds;
    struct tm parts;

    gmtime_r(&when, &parts);
    strftime(text, CT_HUMAN_SIZE, "%Y-%m-%d %H:%M:%SZ", &parts);
}

void ct_human_format(char text[CT_HUMAN_SIZE], double number, enum ct_quantity quantity)
{
    if (!isfinite(number))
        snprintf(text, CT_HUMAN_SIZE, "%s", isnan(number) ? "NaN" : number > 0 ? "+Inf" : "-Inf");
    else if (quantity == CT_QUANTITY_TIME && number >= FIRST_TIME && number <= LAST_TIME)
        format_time(text, number);
    else if (quantity == CT_QUANTITY_SECONDS || quantity == CT_QUANTITY_TIME)
        format_seconds(text, number);
    else if (quantity == CT_QUANTITY_BYTES)
        format_bytes(text, number);
    else
        format_number(text, number);
}
