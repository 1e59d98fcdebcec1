/* SPDX-License-Identifier: Apache-2.0 */
#include "lines.h"

#include "number.h"

bool ct_prom_begin_series(struct ct_prom_writer *writer, enum ct_prom_line line,
                          const struct ct_prom_pairs *pairs, struct ct_prom_series *series)
{
    struct ct_prom_text *out = writer->out;
    size_t begin = out->size;
    ct_prom_text_put(out, writer->opening[line]);
    ct_prom_text_putc(out, writer->is_plain ? '{' : ',');
    series->labels_begin = out->size;
    ct_prom_labels_put(&writer->labels, out, pairs->items, pairs->count);
    series->labels_size = out->size - series->labels_begin;
    if (out->failed)
        return false;
    uint32_t number = writer->series_count++;
    uint32_t found =
        ct_prom_index_add(&writer->seen, out, series->labels_begin, series->labels_size, number);
    if (found == number) {
        if (series->labels_size == 0)
            out->size--; /* what would have stood before the labels */
        return true;
    }
    out->size = begin;
    if (found == CT_PROM_NOT_FOUND)
        out->failed = true;
    else
        ct_prom_tell(writer->told, CT_PROM_DUPLICATE_SERIES, writer->metric_name);
    return false;
}

void ct_prom_begin_line(struct ct_prom_writer *writer, enum ct_prom_line line,
                        const struct ct_prom_series *series)
{
    struct ct_prom_text *out = writer->out;
    ct_prom_text_put(out, writer->opening[line]);
    if (series->labels_size == 0)
        return;
    ct_prom_text_putc(out, writer->is_plain ? '{' : ',');
    char *at = ct_prom_text_room(out, series->labels_size);
    if (!at)
        return;
    ct_prom_copy(at, out->data + series->labels_begin, series->labels_size);
    out->size += series->labels_size;
}

void ct_prom_end_labels(struct ct_prom_writer *writer, const struct ct_prom_series *series,
                        const char *name, double value)
{
    struct ct_prom_text *out = writer->out;
    bool is_open = series->labels_size > 0 || !writer->is_plain;
    if (name) {
        ct_prom_text_putc(out, is_open ? ',' : '{');
        ct_prom_text_puts(out, name);
        ct_prom_text_puts(out, "=\"");
        ct_prom_number_label(out, value, writer->format == COTEL_PROMETHEUS_OPENMETRICS);
        ct_prom_text_putc(out, '"');
        is_open = true;
    }
    if (is_open)
        ct_prom_text_putc(out, '}');
    ct_prom_text_putc(out, ' ');
}

void ct_prom_end_line(struct ct_prom_writer *writer, const struct ct_prom_exemplar *exemplar)
{
    if (exemplar && exemplar->is_there)
        ct_prom_put_exemplar(writer, &exemplar->data);
    ct_prom_text_putc(writer->out, '\n');
}
