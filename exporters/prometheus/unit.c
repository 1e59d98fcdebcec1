/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

struct word {
    const char *unit;
    const char *word;
};

/* compatibility/prometheus_and_openmetrics.md "Metric Metadata". KBy is no unit of UCUM's, but
 * common. */
static const struct word plurals[] = {
    {"d", "days"},          {"h", "hours"},         {"min", "minutes"},    {"s", "seconds"},
    {"ms", "milliseconds"}, {"us", "microseconds"}, {"ns", "nanoseconds"},

    {"By", "bytes"},        {"KiBy", "kibibytes"},  {"MiBy", "mebibytes"}, {"GiBy", "gibibytes"},
    {"TiBy", "tebibytes"},  {"kBy", "kilobytes"},   {"KBy", "kilobytes"},  {"MBy", "megabytes"},
    {"GBy", "gigabytes"},   {"TBy", "terabytes"},

    {"m", "meters"},        {"V", "volts"},         {"A", "amperes"},      {"J", "joules"},
    {"W", "watts"},         {"g", "grams"},

    {"Cel", "celsius"},     {"Hz", "hertz"},        {"%", "percent"},      {"1", ""},
};

/* What something happens per. Here people mean minutes by m. */
static const struct word singulars[] = {
    {"s", "second"},       {"m", "minute"},       {"min", "minute"},    {"h", "hour"},
    {"d", "day"},          {"w", "week"},         {"mo", "month"},      {"y", "year"},
    {"ms", "millisecond"}, {"us", "microsecond"}, {"ns", "nanosecond"},
};

#define COUNT(table) (sizeof(table) / sizeof *(table))

static cotel_str look_up(const struct word *table, size_t count, cotel_str unit)
{
    if (!unit.data)
        return unit;
    for (size_t i = 0; i < count; i++)
        if (strlen(table[i].unit) == unit.size && memcmp(table[i].unit, unit.data, unit.size) == 0)
            return cotel_str_of(table[i].word);
    return unit;
}

static cotel_str trimmed(cotel_str text)
{
    while (text.size > 0 && text.data[0] == ' ') {
        text.data++;
        text.size--;
    }
    while (text.size > 0 && text.data[text.size - 1] == ' ')
        text.size--;
    return text;
}

/* Copies a unit without what stands in braces; a brace that is not closed goes on to the end. */
static void put_without_braces(struct ct_prom_text *out, cotel_str unit)
{
    bool inside = false;
    for (size_t i = 0; i < unit.size; i++) {
        char c = unit.data[i];
        if (c == '{')
            inside = true;
        if (!inside)
            ct_prom_text_putc(out, c);
        if (c == '}')
            inside = false;
    }
}

/* Puts the words of a unit that has no braces behind it. */
static void put_words(struct ct_prom_text *out, cotel_str unit)
{
    const char *slash = unit.data ? memchr(unit.data, '/', unit.size) : NULL;
    size_t main_size = slash ? (size_t)(slash - unit.data) : unit.size;
    cotel_str main_unit = trimmed(cotel_str_n(unit.data, main_size));
    cotel_str word = look_up(plurals, COUNT(plurals), main_unit);
    ct_prom_text_put(out, word);
    if (!slash)
        return;
    cotel_str per = trimmed(cotel_str_n(slash + 1, unit.size - main_size - 1));
    if (per.size == 0)
        return;
    ct_prom_text_puts(out, word.size > 0 ? "_per_" : "per_");
    ct_prom_text_put(out, look_up(singulars, COUNT(singulars), per));
}

void ct_prom_unit_put(struct ct_prom_text *out, cotel_str unit)
{
    struct ct_prom_text plain = {NULL, 0, 0, false};
    put_without_braces(&plain, unit);
    if (plain.failed)
        out->failed = true;
    else
        put_words(out, ct_prom_text_str(&plain));
    ct_prom_text_fini(&plain);
}
