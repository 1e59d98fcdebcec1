/* SPDX-License-Identifier: Apache-2.0 */
#include "metrics/series.h"

#include "metrics/number.h"

#include <stdlib.h>
#include <string.h>

static int by_name(const void *left, const void *right)
{
    const struct ct_text *a = &((const struct ct_label *)left)->name;
    const struct ct_text *b = &((const struct ct_label *)right)->name;
    int order = memcmp(a->data, b->data, a->size < b->size ? a->size : b->size);

    return order ? order : (a->size > b->size) - (a->size < b->size);
}

static char *put(char *at, const void *bytes, size_t size)
{
    if (size > 0)
        memcpy(at, bytes, size);
    return at + size;
}

/* With its length, so that no two keys are one text. */
static char *put_text(char *at, struct ct_text text)
{
    return put(put(at, &text.size, sizeof(text.size)), text.data, text.size);
}

static size_t key_size(const struct ct_sample *sample)
{
    size_t size = sizeof(size_t) + sample->name.size + sizeof(sample->time.unix_ns);

    for (size_t i = 0; i < sample->labels.count; i++)
        size += 2 * sizeof(size_t) + sample->labels.items[i].name.size +
                sample->labels.items[i].value.size;
    return size;
}

bool ct_series_key(struct ct_arena *arena, const struct ct_sample *sample, const char *but,
                   struct ct_text *key)
{
    int64_t when = sample->time.is_known ? sample->time.unix_ns : INT64_MIN;
    struct ct_labels sorted = sample->labels;

    char *begin = ct_arena_alloc(arena, key_size(sample)), *at = begin;
    sorted.items = ct_arena_array(arena, sorted.count, sizeof(*sorted.items));
    if (!begin || !sorted.items)
        return false;
    if (sorted.count > 0) {
        memcpy(sorted.items, sample->labels.items, sorted.count * sizeof(*sorted.items));
        qsort(sorted.items, sorted.count, sizeof(*sorted.items), by_name);
    }
    at = put_text(at, sample->name);
    at = put(at, &when, sizeof(when));
    for (size_t i = 0; i < sorted.count; i++)
        if (!but || !ct_text_equals(sorted.items[i].name, but))
            at = put_text(put_text(at, sorted.items[i].name), sorted.items[i].value);
    *key = (struct ct_text){begin, (size_t)(at - begin)};
    return true;
}

static bool has_number(const struct ct_labels *labels, const char *name)
{
    const struct ct_text *value = ct_labels_find(labels, name);
    double number;

    return value && ct_number_parse(*value, &number);
}

static bool fits_the_type(const struct ct_family *family, const struct ct_sample *sample,
                          struct ct_fault *fault)
{
    struct ct_text suffix = ct_sample_suffix(family, sample);
    bool is_histogram =
        family->type == CT_FAMILY_HISTOGRAM || family->type == CT_FAMILY_GAUGE_HISTOGRAM;

    if (is_histogram && ct_text_equals(suffix, "_bucket") && !has_number(&sample->labels, "le"))
        return ct_fault_set(fault, "a bucket without a number le");
    if (family->type == CT_FAMILY_SUMMARY && suffix.size == 0 &&
        !has_number(&sample->labels, "quantile"))
        return ct_fault_set(fault, "a quantile of a summary without a number quantile");
    return true;
}

/* The label that is a number, of which 1 and 1.0 are the same one. NULL: there is none. */
static const char *numeric_label(const struct ct_family *family)
{
    if (family->type == CT_FAMILY_HISTOGRAM || family->type == CT_FAMILY_GAUGE_HISTOGRAM)
        return "le";
    return family->type == CT_FAMILY_SUMMARY ? "quantile" : NULL;
}

/* The same sample, but for the form of that number. False: memory is out. */
static bool bring_to_one_form(struct ct_arena *arena, const struct ct_family *family,
                              struct ct_sample *sample)
{
    const char *name = numeric_label(family);
    const struct ct_labels labels = sample->labels;
    double number;

    if (!name || !ct_labels_find(&labels, name))
        return true;
    sample->labels.items = ct_arena_array(arena, labels.count, sizeof(*labels.items));
    char *text = ct_arena_alloc(arena, CT_NUMBER_SIZE);
    if (!sample->labels.items || !text)
        return false;
    memcpy(sample->labels.items, labels.items, labels.count * sizeof(*labels.items));
    for (size_t i = 0; i < labels.count; i++)
        if (ct_text_equals(labels.items[i].name, name) &&
            ct_number_parse(labels.items[i].value, &number)) {
            ct_number_format(text, number);
            sample->labels.items[i].value = ct_text_of(text);
        }
    return true;
}

bool ct_series_check(struct ct_series *series, struct ct_exposition *exposition,
                     const struct ct_family *family, const struct ct_sample *sample,
                     struct ct_fault *fault)
{
    struct ct_sample in_one_form = *sample;
    struct ct_arena *arena = &exposition->arena;
    struct ct_text key;

    if (!fits_the_type(family, sample, fault))
        return false;
    size_t fresh = series->keys.count;
    bool has_key = bring_to_one_form(arena, family, &in_one_form) &&
                   ct_series_key(arena, &in_one_form, NULL, &key);
    const size_t *index = has_key ? ct_keys_put(&series->keys, key, fresh) : NULL;
    if (!index)
        return ct_fault_set(fault, "memory is out");
    return *index == fresh || ct_fault_set(fault, "a series that is there twice");
}

void ct_series_fini(struct ct_series *series)
{
    ct_keys_fini(&series->keys);
}
