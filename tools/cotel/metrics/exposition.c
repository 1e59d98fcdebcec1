/* SPDX-License-Identifier: Apache-2.0 */
#include "metrics/exposition.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_CAPACITY = 4, MAX_SUFFIXES = 4 };

static const struct {
    const char *name;
    const char *suffixes[MAX_SUFFIXES];
} types[] = {
    [CT_FAMILY_UNKNOWN] = {"unknown", {""}},
    [CT_FAMILY_GAUGE] = {"gauge", {""}},
    [CT_FAMILY_COUNTER] = {"counter", {"_total", "_created"}},
    [CT_FAMILY_HISTOGRAM] = {"histogram", {"_bucket", "_sum", "_count", "_created"}},
    [CT_FAMILY_GAUGE_HISTOGRAM] = {"gaugehistogram", {"_bucket", "_gsum", "_gcount"}},
    [CT_FAMILY_SUMMARY] = {"summary", {"", "_sum", "_count", "_created"}},
    [CT_FAMILY_INFO] = {"info", {"_info"}},
    [CT_FAMILY_STATESET] = {"stateset", {""}},
};

enum { TYPES = sizeof(types) / sizeof(types[0]) };

bool ct_fault_set(struct ct_fault *fault, const char *reason)
{
    snprintf(fault->reason, sizeof(fault->reason), "%s", reason);
    return false;
}

const char *ct_family_type_name(enum ct_family_type type)
{
    return types[type].name;
}

bool ct_family_type_of(struct ct_text name, enum ct_family_type *type)
{
    if (ct_text_equals(name, "untyped")) {
        *type = CT_FAMILY_UNKNOWN;
        return true;
    }
    for (unsigned i = 0; i < TYPES; i++)
        if (ct_text_equals(name, types[i].name)) {
            *type = (enum ct_family_type)i;
            return true;
        }
    return false;
}

/* Room for one more; false: memory is out. */
static bool make_room(void **items, size_t *capacity, size_t count, size_t size)
{
    if (count < *capacity)
        return true;
    size_t wanted = *capacity ? 2 * *capacity : FIRST_CAPACITY;
    void *grown = reallocarray(*items, wanted, size);
    if (!grown)
        return false;
    *items = grown;
    *capacity = wanted;
    return true;
}

struct ct_family *ct_exposition_add(struct ct_exposition *exposition, struct ct_text name)
{
    void *families = exposition->families;

    bool has_room = make_room(&families, &exposition->capacity, exposition->family_count,
                              sizeof(*exposition->families));
    exposition->families = families;
    if (!has_room)
        return NULL;
    struct ct_family *family = &exposition->families[exposition->family_count++];
    *family = (struct ct_family){.name = name};
    return family;
}

bool ct_family_add(struct ct_exposition *exposition, struct ct_family *family,
                   const struct ct_sample *sample, struct ct_fault *fault)
{
    void *samples = family->samples;

    if (exposition->sample_count == CT_EXPOSITION_MAX_SAMPLES)
        return ct_fault_set(fault, "more than a million samples");
    bool has_room =
        make_room(&samples, &family->capacity, family->sample_count, sizeof(*family->samples));
    family->samples = samples;
    if (!has_room)
        return ct_fault_set(fault, "memory is out");
    family->samples[family->sample_count++] = *sample;
    exposition->sample_count++;
    return true;
}

char *ct_exposition_text(struct ct_exposition *exposition, size_t size)
{
    return ct_arena_alloc(&exposition->arena, size);
}

const struct ct_text *ct_labels_find(const struct ct_labels *labels, const char *name)
{
    for (size_t i = 0; i < labels->count; i++)
        if (ct_text_equals(labels->items[i].name, name))
            return &labels->items[i].value;
    return NULL;
}

bool ct_text_is_same(struct ct_text left, struct ct_text right)
{
    return left.size == right.size &&
           (left.size == 0 || memcmp(left.data, right.data, left.size) == 0);
}

bool ct_text_ends_with(struct ct_text text, const char *ending)
{
    size_t size = strlen(ending);

    return text.size >= size && memcmp(text.data + text.size - size, ending, size) == 0;
}

struct ct_text ct_sample_suffix(const struct ct_family *family, const struct ct_sample *sample)
{
    size_t size = family->name.size;

    if (sample->name.size < size || memcmp(sample->name.data, family->name.data, size) != 0)
        return (struct ct_text){NULL, 0};
    return (struct ct_text){sample->name.data + size, sample->name.size - size};
}

bool ct_family_has_suffix(enum ct_family_type type, struct ct_text suffix)
{
    for (size_t i = 0; suffix.data && i < MAX_SUFFIXES && types[type].suffixes[i]; i++)
        if (ct_text_equals(suffix, types[type].suffixes[i]))
            return true;
    return false;
}

const char *ct_suffix_at(size_t index)
{
    static const char *const suffixes[] = {"",         "_bucket", "_sum",  "_count", "_total",
                                           "_created", "_info",   "_gsum", "_gcount"};

    return index < sizeof(suffixes) / sizeof(suffixes[0]) ? suffixes[index] : NULL;
}

void ct_exposition_fini(struct ct_exposition *exposition)
{
    for (size_t i = 0; i < exposition->family_count; i++)
        free(exposition->families[i].samples);
    free(exposition->families);
    ct_arena_fini(&exposition->arena);
    *exposition = (struct ct_exposition){0};
}
