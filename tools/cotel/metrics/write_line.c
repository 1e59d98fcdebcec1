/* SPDX-License-Identifier: Apache-2.0 */
#include "metrics/write_line.h"

#include "metrics/number.h"

#include <ctype.h>
#include <string.h>

/* Can it stand without quotes? */
static bool is_plain(struct ct_text name, bool may_have_colon)
{
    for (size_t i = 0; i < name.size; i++) {
        unsigned char character = (unsigned char)name.data[i];
        if (!isalpha(character) && character != '_' && !(may_have_colon && character == ':') &&
            !(i > 0 && isdigit(character)))
            return false;
    }
    return name.size > 0;
}

static void put_escaped(FILE *out, struct ct_text text, bool with_quotes)
{
    for (size_t i = 0; i < text.size; i++) {
        char character = text.data[i];
        if (character == '\\' || (character == '"' && with_quotes))
            fputc('\\', out);
        if (character == '\n')
            fputs("\\n", out);
        else
            fputc(character, out);
    }
}

static void put_quoted(FILE *out, struct ct_text text, const char *suffix)
{
    fputc('"', out);
    put_escaped(out, text, true);
    fprintf(out, "%s\"", suffix);
}

static void put_text(FILE *out, struct ct_text text)
{
    if (text.size > 0)
        fwrite(text.data, 1, text.size, out);
}

static void begin_metadata(FILE *out, const char *keyword, struct ct_text name, const char *suffix)
{
    fprintf(out, "# %s ", keyword);
    if (is_plain(name, true)) {
        put_text(out, name);
        fputs(suffix, out);
    } else {
        put_quoted(out, name, suffix);
    }
    fputc(' ', out);
}

void ct_write_metadata(FILE *out, const char *keyword, struct ct_text name, const char *suffix,
                       const char *text)
{
    begin_metadata(out, keyword, name, suffix);
    fprintf(out, "%s\n", text);
}

void ct_write_help(FILE *out, const struct ct_family *family, const char *suffix,
                   bool is_openmetrics)
{
    if (family->help.size == 0)
        return;
    begin_metadata(out, "HELP", family->name, suffix);
    put_escaped(out, family->help, is_openmetrics);
    fputc('\n', out);
}

/* The numbers in these labels have one form, so that each always is the same label. */
static bool is_number(const struct ct_family *family, const struct ct_label *label)
{
    switch (family->type) {
    case CT_FAMILY_HISTOGRAM:
    case CT_FAMILY_GAUGE_HISTOGRAM:
        return ct_text_equals(label->name, "le");
    case CT_FAMILY_SUMMARY:
        return ct_text_equals(label->name, "quantile");
    default:
        return false;
    }
}

static void put_label(FILE *out, const struct ct_family *family, const struct ct_label *label,
                      bool is_openmetrics)
{
    char text[CT_NUMBER_SIZE];
    double number;

    if (is_plain(label->name, false))
        put_text(out, label->name);
    else
        put_quoted(out, label->name, "");
    fputc('=', out);
    if (is_number(family, label) && ct_number_parse(label->value, &number)) {
        ct_number_format_label(text, number, is_openmetrics);
        fprintf(out, "\"%s\"", text);
    } else {
        put_quoted(out, label->value, "");
    }
}

static void put_labels(FILE *out, const struct ct_family *family, const struct ct_labels *labels,
                       bool is_openmetrics)
{
    for (size_t i = 0; i < labels->count; i++) {
        if (i > 0)
            fputc(',', out);
        put_label(out, family, &labels->items[i], is_openmetrics);
    }
}

/* The name, and what stands in braces: a name that needs quotes stands there too. */
static void put_series(FILE *out, const struct ct_family *family, const struct ct_sample *sample,
                       bool is_openmetrics)
{
    bool is_named = is_plain(sample->name, true);

    if (is_named)
        put_text(out, sample->name);
    if (is_named && sample->labels.count == 0)
        return;
    fputc('{', out);
    if (!is_named)
        put_quoted(out, sample->name, "");
    if (!is_named && sample->labels.count > 0)
        fputc(',', out);
    put_labels(out, family, &sample->labels, is_openmetrics);
    fputc('}', out);
}

static void put_number(FILE *out, double number)
{
    char text[CT_NUMBER_SIZE];

    ct_number_format(text, number);
    fprintf(out, " %s", text);
}

static void put_time(FILE *out, struct ct_time time, bool is_openmetrics)
{
    char text[CT_NUMBER_SIZE];

    if (!time.is_known)
        return;
    if (is_openmetrics)
        ct_time_format_s(text, time);
    else
        ct_time_format_ms(text, time);
    fprintf(out, " %s", text);
}

static void put_exemplar(FILE *out, const struct ct_family *family,
                         const struct ct_exemplar *exemplar)
{
    fputs(" # {", out);
    put_labels(out, family, &exemplar->labels, true);
    fputc('}', out);
    put_number(out, exemplar->value);
    put_time(out, exemplar->time, true);
}

void ct_write_sample(FILE *out, const struct ct_family *family, const struct ct_sample *sample,
                     bool is_openmetrics)
{
    put_series(out, family, sample, is_openmetrics);
    put_number(out, sample->value);
    put_time(out, sample->time, is_openmetrics);
    if (sample->exemplar && is_openmetrics)
        put_exemplar(out, family, sample->exemplar);
    fputc('\n', out);
}
