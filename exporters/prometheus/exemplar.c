/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "lines.h"
#include "name.h"
#include "number.h"

/* As many characters as OpenMetrics allows in all names and values of an exemplar's labels. */
#define MAX_CHARACTERS 128

#define NS_PER_SECOND UINT64_C(1000000000)

static const char trace_id_label[] = "trace_id";
static const char span_id_label[] = "span_id";

static size_t characters_of(cotel_str text)
{
    size_t count = 0;
    for (size_t i = 0; i < text.size; i++)
        count += ((unsigned char)text.data[i] & 0xc0u) != 0x80u;
    return count;
}

static bool is_text(cotel_str text, const char *other)
{
    return text.size == strlen(other) && memcmp(text.data, other, text.size) == 0;
}

/* How many characters an attribute takes as a label; 0: the ids have its label. Keys that become
 * one are counted twice, which makes up for what joins their values. */
static size_t characters_of_pair(struct ct_prom_writer *writer, const struct ct_prom_pair *pair,
                                 bool has_ids)
{
    struct ct_prom_text name = {NULL, 0, 0, false};
    ct_prom_name_label(&name, writer->labels.translation, writer->labels.escaping, pair->key);
    cotel_str label = ct_prom_text_str(&name);
    bool is_id = has_ids && label.size > 0 &&
                 (is_text(label, trace_id_label) || is_text(label, span_id_label));
    size_t characters = is_id ? 0 : characters_of(label) + characters_of(pair->value);
    writer->out->failed = writer->out->failed || name.failed;
    ct_prom_text_fini(&name);
    return characters;
}

/* Reads the attributes that may be shown: those that are no ids, all of them or none. */
static void read_attributes(struct ct_prom_writer *writer, const cotel_exemplar_data *exemplar,
                            bool has_ids)
{
    struct ct_prom_pairs *pairs = &writer->exemplar_pairs;
    /* Of the ids; each size counts an end, too. */
    size_t total = has_ids ? sizeof trace_id_label + sizeof span_id_label +
                                 COTEL_TRACE_ID_HEX_SIZE + COTEL_SPAN_ID_HEX_SIZE - 4
                           : 0;
    size_t kept = 0;
    ct_prom_pairs_read(pairs, cotel_exemplar_data_attributes(exemplar));
    for (size_t i = 0; i < pairs->count; i++) {
        size_t characters = characters_of_pair(writer, &pairs->items[i], has_ids);
        total += characters;
        if (characters > 0)
            pairs->items[kept++] = pairs->items[i];
    }
    pairs->count = total <= MAX_CHARACTERS ? kept : 0;
    writer->out->failed = writer->out->failed || pairs->failed;
}

static void put_ids(struct ct_prom_text *out, const char *trace, const char *span)
{
    ct_prom_text_puts(out, trace_id_label);
    ct_prom_text_puts(out, "=\"");
    ct_prom_text_puts(out, trace);
    ct_prom_text_puts(out, "\",");
    ct_prom_text_puts(out, span_id_label);
    ct_prom_text_puts(out, "=\"");
    ct_prom_text_puts(out, span);
    ct_prom_text_puts(out, "\"");
}

static void put_time(struct ct_prom_text *out, uint64_t unix_ns)
{
    if (unix_ns == 0)
        return;
    char text[40];
    int size = snprintf(text, sizeof text, " %" PRIu64 ".%09" PRIu64, unix_ns / NS_PER_SECOND,
                        unix_ns % NS_PER_SECOND);
    ct_prom_text_put(out, cotel_str_n(text, size > 0 ? (size_t)size : 0));
}

void ct_prom_put_exemplar(struct ct_prom_writer *writer, const cotel_exemplar_data *exemplar)
{
    struct ct_prom_text *out = writer->out;
    char trace[COTEL_TRACE_ID_HEX_SIZE], span[COTEL_SPAN_ID_HEX_SIZE];
    bool has_ids = cotel_trace_id_is_valid(&exemplar->trace_id);
    read_attributes(writer, exemplar, has_ids);
    ct_prom_text_puts(out, " # {");
    if (has_ids) {
        cotel_trace_id_to_hex(&exemplar->trace_id, trace);
        cotel_span_id_to_hex(&exemplar->span_id, span);
        put_ids(out, trace, span);
    }
    const struct ct_prom_pairs *pairs = &writer->exemplar_pairs;
    size_t comma = out->size;
    if (has_ids)
        ct_prom_text_putc(out, ',');
    size_t begin = out->size;
    ct_prom_labels_put(&writer->exemplar_labels, out, pairs->items, pairs->count);
    if (!out->failed && out->size == begin)
        out->size = comma;
    ct_prom_text_puts(out, "} ");
    if (exemplar->value.type == COTEL_NUMBER_INT)
        ct_prom_number_int(out, exemplar->value.integer);
    else
        ct_prom_number_double(out, exemplar->value.floating);
    put_time(out, exemplar->time_unix_ns);
}

static bool make_room(struct ct_prom_writer *writer, size_t count)
{
    if (count <= writer->exemplar_capacity)
        return true;
    struct ct_prom_exemplar *exemplars =
        realloc(writer->exemplars, count * sizeof(struct ct_prom_exemplar));
    if (!exemplars) {
        writer->out->failed = true;
        return false;
    }
    writer->exemplars = exemplars;
    writer->exemplar_capacity = count;
    return true;
}

static double value_of(const cotel_exemplar_data *exemplar)
{
    return exemplar->value.type == COTEL_NUMBER_INT ? (double)exemplar->value.integer
                                                    : exemplar->value.floating;
}

bool ct_prom_choose_exemplars(struct ct_prom_writer *writer, const cotel_metric_data *data,
                              const cotel_point_data *point, const struct ct_prom_buckets *buckets)
{
    if (writer->format != COTEL_PROMETHEUS_OPENMETRICS)
        return false;
    size_t count = buckets ? buckets->count + 1 : 1;
    cotel_iterator exemplars = cotel_point_data_exemplars(data, point);
    cotel_exemplar_data exemplar;
    bool is_any = false;
    while (cotel_iterator_next_exemplar(&exemplars, &exemplar)) {
        if (!is_any && !make_room(writer, count))
            return false;
        if (!is_any)
            memset(writer->exemplars, 0, count * sizeof *writer->exemplars);
        is_any = true;
        size_t at = buckets ? ct_prom_buckets_find(buckets, value_of(&exemplar)) : 0;
        struct ct_prom_exemplar *chosen = &writer->exemplars[at];
        if (!chosen->is_there || exemplar.time_unix_ns >= chosen->data.time_unix_ns)
            *chosen = (struct ct_prom_exemplar){true, exemplar};
    }
    return is_any;
}
