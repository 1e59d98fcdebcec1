/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <stdlib.h>

#include "delta_sum.h"
#include "lines.h"
#include "name.h"
#include "number.h"
#include "points.h"
#include "writer.h"

void ct_prom_writer_fini(struct ct_prom_writer *writer)
{
    ct_prom_labels_clear(&writer->labels);
    ct_prom_labels_clear(&writer->exemplar_labels);
    ct_prom_text_fini(&writer->openings);
    ct_prom_index_fini(&writer->seen);
    ct_prom_pairs_fini(&writer->pairs);
    ct_prom_buckets_fini(&writer->buckets);
    free(writer->exemplars);
    ct_prom_pairs_fini(&writer->exemplar_pairs);
}

void ct_prom_writer_clear(struct ct_prom_writer *writer)
{
    ct_prom_labels_clear(&writer->labels);
    ct_prom_labels_clear(&writer->exemplar_labels);
}

static const char *type_name(enum ct_prom_kind kind)
{
    switch (kind) {
    case CT_PROM_COUNTER:
        return "counter";
    case CT_PROM_HISTOGRAM:
        return "histogram";
    case CT_PROM_SUMMARY:
        return "summary";
    case CT_PROM_INFO:
        return "info";
    case CT_PROM_UNKNOWN:
        return "unknown";
    case CT_PROM_GAUGE:
        break;
    }
    return "gauge";
}

/* `# WHAT name `, without the rest of the line. */
static void begin_comment(struct ct_prom_writer *writer, const char *what, cotel_str name)
{
    ct_prom_text_puts(writer->out, "# ");
    ct_prom_text_puts(writer->out, what);
    ct_prom_text_putc(writer->out, ' ');
    ct_prom_labels_put_name(writer->out, name, writer->is_plain);
    ct_prom_text_putc(writer->out, ' ');
}

/* OpenMetrics takes a unit only where the name ends with it, and only of these. */
static bool has_unit(const struct ct_prom_writer *writer, cotel_str name, cotel_str unit)
{
    return writer->format == COTEL_PROMETHEUS_OPENMETRICS && unit.size > 0 &&
           writer->kind != CT_PROM_INFO && ct_prom_name_is_plain(unit, CT_PROM_LABEL_NAME) &&
           name.size > unit.size + 1 && name.data[name.size - unit.size - 1] == '_' &&
           memcmp(name.data + name.size - unit.size, unit.data, unit.size) == 0;
}

/* HELP is there even if it is empty: without one promtool finds fault. */
static void put_comments(struct ct_prom_writer *writer, const struct ct_prom_families *families,
                         const struct ct_prom_family *family)
{
    cotel_str name = ct_prom_family_name(families, family);
    cotel_str unit = ct_prom_family_unit(families, family);
    begin_comment(writer, "HELP", name);
    ct_prom_text_escaped(writer->out, family->help, writer->format == COTEL_PROMETHEUS_OPENMETRICS);
    ct_prom_text_putc(writer->out, '\n');
    begin_comment(writer, "TYPE", name);
    ct_prom_text_puts(writer->out, type_name(family->kind));
    ct_prom_text_putc(writer->out, '\n');
    if (!has_unit(writer, name, unit))
        return;
    begin_comment(writer, "UNIT", name);
    ct_prom_text_put(writer->out, unit);
    ct_prom_text_putc(writer->out, '\n');
}

static const char *suffix_of(const struct ct_prom_writer *writer, enum ct_prom_line line)
{
    if (line == CT_PROM_LINE_BUCKET)
        return "_bucket";
    if (line == CT_PROM_LINE_SUM)
        return "_sum";
    if (line == CT_PROM_LINE_COUNT)
        return "_count";
    if (writer->kind == CT_PROM_INFO)
        return "_info";
    bool is_total =
        writer->kind == CT_PROM_COUNTER && writer->format == COTEL_PROMETHEUS_OPENMETRICS;
    return is_total ? "_total" : "";
}

/* A name that needs quotes stands inside of the braces. */
static void set_openings(struct ct_prom_writer *writer, cotel_str name)
{
    struct ct_prom_text *openings = &writer->openings;
    size_t ends[CT_PROM_LINES];
    ct_prom_text_clear(openings);
    for (int line = 0; line < CT_PROM_LINES; line++) {
        if (!writer->is_plain)
            ct_prom_text_puts(openings, "{\"");
        ct_prom_text_escaped(openings, name, true);
        ct_prom_text_puts(openings, suffix_of(writer, (enum ct_prom_line)line));
        if (!writer->is_plain)
            ct_prom_text_putc(openings, '"');
        ends[line] = openings->size;
    }
    writer->out->failed = writer->out->failed || openings->failed;
    for (int line = 0; line < CT_PROM_LINES && !openings->failed; line++) {
        size_t begin = line > 0 ? ends[line - 1] : 0;
        writer->opening[line] = cotel_str_n(openings->data + begin, ends[line] - begin);
    }
}

/* About as many series as the family has: a point with some attributes is of this size. */
#define USUAL_POINT_SIZE 128

static size_t expected_series(const struct ct_prom_families *families,
                              const struct ct_prom_family *family)
{
    size_t size = 0;
    for (uint32_t i = family->first; i != CT_PROM_NOT_FOUND; i = families->members[i].next)
        size += families->members[i].data.points.size;
    return size / USUAL_POINT_SIZE;
}

static void begin_family(struct ct_prom_writer *writer, const struct ct_prom_families *families,
                         const struct ct_prom_family *family)
{
    cotel_str name = ct_prom_family_name(families, family);
    writer->kind = family->kind;
    writer->is_plain = ct_prom_name_is_plain(name, CT_PROM_METRIC_NAME);
    writer->labels.reserved = family->kind == CT_PROM_HISTOGRAM ? CT_PROM_RESERVED_LE
                              : family->kind == CT_PROM_SUMMARY ? CT_PROM_RESERVED_QUANTILE
                                                                : CT_PROM_RESERVED_NONE;
    writer->series_count = 0;
    ct_prom_index_clear(&writer->seen, expected_series(families, family));
    put_comments(writer, families, family);
    set_openings(writer, name);
}

static void write_points(struct ct_prom_writer *writer, const cotel_metric_data *data)
{
    cotel_iterator points = cotel_metric_data_points(data);
    cotel_point_data point;
    while (cotel_iterator_next_point(&points, data, &point) && !writer->out->failed) {
        if (point.flags & CT_PROM_NO_RECORDED_VALUE)
            continue;
        ct_prom_pairs_read(&writer->pairs, cotel_point_data_attributes(data, &point));
        writer->out->failed = writer->out->failed || writer->pairs.failed;
        ct_prom_write_point(writer, data, &point);
    }
}

static void write_deltas(struct ct_prom_writer *writer, const struct ct_prom_delta_metric *metric)
{
    const struct ct_prom_deltas *deltas = writer->deltas;
    for (uint32_t number = metric->first; number != CT_PROM_NOT_FOUND && !writer->out->failed;
         number = deltas->series[number].next) {
        const struct ct_prom_delta_series *series = &deltas->series[number];
        ct_prom_deltas_pairs(deltas, series, &writer->pairs);
        writer->out->failed = writer->out->failed || writer->pairs.failed;
        ct_prom_write_delta(writer, metric->data.type, series);
    }
}

void ct_prom_write_family(struct ct_prom_writer *writer, const struct ct_prom_families *families,
                          const struct ct_prom_family *family)
{
    begin_family(writer, families, family);
    const struct ct_prom_member *member;
    for (uint32_t i = family->first; i != CT_PROM_NOT_FOUND && !writer->out->failed;
         i = member->next) {
        member = &families->members[i];
        writer->metric_name = member->data.name;
        writer->labels.scope = writer->has_scope_labels ? member->scope : NULL;
        if (member->delta)
            write_deltas(writer, member->delta);
        else
            write_points(writer, &member->data);
    }
}

void ct_prom_write_target(struct ct_prom_writer *writer, const struct ct_prom_families *families,
                          const struct ct_prom_family *family, const struct ct_prom_pairs *pairs)
{
    struct ct_prom_series series;
    begin_family(writer, families, family);
    writer->labels.scope = NULL;
    if (!ct_prom_begin_series(writer, CT_PROM_LINE_VALUE, pairs, &series))
        return;
    ct_prom_end_labels(writer, &series, NULL, 0);
    ct_prom_text_putc(writer->out, '1');
    ct_prom_end_line(writer, NULL);
}
