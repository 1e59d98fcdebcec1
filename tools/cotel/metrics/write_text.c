/* SPDX-License-Identifier: Apache-2.0 */
#include "metrics/number.h"
#include "metrics/write.h"
#include "metrics/write_line.h"

#include <string.h>

/* ---- OpenMetrics ---- */

static bool are_all_of_the_type(const struct ct_family *family)
{
    for (size_t i = 0; i < family->sample_count; i++)
        if (!ct_family_has_suffix(family->type, ct_sample_suffix(family, &family->samples[i])))
            return false;
    return true;
}

static void put_unit(FILE *out, const struct ct_family *family)
{
    size_t size = family->unit.size;

    /* One that the name does not end in would not be OpenMetrics. */
    if (size == 0 || family->name.size <= size ||
        family->name.data[family->name.size - size - 1] != '_' ||
        memcmp(family->name.data + family->name.size - size, family->unit.data, size) != 0)
        return;
    char text[64];
    if (size >= sizeof(text))
        return;
    memcpy(text, family->unit.data, size);
    text[size] = '\0';
    ct_write_metadata(out, "UNIT", family->name, "", text);
}

/* Those samples of the family that are called so, as a metric of their own. */
static void put_unknown(FILE *out, const struct ct_family *family, const char *suffix)
{
    bool is_begun = false;

    for (size_t i = 0; i < family->sample_count; i++) {
        if (!ct_text_equals(ct_sample_suffix(family, &family->samples[i]), suffix))
            continue;
        if (!is_begun) {
            ct_write_metadata(out, "TYPE", family->name, suffix, "unknown");
            ct_write_help(out, family, suffix, true);
        }
        is_begun = true;
        ct_write_sample(out, family, &family->samples[i], true);
    }
}

static bool is_called(const struct ct_family *family, size_t index, const char *suffix)
{
    return ct_text_equals(ct_sample_suffix(family, &family->samples[index]), suffix);
}

static bool is_below_zero(const struct ct_family *family, size_t index)
{
    const struct ct_sample *sample = &family->samples[index];
    const struct ct_text *le = ct_labels_find(&sample->labels, "le");
    double boundary;

    if (is_called(family, index, "_sum"))
        return sample->value < 0;
    return le && ct_number_parse(*le, &boundary) && boundary < 0;
}

/* OpenMetrics has sums only where they can't go down, and counts only beside sums. The count still
 * stands in the last bucket. */
static bool may_have_sums(const struct ct_family *family)
{
    size_t sums = 0, counts = 0;

    for (size_t i = 0; i < family->sample_count; i++) {
        if (is_below_zero(family, i))
            return false;
        sums += is_called(family, i, "_sum");
        counts += is_called(family, i, "_count");
    }
    return sums == counts;
}

static void put_samples(FILE *out, const struct ct_family *family)
{
    bool is_bare = family->type == CT_FAMILY_HISTOGRAM && !may_have_sums(family);

    for (size_t i = 0; i < family->sample_count; i++)
        if (!is_bare || !(is_called(family, i, "_sum") || is_called(family, i, "_count")))
            ct_write_sample(out, family, &family->samples[i], true);
}

static void put_openmetrics(FILE *out, const struct ct_family *family)
{
    if (!are_all_of_the_type(family)) {
        for (size_t i = 0; ct_suffix_at(i); i++)
            put_unknown(out, family, ct_suffix_at(i));
        return;
    }
    ct_write_metadata(out, "TYPE", family->name, "", ct_family_type_name(family->type));
    put_unit(out, family);
    ct_write_help(out, family, "", true);
    put_samples(out, family);
}

void ct_write_openmetrics(const struct ct_exposition *exposition, FILE *out)
{
    for (size_t i = 0; i < exposition->family_count; i++)
        put_openmetrics(out, &exposition->families[i]);
    fputs("# EOF\n", out);
}

/* ---- text 0.0.4 ---- */

/* What stands in a family of OpenMetrics and is none of its samples in the text format. */
static const char *const apart[] = {"_created", "_gsum", "_gcount"};

enum { APART = sizeof(apart) / sizeof(apart[0]) };

static bool is_apart(const struct ct_family *family, const struct ct_sample *sample,
                     const char *suffix)
{
    return family->type != CT_FAMILY_GAUGE && family->type != CT_FAMILY_UNKNOWN &&
           ct_text_equals(ct_sample_suffix(family, sample), suffix);
}

static const char *type_in_text(enum ct_family_type type)
{
    switch (type) {
    case CT_FAMILY_UNKNOWN:
        return "untyped";
    case CT_FAMILY_GAUGE_HISTOGRAM:
        return "histogram";
    case CT_FAMILY_INFO:
    case CT_FAMILY_STATESET:
        return "gauge";
    default:
        return ct_family_type_name(type);
    }
}

/* Counters and infos are called there by what their samples are called. */
static const char *suffix_in_text(const struct ct_family *family)
{
    const char *suffix = family->type == CT_FAMILY_COUNTER ? "_total" : "_info";

    if (family->type != CT_FAMILY_COUNTER && family->type != CT_FAMILY_INFO)
        return "";
    for (size_t i = 0; i < family->sample_count; i++)
        if (!is_apart(family, &family->samples[i], "_created"))
            return ct_text_equals(ct_sample_suffix(family, &family->samples[i]), suffix) ? suffix
                                                                                         : "";
    return suffix;
}

static void put_apart(FILE *out, const struct ct_family *family, const char *suffix)
{
    bool is_begun = false;

    for (size_t i = 0; i < family->sample_count; i++) {
        if (!is_apart(family, &family->samples[i], suffix))
            continue;
        if (!is_begun) {
            ct_write_help(out, family, suffix, false);
            ct_write_metadata(out, "TYPE", family->name, suffix, "gauge");
        }
        is_begun = true;
        ct_write_sample(out, family, &family->samples[i], false);
    }
}

static bool is_in_text(const struct ct_family *family, const struct ct_sample *sample)
{
    for (size_t i = 0; i < APART; i++)
        if (is_apart(family, sample, apart[i]))
            return false;
    return true;
}

static void put_prometheus(FILE *out, const struct ct_family *family)
{
    const char *suffix = suffix_in_text(family);

    ct_write_help(out, family, suffix, false);
    ct_write_metadata(out, "TYPE", family->name, suffix, type_in_text(family->type));
    for (size_t i = 0; i < family->sample_count; i++)
        if (is_in_text(family, &family->samples[i]))
            ct_write_sample(out, family, &family->samples[i], false);
    for (size_t i = 0; i < APART; i++)
        put_apart(out, family, apart[i]);
}

void ct_write_prometheus(const struct ct_exposition *exposition, FILE *out)
{
    for (size_t i = 0; i < exposition->family_count; i++)
        put_prometheus(out, &exposition->families[i]);
}
