/* SPDX-License-Identifier: Apache-2.0 */
#include "shape.h"

#include <stdint.h>
#include <stdlib.h>

#include "name.h"
#include "value.h"

/* What an attribute would be called that wants a reserved label; Prometheus does the same with
 * labels of a target's that it has itself. */
static const char exported_prefix[] = "exported_";
static const char scope_prefix[] = "otel_scope_";

/* What a scope's own labels are; they are the first of all sources. */
#define SCOPE_LABELS 3
static const char *const scope_labels[SCOPE_LABELS] = {"otel_scope_name", "otel_scope_version",
                                                       "otel_scope_schema_url"};

#define FIXED SIZE_MAX

/* A key on its way to a label, with its value or the number of the attribute that will have one.
 * Until all are there, names and values are only known by where they are in `texts`. */
struct source {
    cotel_str key;    /* borrowed, or in `texts` */
    size_t key_begin; /* of one in `texts`; SIZE_MAX: it is borrowed */
    size_t name_begin;
    size_t name_size;
    size_t value_begin;
    size_t value_size;
    size_t attribute; /* FIXED: the value is known */
    bool has_value;
};

struct sources {
    const struct ct_prom_labels *labels;
    struct ct_prom_text texts;
    struct source *items;
    size_t count;
};

static cotel_str text_at(const struct ct_prom_text *texts, size_t begin, size_t size)
{
    return cotel_str_n(size > 0 ? texts->data + begin : "", size);
}

static cotel_str name_of(const struct sources *sources, const struct source *source)
{
    return text_at(&sources->texts, source->name_begin, source->name_size);
}

static const char *reserved_name(enum ct_prom_reserved reserved)
{
    switch (reserved) {
    case CT_PROM_RESERVED_LE:
        return "le";
    case CT_PROM_RESERVED_QUANTILE:
        return "quantile";
    case CT_PROM_RESERVED_NONE:
        break;
    }
    return "";
}

static bool is_text(cotel_str text, const char *other)
{
    return text.size == strlen(other) && memcmp(text.data, other, text.size) == 0;
}

/* Finds the name of a source's key. */
static void set_name(struct sources *sources, struct source *source, cotel_str key)
{
    const struct ct_prom_labels *labels = sources->labels;
    struct ct_prom_text *texts = &sources->texts;
    struct ct_prom_text name = {NULL, 0, 0, false};
    ct_prom_name_label(&name, labels->translation, labels->escaping, key);
    source->name_begin = texts->size;
    if (name.size > 0 && is_text(ct_prom_text_str(&name), reserved_name(labels->reserved)))
        ct_prom_text_puts(texts, exported_prefix);
    ct_prom_text_put(texts, ct_prom_text_str(&name));
    source->name_size = texts->size - source->name_begin;
    texts->failed = texts->failed || name.failed;
    ct_prom_text_fini(&name);
}

static struct source *add(struct sources *sources, cotel_str key, size_t attribute)
{
    struct source *source = &sources->items[sources->count++];
    *source = (struct source){.key = key, .key_begin = SIZE_MAX, .attribute = attribute};
    set_name(sources, source, key);
    return source;
}

static void add_fixed(struct sources *sources, cotel_str key, cotel_str value)
{
    struct source *source = add(sources, key, FIXED);
    source->value_begin = sources->texts.size;
    ct_prom_text_put(&sources->texts, value);
    source->value_size = value.size;
    source->has_value = value.size > 0;
}

static int compare_texts(cotel_str a, cotel_str b)
{
    size_t shorter = a.size < b.size ? a.size : b.size;
    int order = shorter > 0 ? memcmp(a.data, b.data, shorter) : 0;
    if (order != 0)
        return order;
    return a.size < b.size ? -1 : a.size > b.size;
}

static bool is_own_label(const struct sources *sources, const struct source *source)
{
    for (size_t i = 0; i < SCOPE_LABELS; i++)
        if (compare_texts(name_of(sources, source), name_of(sources, &sources->items[i])) == 0)
            return true;
    return false;
}

/* An attribute of the scope, unless it would become one of the scope's own labels. */
static void add_scope_attribute(struct sources *sources, const cotel_attribute *attribute)
{
    struct ct_prom_text *texts = &sources->texts;
    struct ct_prom_text key = {NULL, 0, 0, false}, value = {NULL, 0, 0, false};
    ct_prom_text_puts(&key, scope_prefix);
    ct_prom_text_put(&key, attribute->key);
    ct_prom_value_put(&value, &attribute->value);
    size_t begin = texts->size;
    ct_prom_text_put(texts, ct_prom_text_str(&key));
    texts->failed = texts->failed || key.failed || value.failed;
    if (!texts->failed) {
        add_fixed(sources, ct_prom_text_str(&key), ct_prom_text_str(&value));
        sources->items[sources->count - 1].key_begin = begin;
        if (is_own_label(sources, &sources->items[sources->count - 1]))
            sources->count--;
    }
    ct_prom_text_fini(&key);
    ct_prom_text_fini(&value);
}

static void add_scope(struct sources *sources, const cotel_scope_view *scope)
{
    if (!scope)
        return;
    const cotel_str values[SCOPE_LABELS] = {scope->name, scope->version, scope->schema_url};
    for (size_t i = 0; i < SCOPE_LABELS; i++)
        add_fixed(sources, cotel_str_of(scope_labels[i]), values[i]);
    for (size_t i = 0; i < scope->attribute_count; i++)
        add_scope_attribute(sources, &scope->attributes[i]);
}

static bool collect(struct sources *sources, const struct ct_prom_pair *pairs, size_t count)
{
    const struct ct_prom_labels *labels = sources->labels;
    size_t of_scope = labels->scope ? SCOPE_LABELS + labels->scope->attribute_count : 0;
    sources->items = calloc(of_scope + labels->constant_count + count + 1, sizeof *sources->items);
    if (!sources->items)
        return false;
    add_scope(sources, labels->scope);
    for (size_t i = 0; i < labels->constant_count; i++)
        add_fixed(sources, labels->constants[i].key, labels->constants[i].value);
    for (size_t i = 0; i < count; i++)
        add(sources, pairs[i].key, i)->has_value = pairs[i].value.size > 0;
    for (size_t i = 0; i < sources->count; i++) {
        struct source *source = &sources->items[i];
        if (source->key_begin != SIZE_MAX)
            source->key.data = sources->texts.data + source->key_begin;
    }
    return !sources->texts.failed;
}

/* By name; those that have become one by the keys that they were. */
static int compare_sources(const void *a, const void *b, void *sources)
{
    const struct source *one = a, *other = b;
    int order = compare_texts(name_of(sources, one), name_of(sources, other));
    return order != 0 ? order : compare_texts(one->key, other->key);
}

/* How many sources from `first` on have the name of that one. */
static size_t same_names(const struct sources *sources, size_t first)
{
    size_t count = 1;
    cotel_str name = name_of(sources, &sources->items[first]);
    while (first + count < sources->count &&
           compare_texts(name, name_of(sources, &sources->items[first + count])) == 0)
        count++;
    return count;
}

/* Closes the slot of an attribute: what was put since the last one stands before it. */
static void put_slot(struct ct_prom_shape *shape, size_t attribute)
{
    shape->slots[shape->slot_count++] =
        (struct ct_prom_slot){shape->tail_begin, shape->texts.size - shape->tail_begin, attribute};
    shape->tail_begin = shape->texts.size;
}

static void put_label(struct ct_prom_shape *shape, const struct sources *sources, size_t first,
                      size_t count, bool is_first)
{
    struct ct_prom_text *texts = &shape->texts;
    cotel_str name = name_of(sources, &sources->items[first]);
    if (!is_first)
        ct_prom_text_putc(texts, ',');
    ct_prom_labels_put_name(texts, name, ct_prom_name_is_plain(name, CT_PROM_LABEL_NAME));
    ct_prom_text_puts(texts, "=\"");
    for (size_t i = first; i < first + count; i++) {
        const struct source *source = &sources->items[i];
        if (i > first)
            ct_prom_text_putc(texts, ';');
        if (source->attribute != FIXED)
            put_slot(shape, source->attribute);
        else
            ct_prom_text_escaped(
                texts, text_at(&sources->texts, source->value_begin, source->value_size), true);
    }
    ct_prom_text_putc(texts, '"');
}

static bool any_has_value(const struct sources *sources, size_t first, size_t count)
{
    for (size_t i = first; i < first + count; i++)
        if (sources->items[i].has_value)
            return true;
    return false;
}

static void put_labels(struct ct_prom_shape *shape, const struct sources *sources)
{
    shape->tail_begin = shape->texts.size;
    bool is_first = true;
    for (size_t i = 0, count; i < sources->count; i += count) {
        count = same_names(sources, i);
        if (!any_has_value(sources, i, count))
            continue;
        put_label(shape, sources, i, count, is_first);
        is_first = false;
    }
    shape->tail_size = shape->texts.size - shape->tail_begin;
}

static void put_keys(struct ct_prom_shape *shape, const struct ct_prom_pair *pairs)
{
    for (size_t i = 0; i < shape->key_count; i++) {
        shape->keys[i] = (struct ct_prom_shape_key){shape->texts.size, pairs[i].key.size,
                                                    pairs[i].value.size > 0};
        ct_prom_text_put(&shape->texts, pairs[i].key);
    }
}

static struct ct_prom_shape *allocate(const struct ct_prom_labels *labels, size_t count)
{
    struct ct_prom_shape *shape = calloc(1, sizeof *shape);
    if (!shape)
        return NULL;
    shape->scope = labels->scope;
    shape->reserved = labels->reserved;
    shape->key_count = count;
    shape->keys = calloc(count + 1, sizeof *shape->keys);
    shape->slots = calloc(count + 1, sizeof *shape->slots);
    if (shape->keys && shape->slots)
        return shape;
    ct_prom_shape_destroy(shape);
    return NULL;
}

struct ct_prom_shape *ct_prom_shape_create(const struct ct_prom_labels *labels,
                                           const struct ct_prom_pair *pairs, size_t count)
{
    struct ct_prom_shape *shape = allocate(labels, count);
    if (!shape)
        return NULL;
    struct sources sources = {.labels = labels};
    bool is_collected = collect(&sources, pairs, count);
    if (is_collected) {
        qsort_r(sources.items, sources.count, sizeof *sources.items, compare_sources, &sources);
        put_keys(shape, pairs);
        put_labels(shape, &sources);
    }
    ct_prom_text_fini(&sources.texts);
    free(sources.items);
    if (is_collected && !shape->texts.failed)
        return shape;
    ct_prom_shape_destroy(shape);
    return NULL;
}

void ct_prom_shape_destroy(struct ct_prom_shape *shape)
{
    if (!shape)
        return;
    ct_prom_text_fini(&shape->texts);
    free(shape->keys);
    free(shape->slots);
    free(shape);
}
