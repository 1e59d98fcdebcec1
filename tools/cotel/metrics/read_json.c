/* SPDX-License-Identifier: Apache-2.0 */
#include "metrics/read_json.h"

#include "metrics/number.h"
#include "metrics/series.h"

#include <ctype.h>
#include <jansson.h>
#include <string.h>

struct reader {
    struct ct_exposition *exposition;
    struct ct_keys names;
    struct ct_series series;
    struct ct_fault *fault;
};

bool ct_is_json(struct ct_text text)
{
    size_t at = 0;

    while (at < text.size && isspace((unsigned char)text.data[at]))
        at++;
    /* An exposition can begin with a brace, too: then a name in quotes is followed by no colon. */
    if (at == text.size || text.data[at] != '{')
        return false;
    const char *quote = memchr(text.data + at, '"', text.size - at);
    const char *end =
        quote ? memchr(quote + 1, '"', text.size - (size_t)(quote + 1 - text.data)) : NULL;
    if (!end)
        return true;
    for (end++; end < text.data + text.size && isspace((unsigned char)*end); end++) {
    }
    return end == text.data + text.size || *end == ':';
}

bool ct_is_exposition_json(struct ct_text text)
{
    static const char member[] = "\"families\"";
    const char *quote = text.size ? memchr(text.data, '"', text.size) : NULL;

    return quote && (size_t)(text.data + text.size - quote) >= strlen(member) &&
           memcmp(quote, member, strlen(member)) == 0;
}

static bool copy_text(struct reader *reader, const json_t *json, struct ct_text *text)
{
    size_t size = json ? json_string_length(json) : 0;

    if (json && !json_is_string(json))
        return ct_fault_set(reader->fault, "a name, help or label that is no string");
    if (size == 0)
        return true;
    char *copy = ct_exposition_text(reader->exposition, size);
    if (!copy)
        return ct_fault_set(reader->fault, "memory is out");
    memcpy(copy, json_string_value(json), size);
    *text = (struct ct_text){copy, size};
    return true;
}

static bool read_labels(struct reader *reader, json_t *json, struct ct_labels *labels)
{
    struct ct_arena *arena = &reader->exposition->arena;
    const char *key;
    json_t *value;

    labels->items = ct_arena_array(arena, json_object_size(json), sizeof(*labels->items));
    if (!labels->items)
        return ct_fault_set(reader->fault, "memory is out");
    json_object_foreach(json, key, value)
    {
        struct ct_label *label = &labels->items[labels->count];
        char *name = ct_exposition_text(reader->exposition, strlen(key) + 1);
        if (!name || !json_is_string(value))
            return ct_fault_set(reader->fault, "a label that is no string");
        memcpy(name, key, strlen(key) + 1);
        label->name = ct_text_of(name);
        label->value = ct_text_of("");
        if (!copy_text(reader, value, &label->value))
            return false;
        labels->count++;
    }
    return true;
}

static bool read_value(struct reader *reader, const json_t *json, double *value,
                       struct ct_time *time)
{
    const json_t *number = json_object_get(json, "value");
    const json_t *when = json_object_get(json, "time_unix_ns");

    if (when) {
        time->is_known = true;
        time->unix_ns = json_integer_value(when);
    }
    *value = json_number_value(number);
    if (json_is_number(number))
        return true;
    struct ct_text text = {json_string_value(number), json_string_length(number)};
    return ct_number_parse(text, value) || ct_fault_set(reader->fault, "a value that is no number");
}

static bool read_exemplar(struct reader *reader, json_t *json, struct ct_sample *sample)
{
    if (!json)
        return true;
    sample->exemplar = ct_arena_alloc(&reader->exposition->arena, sizeof(*sample->exemplar));
    if (!sample->exemplar)
        return ct_fault_set(reader->fault, "memory is out");
    return read_labels(reader, json_object_get(json, "labels"), &sample->exemplar->labels) &&
           read_value(reader, json, &sample->exemplar->value, &sample->exemplar->time);
}

static bool is_known(struct ct_text suffix)
{
    for (size_t i = 0; suffix.data && ct_suffix_at(i); i++)
        if (ct_text_equals(suffix, ct_suffix_at(i)))
            return true;
    return false;
}

static bool read_sample(struct reader *reader, json_t *json, struct ct_family *family)
{
    struct ct_sample sample = {0};

    if (!copy_text(reader, json_object_get(json, "name"), &sample.name) ||
        !read_labels(reader, json_object_get(json, "labels"), &sample.labels) ||
        !read_value(reader, json, &sample.value, &sample.time) ||
        !read_exemplar(reader, json_object_get(json, "exemplar"), &sample))
        return false;
    if (!is_known(ct_sample_suffix(family, &sample)))
        return ct_fault_set(reader->fault,
                            "a sample that is called by another name than its family");
    return ct_series_check(&reader->series, reader->exposition, family, &sample, reader->fault) &&
           ct_family_add(reader->exposition, family, &sample, reader->fault);
}

static bool enter(struct reader *reader, json_t *json, struct ct_family **family)
{
    struct ct_text name = {NULL, 0};
    size_t fresh = reader->exposition->family_count;

    if (!copy_text(reader, json_object_get(json, "name"), &name))
        return false;
    if (name.size == 0)
        return ct_fault_set(reader->fault, "a family without a name");
    const size_t *index = ct_keys_put(&reader->names, name, fresh);
    if (!index)
        return ct_fault_set(reader->fault, "memory is out");
    if (*index != fresh)
        return ct_fault_set(reader->fault, "a family that is there twice");
    *family = ct_exposition_add(reader->exposition, name);
    return *family || ct_fault_set(reader->fault, "memory is out");
}

static bool read_family(struct reader *reader, json_t *json)
{
    struct ct_text type = ct_text_of("unknown");
    struct ct_family *family = NULL;
    json_t *sample;
    size_t i;

    if (!enter(reader, json, &family) || !family ||
        !copy_text(reader, json_object_get(json, "type"), &type) ||
        !copy_text(reader, json_object_get(json, "help"), &family->help) ||
        !copy_text(reader, json_object_get(json, "unit"), &family->unit))
        return false;
    if (!ct_family_type_of(type, &family->type))
        return ct_fault_set(reader->fault, "a type that is none");
    json_array_foreach(json_object_get(json, "samples"), i, sample)
    {
        if (!read_sample(reader, sample, family))
            return false;
    }
    return true;
}

static bool read_families(struct reader *reader, const json_t *json)
{
    json_t *family;
    size_t i;

    json_array_foreach(json_object_get(json, "families"), i, family)
    {
        if (!read_family(reader, family))
            return false;
    }
    return true;
}

bool ct_read_json(struct ct_text text, struct ct_exposition *exposition, struct ct_fault *fault)
{
    struct reader reader = {.exposition = exposition, .fault = fault};
    json_error_t error;

    *fault = (struct ct_fault){0};
    json_t *json = json_loadb(text.data, text.size, JSON_REJECT_DUPLICATES, &error);
    if (!json) {
        fault->line = error.line > 0 ? (size_t)error.line : 0;
        return ct_fault_set(fault, error.text);
    }
    bool is_whole = read_families(&reader, json);
    json_decref(json);
    ct_keys_fini(&reader.names);
    ct_series_fini(&reader.series);
    return is_whole;
}
