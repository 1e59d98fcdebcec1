/* SPDX-License-Identifier: Apache-2.0 */
#include "view/metrics.h"
#include "view/metrics_internal.h"
#include "view/text.h"

#include <stdlib.h>
#include <string.h>

enum { VALUE_COLUMNS = 24, ATTRIBUTE_COLUMNS = 60 };

/* ---- for programs ---- */

static json_t *points_of(const json_t *series)
{
    json_t *points = json_array();
    const char *key;
    json_t *point;
    bool is_whole = points != NULL;

    json_object_foreach((json_t *)(uintptr_t)series, key, point)
    {
        is_whole = is_whole && json_array_append(points, point) == 0;
    }
    if (is_whole)
        return points;
    json_decref(points);
    return NULL;
}

/* The entry as a Metric, whole again, and where it comes from. */
static json_t *whole_entry(const json_t *entry)
{
    const json_t *head = json_object_get(entry, "metric");
    const char *type = ct_metric_type(head);
    json_t *metric = json_copy((json_t *)(uintptr_t)head);
    json_t *data = json_copy(json_object_get(head, type));

    bool is_whole = data && json_object_set_new(data, "dataPoints",
                                                points_of(json_object_get(entry, "series"))) == 0;
    is_whole = json_object_set_new(metric, type, data) == 0 && is_whole;
    json_t *whole =
        is_whole ? json_pack("{s:O*, s:O*, s:O}", "resource", json_object_get(entry, "resource"),
                             "scope", json_object_get(entry, "scope"), "metric", metric)
                 : NULL;
    json_decref(metric);
    return whole;
}

bool ct_metrics_render_json(const struct ct_metrics *metrics, FILE *out)
{
    const char *key;
    json_t *entry;

    json_object_foreach(metrics->entries, key, entry)
    {
        json_t *whole = whole_entry(entry);
        char *line = whole ? json_dumps(whole, JSON_COMPACT) : NULL;
        json_decref(whole);
        if (!line)
            return false;
        fprintf(out, "%s\n", line);
        free(line);
    }
    return true;
}

/* ---- for people ---- */

static struct ct_text text_of(const json_t *string)
{
    return (struct ct_text){json_string_value(string), json_string_length(string)};
}

/* A number as OTLP/JSON has it: a number, or a string of digits, "NaN" and the like. */
static void put_number(FILE *out, const json_t *number)
{
    if (json_is_string(number))
        ct_text_print(out, text_of(number), VALUE_COLUMNS);
    else
        fprintf(out, "%.10g", json_number_value(number));
}

/* An AnyValue: what OTLP/JSON has as a string, so integers too, as it is, anything else as JSON. */
static void put_value(FILE *out, const json_t *value)
{
    const json_t *only = json_object_iter_value(json_object_iter((json_t *)(uintptr_t)value));
    char *dump = json_is_string(only) ? NULL : json_dumps(only, JSON_COMPACT | JSON_ENCODE_ANY);

    ct_text_print(out, dump ? ct_text_of(dump) : text_of(only), ATTRIBUTE_COLUMNS);
    free(dump);
}

static void put_attributes(FILE *out, const json_t *attributes)
{
    json_t *attribute;
    size_t i;

    json_array_foreach((json_t *)(uintptr_t)attributes, i, attribute)
    {
        fputs("  ", out);
        ct_text_print(out, text_of(json_object_get(attribute, "key")), ATTRIBUTE_COLUMNS);
        fputc('=', out);
        put_value(out, json_object_get(attribute, "value"));
    }
}

static void put_member(FILE *out, const char *label, const json_t *number)
{
    if (!number)
        return;
    fputs(label, out);
    put_number(out, number);
}

/* Where a number stands hangs on its type. */
static const json_t *number_of(const json_t *object)
{
    const json_t *integer = json_object_get(object, "asInt");

    return integer ? integer : json_object_get(object, "asDouble");
}

static void put_exemplars(FILE *out, const json_t *exemplars)
{
    json_t *exemplar;
    size_t i;

    json_array_foreach((json_t *)(uintptr_t)exemplars, i, exemplar)
    {
        const json_t *trace_id = json_object_get(exemplar, "traceId");
        if (json_string_length(trace_id) == 0)
            continue;
        put_member(out, "      exemplar ", number_of(exemplar));
        fprintf(out, " in trace %s span %s\n", json_string_value(trace_id),
                json_string_length(json_object_get(exemplar, "spanId"))
                    ? json_string_value(json_object_get(exemplar, "spanId"))
                    : "-");
    }
}

/* Of a histogram or a summary how much was measured, and of anything else the value. */
static void put_point(FILE *out, const json_t *point, bool is_measured)
{
    fputs("  ", out);
    if (is_measured) {
        const json_t *count = json_object_get(point, "count");
        ct_text_print(out, count ? text_of(count) : ct_text_of("0"), VALUE_COLUMNS);
        put_member(out, " measured, sum ", json_object_get(point, "sum"));
        put_member(out, ", min ", json_object_get(point, "min"));
        put_member(out, ", max ", json_object_get(point, "max"));
    } else if (number_of(point)) {
        put_number(out, number_of(point));
    } else {
        fputs("no value", out);
    }
    put_attributes(out, json_object_get(point, "attributes"));
    fputc('\n', out);
    put_exemplars(out, json_object_get(point, "exemplars"));
}

static const json_t *service_of(const json_t *entry)
{
    const json_t *attributes = json_object_get(json_object_get(entry, "resource"), "attributes");
    json_t *attribute;
    size_t i;

    json_array_foreach((json_t *)(uintptr_t)attributes, i, attribute)
    {
        const char *key = json_string_value(json_object_get(attribute, "key"));
        if (key && strcmp(key, "service.name") == 0)
            return json_object_get(json_object_get(attribute, "value"), "stringValue");
    }
    return NULL;
}

static void put_part(FILE *out, const char *before, const json_t *text)
{
    if (json_string_length(text) == 0)
        return;
    fputs(before, out);
    ct_text_print(out, text_of(text), ATTRIBUTE_COLUMNS);
}

static void put_entry(FILE *out, const json_t *entry)
{
    const json_t *metric = json_object_get(entry, "metric");
    const char *type = ct_metric_type(metric);
    bool is_measured = strcmp(type, "gauge") != 0 && strcmp(type, "sum") != 0;
    const char *key;
    json_t *point;

    fputs("metric ", out);
    put_part(out, "", json_object_get(metric, "name"));
    fprintf(out, " (%s)", type);
    put_part(out, "  ", json_object_get(metric, "unit"));
    put_part(out, "  ", service_of(entry));
    fputc('\n', out);
    json_object_foreach(json_object_get(entry, "series"), key, point)
    {
        put_point(out, point, is_measured);
    }
    fputc('\n', out);
}

void ct_metrics_render_text(const struct ct_metrics *metrics, FILE *out)
{
    const char *key;
    json_t *entry;

    json_object_foreach(metrics->entries, key, entry)
    {
        put_entry(out, entry);
    }
}
