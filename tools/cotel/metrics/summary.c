/* SPDX-License-Identifier: Apache-2.0 */
#include "metrics/summary.h"

#include "metrics/digest.h"
#include "metrics/human.h"
#include "metrics/table.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define DASH "\xE2\x80\x93"          /* – */
#define RANGE " \xE2\x80\xA6 "       /* … */
#define MORE "\xE2\x80\xA6 %zu more" /* … */

enum { MAX_SERIES = 5, NAME = 0, UNIT = 1, SERIES = 2, VALUE = 3, MEASURED = 3, TEXT_SIZE = 128 };

enum section { COUNTERS, GAUGES, HISTOGRAMS, SUMMARIES, INFOS, UNTYPED, SECTIONS };

static const struct {
    const char *title;
    const char *value; /* NULL: what is measured */
} sections[SECTIONS] = {
    [COUNTERS] = {"COUNTERS", "TOTAL"},
    [GAUGES] = {"GAUGES", "VALUE"},
    [HISTOGRAMS] = {"HISTOGRAMS", NULL},
    [SUMMARIES] = {"SUMMARIES", NULL},
    [INFOS] = {"INFOS", ""},
    [UNTYPED] = {"UNTYPED", "VALUE"},
};

struct summary {
    const struct ct_exposition *exposition;
    struct ct_arena arena; /* of all cells */
    struct ct_table tables[SECTIONS];
    bool failed; /* memory was out */
};

static enum section section_of(const struct ct_family *family)
{
    switch (family->type) {
    case CT_FAMILY_COUNTER:
        return COUNTERS;
    case CT_FAMILY_GAUGE:
    case CT_FAMILY_STATESET:
        return GAUGES;
    case CT_FAMILY_HISTOGRAM:
    case CT_FAMILY_GAUGE_HISTOGRAM:
        return HISTOGRAMS;
    case CT_FAMILY_SUMMARY:
        return SUMMARIES;
    case CT_FAMILY_INFO:
        return INFOS;
    case CT_FAMILY_UNKNOWN:
        break;
    }
    return UNTYPED;
}

/* ---- cells ---- */

static struct ct_text keep(struct summary *summary, const char *text)
{
    size_t size = strlen(text);
    char *copy = ct_arena_alloc(&summary->arena, size + 1);

    if (!copy) {
        summary->failed = true;
        return ct_text_of("");
    }
    memcpy(copy, text, size + 1);
    return (struct ct_text){copy, size};
}

static struct ct_text number_cell(struct summary *summary, double number, enum ct_quantity quantity)
{
    char text[CT_HUMAN_SIZE];

    ct_human_format(text, number, quantity);
    return keep(summary, text);
}

/* NaN is what is not known here. */
static struct ct_text measured_cell(struct summary *summary, double number,
                                    enum ct_quantity quantity)
{
    return isnan(number) ? ct_text_of(DASH) : number_cell(summary, number, quantity);
}

static struct ct_text quantile_cell(struct summary *summary, struct ct_quantile quantile,
                                    enum ct_quantity quantity)
{
    char text[CT_HUMAN_SIZE + 1] = ">";

    if (isnan(quantile.value) || !quantile.is_beyond)
        return measured_cell(summary, quantile.value, quantity);
    ct_human_format(text + 1, quantile.value, quantity);
    return keep(summary, text);
}

static void put_measured(struct summary *summary, struct ct_table_row *row,
                         const struct ct_digest_series *series, enum ct_quantity quantity)
{
    struct ct_text *cells = row->cells + MEASURED;

    cells[0] = measured_cell(summary, series->count, CT_QUANTITY_NUMBER);
    cells[1] =
        measured_cell(summary, series->count > 0 ? series->sum / series->count : NAN, quantity);
    for (size_t i = 0; i < CT_DIGEST_QUANTILES; i++)
        cells[2 + i] = quantile_cell(summary, series->quantiles[i], quantity);
}

static struct ct_text range_cell(struct summary *summary, const struct ct_digest *digest,
                                 enum ct_quantity quantity)
{
    char least[CT_HUMAN_SIZE], most[CT_HUMAN_SIZE];
    char text[sizeof least + sizeof most + sizeof(RANGE)];

    ct_human_format(least, digest->least, quantity);
    ct_human_format(most, digest->most, quantity);
    snprintf(text, sizeof text, "%s" RANGE "%s", least, most);
    return keep(summary, text);
}

/* What the unit is, or, where none is told, the word of the name that is one. */
static struct ct_text unit_of(const struct ct_family *family)
{
    static const char *const known[] = {"seconds", "bytes", "ratio",   "celsius", "meters",
                                        "joules",  "volts", "amperes", "grams",   "percent"};

    if (family->unit.size > 0)
        return family->unit;
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        size_t size = strlen(known[i]);
        if (ct_text_ends_with(family->name, known[i]) && family->name.size > size &&
            family->name.data[family->name.size - size - 1] == '_')
            return ct_text_of(known[i]);
    }
    return ct_text_of(DASH);
}

/* ---- labels ---- */

struct builder {
    char *data;
    size_t size;
    size_t capacity;
};

static void append(struct builder *builder, const char *bytes, size_t size)
{
    size_t room = builder->capacity - builder->size;

    memcpy(builder->data + builder->size, bytes, size < room ? size : room);
    builder->size += size < room ? size : room;
}

static bool is_shown(const struct ct_digest *digest, struct ct_text name)
{
    /* Which library has measured is no news, and long. */
    static const char scope[] = "otel_scope_";

    if (digest->hidden && ct_text_equals(name, digest->hidden))
        return false;
    return name.size < strlen(scope) || memcmp(name.data, scope, strlen(scope)) != 0;
}

static struct ct_text labels_cell(struct summary *summary, const struct ct_digest *digest,
                                  const struct ct_labels *labels)
{
    struct builder builder = {0};

    for (size_t i = 0; i < labels->count; i++)
        builder.capacity += labels->items[i].name.size + labels->items[i].value.size + 3;
    builder.data = ct_arena_alloc(&summary->arena, builder.capacity + 1);
    if (!builder.data) {
        summary->failed = true;
        return ct_text_of("");
    }
    for (size_t i = 0; i < labels->count; i++) {
        const struct ct_label *label = &labels->items[i];
        if (!is_shown(digest, label->name))
            continue;
        if (builder.size > 0)
            append(&builder, "  ", 2);
        append(&builder, label->name.data, label->name.size);
        append(&builder, "=", 1);
        append(&builder, label->value.data, label->value.size);
    }
    return (struct ct_text){builder.data, builder.size};
}

/* ---- rows ---- */

static struct ct_table_row *add_row(struct summary *summary, enum section section,
                                    enum ct_row_style style)
{
    static struct ct_table_row nowhere;
    struct ct_table_row *row = ct_table_add(&summary->tables[section], style);

    if (row)
        return row;
    summary->failed = true;
    return &nowhere;
}

static void add_head(struct summary *summary, enum section section)
{
    static const char *const measured[] = {"COUNT", "MEAN", "P50", "P95", "P99"};
    struct ct_table_row *row = add_row(summary, section, CT_ROW_STYLE_HEAD);

    row->cells[NAME] = ct_text_of(sections[section].title);
    row->cells[UNIT] = ct_text_of("UNIT");
    row->cells[SERIES] = ct_text_of("SERIES");
    if (sections[section].value)
        row->cells[VALUE] = ct_text_of(sections[section].value);
    for (size_t i = 0; !sections[section].value && i < sizeof(measured) / sizeof(measured[0]); i++)
        row->cells[MEASURED + i] = ct_text_of(measured[i]);
}

static void put_value(struct summary *summary, enum section section, struct ct_table_row *row,
                      const struct ct_digest_series *series, enum ct_quantity quantity)
{
    if (!sections[section].value)
        put_measured(summary, row, series, quantity);
    else if (section != INFOS)
        row->cells[VALUE] = number_cell(summary, series->value, quantity);
}

static void add_series(struct summary *summary, enum section section,
                       const struct ct_digest *digest, enum ct_quantity quantity)
{
    for (size_t i = 0; i < digest->count && i < MAX_SERIES; i++) {
        const struct ct_digest_series *series = &digest->series[i];
        struct ct_text labels = labels_cell(summary, digest, series->labels);
        if (digest->count == 1 && labels.size == 0)
            continue;
        struct ct_table_row *row = add_row(summary, section, CT_ROW_STYLE_DETAIL);
        row->cells[NAME] = labels.size > 0 ? labels : ct_text_of("(no labels)");
        if (digest->count > 1)
            put_value(summary, section, row, series, quantity);
    }
    if (digest->count > MAX_SERIES) {
        char text[TEXT_SIZE];
        snprintf(text, sizeof(text), MORE, digest->count - MAX_SERIES);
        add_row(summary, section, CT_ROW_STYLE_DETAIL)->cells[NAME] = keep(summary, text);
    }
}

static void add_digest(struct summary *summary, const struct ct_family *family,
                       const struct ct_digest *digest)
{
    enum section section = section_of(family);
    struct ct_text unit = unit_of(family);
    enum ct_quantity quantity = ct_quantity_of(unit, family->name);
    bool is_range = digest->count > 1 && (section == GAUGES || section == UNTYPED);

    if (summary->tables[section].count == 0)
        add_head(summary, section);
    struct ct_table_row *row = add_row(summary, section, CT_ROW_STYLE_MAIN);
    row->cells[NAME] = family->name;
    row->cells[UNIT] = unit;
    row->cells[SERIES] = number_cell(summary, (double)digest->count, CT_QUANTITY_NUMBER);
    if (is_range)
        row->cells[VALUE] = range_cell(summary, digest, quantity);
    else
        put_value(summary, section, row, &digest->whole, quantity);
    add_series(summary, section, digest, quantity);
}

static void add_family(struct summary *summary, const struct ct_family *family)
{
    struct ct_digest digest;

    if (!ct_digest_make(&digest, family))
        summary->failed = true;
    else if (digest.count > 0)
        add_digest(summary, family, &digest);
    ct_digest_fini(&digest);
}

/* ---- all ---- */

static int by_name(const void *left, const void *right)
{
    const struct ct_family *a = *(const struct ct_family *const *)left;
    const struct ct_family *b = *(const struct ct_family *const *)right;
    size_t size = a->name.size < b->name.size ? a->name.size : b->name.size;
    int order = memcmp(a->name.data, b->name.data, size);

    return order ? order : (a->name.size > b->name.size) - (a->name.size < b->name.size);
}

static void add_families(struct summary *summary)
{
    const struct ct_exposition *exposition = summary->exposition;
    const struct ct_family **sorted =
        ct_arena_array(&summary->arena, exposition->family_count, sizeof(*sorted));

    if (!sorted) {
        summary->failed = true;
        return;
    }
    for (size_t i = 0; i < exposition->family_count; i++)
        sorted[i] = &exposition->families[i];
    if (exposition->family_count > 0)
        qsort(sorted, exposition->family_count, sizeof(*sorted), by_name);
    for (size_t i = 0; i < exposition->family_count && !summary->failed; i++)
        add_family(summary, sorted[i]);
}

static void print(const struct summary *summary, FILE *out, size_t columns, bool colours)
{
    size_t widest = 0;
    bool is_first = true;

    for (size_t i = 0; i < SECTIONS; i++) {
        size_t width = ct_table_first_width(&summary->tables[i]);
        widest = width > widest ? width : widest;
    }
    for (size_t i = 0; i < SECTIONS; i++) {
        if (summary->tables[i].count == 0)
            continue;
        if (!is_first)
            fputc('\n', out);
        is_first = false;
        ct_table_print(&summary->tables[i], out, widest, columns, colours);
    }
    if (is_first)
        fputs("no metrics\n", out);
}

bool ct_summary_write(const struct ct_exposition *exposition, FILE *out, size_t columns,
                      bool colours)
{
    struct summary summary = {.exposition = exposition};

    add_families(&summary);
    if (!summary.failed)
        print(&summary, out, columns, colours);
    for (size_t i = 0; i < SECTIONS; i++)
        ct_table_fini(&summary.tables[i]);
    ct_arena_fini(&summary.arena);
    return !summary.failed;
}
