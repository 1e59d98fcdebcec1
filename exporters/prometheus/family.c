/* SPDX-License-Identifier: Apache-2.0 */
#include "family.h"

#include <stdlib.h>

#include "name.h"

#define FIRST_CAPACITY 32

static const char total_suffix[] = "_total";

void ct_prom_families_fini(struct ct_prom_families *families)
{
    free(families->items);
    free(families->members);
    ct_prom_text_fini(&families->names);
    ct_prom_index_fini(&families->taken);
}

void ct_prom_families_clear(struct ct_prom_families *families)
{
    families->count = 0;
    ct_prom_text_clear(&families->names);
    ct_prom_index_clear(&families->taken, families->member_count);
    families->member_count = 0;
}

/* Room for one more of `size` bytes in an array of `count`. */
static bool make_room(void **items, size_t *capacity, size_t count, size_t size)
{
    if (count < *capacity)
        return true;
    size_t wanted = *capacity ? *capacity * 2 : FIRST_CAPACITY;
    void *grown = wanted < CT_PROM_NOT_FOUND ? realloc(*items, wanted * size) : NULL;
    if (!grown)
        return false;
    *items = grown;
    *capacity = wanted;
    return true;
}

/* What lines of a family are called beside its name: OpenMetrics takes more names than it uses. */
static const char *const *suffixes_of(enum ct_prom_kind kind, cotel_prometheus_format format)
{
    static const char *const none[] = {NULL};
    static const char *const counter[] = {"_total", "_created", NULL};
    static const char *const info[] = {"_info", NULL};
    static const char *const summary[] = {"_count", "_sum", "_created", NULL};
    static const char *const histogram[] = {"_bucket", "_count", "_sum", "_created", NULL};
    switch (kind) {
    case CT_PROM_COUNTER:
        return format == COTEL_PROMETHEUS_OPENMETRICS ? counter : none;
    case CT_PROM_INFO:
        return format == COTEL_PROMETHEUS_OPENMETRICS ? info : none;
    case CT_PROM_SUMMARY:
        return summary;
    case CT_PROM_HISTOGRAM:
        return histogram;
    case CT_PROM_GAUGE:
    case CT_PROM_UNKNOWN:
        break;
    }
    return none;
}

static cotel_str text_at(const struct ct_prom_families *families, size_t begin)
{
    return cotel_str_n(families->names.data + begin, families->names.size - begin);
}

/* Appends the name with a suffix to `names`; where it begins. */
static size_t put_suffixed(struct ct_prom_families *families, const struct ct_prom_family *family,
                           const char *suffix)
{
    struct ct_prom_text *names = &families->names;
    size_t begin = names->size;
    if (ct_prom_text_room(names, family->name_size + strlen(suffix)))
        ct_prom_text_put(names, ct_prom_family_name(families, family));
    ct_prom_text_puts(names, suffix);
    return begin;
}

/* Whether a line of the family would have the name of another's. */
static bool is_taken(struct ct_prom_families *families, const struct ct_prom_family *family)
{
    for (const char *const *suffix = suffixes_of(family->kind, families->format); *suffix;
         suffix++) {
        size_t begin = put_suffixed(families, family, *suffix);
        bool found = !families->names.failed &&
                     ct_prom_index_find(&families->taken, &families->names,
                                        text_at(families, begin)) != CT_PROM_NOT_FOUND;
        families->names.size = begin;
        if (found)
            return true;
    }
    return false;
}

static bool take(struct ct_prom_families *families, size_t begin, size_t size)
{
    return !families->names.failed &&
           ct_prom_index_add(&families->taken, &families->names, begin, size,
                             (uint32_t)families->count) != CT_PROM_NOT_FOUND;
}

/* Adds a family that has no members yet. */
static bool add_family(struct ct_prom_families *families, const struct ct_prom_family *family)
{
    if (!make_room((void **)&families->items, &families->capacity, families->count,
                   sizeof *families->items) ||
        !take(families, family->name_begin, family->name_size))
        return false;
    for (const char *const *suffix = suffixes_of(family->kind, families->format); *suffix;
         suffix++) {
        size_t begin = put_suffixed(families, family, *suffix);
        if (!take(families, begin, families->names.size - begin))
            return false;
    }
    families->items[families->count++] = *family;
    return true;
}

static bool ends_with(cotel_str text, const char *end)
{
    size_t size = strlen(end);
    return text.size > size && memcmp(text.data + text.size - size, end, size) == 0;
}

static enum ct_prom_kind kind_of(const cotel_metric_data *data)
{
    switch (data->type) {
    case COTEL_METRIC_SUM:
        return data->is_monotonic ? CT_PROM_COUNTER : CT_PROM_GAUGE;
    case COTEL_METRIC_HISTOGRAM:
    case COTEL_METRIC_EXPONENTIAL_HISTOGRAM:
        return CT_PROM_HISTOGRAM;
    case COTEL_METRIC_SUMMARY:
        return CT_PROM_SUMMARY;
    case COTEL_METRIC_GAUGE:
        break;
    }
    return CT_PROM_GAUGE;
}

/* OpenMetrics knows a counter by its name without _total; a name that has none is no counter's. */
static void adapt_to_openmetrics(struct ct_prom_family *family, cotel_str name)
{
    if (family->kind != CT_PROM_COUNTER)
        return;
    if (ends_with(name, total_suffix))
        family->name_size -= sizeof total_suffix - 1;
    else
        family->kind = CT_PROM_UNKNOWN;
}

/* What family a metric belongs to. @return false: to none, or memory is out. */
static bool name_family(struct ct_prom_families *families, const cotel_metric_data *data,
                        struct ct_prom_family *out)
{
    struct ct_prom_text *names = &families->names, name = {NULL, 0, 0, false};
    *out = (struct ct_prom_family){.kind = kind_of(data),
                                   .help = data->description,
                                   .first = CT_PROM_NOT_FOUND,
                                   .last = CT_PROM_NOT_FOUND,
                                   .unit_begin = names->size};
    ct_prom_name_unit(names, families->translation, data->unit);
    out->unit_size = names->size - out->unit_begin;
    bool has_name = !names->failed && ct_prom_name_metric(&name, families->translation, data->name,
                                                          ct_prom_family_unit(families, out),
                                                          out->kind == CT_PROM_COUNTER);
    names->failed = names->failed || name.failed;
    out->name_begin = names->size;
    if (has_name)
        ct_prom_name_escape(names, families->escaping, ct_prom_text_str(&name),
                            CT_PROM_METRIC_NAME);
    out->name_size = names->size - out->name_begin;
    ct_prom_text_fini(&name);
    if (names->failed)
        return false;
    if (!has_name)
        ct_prom_tell(families->told, CT_PROM_NO_NAME, data->name);
    else if (families->format == COTEL_PROMETHEUS_OPENMETRICS)
        adapt_to_openmetrics(out, ct_prom_family_name(families, out));
    return has_name;
}

static bool is_equal(cotel_str a, cotel_str b)
{
    return a.size == b.size && (a.size == 0 || memcmp(a.data, b.data, a.size) == 0);
}

/* The first help and the first unit stand. */
static void join_metadata(struct ct_prom_families *families, struct ct_prom_family *family,
                          const struct ct_prom_family *other, cotel_str name)
{
    if (family->help.size == 0)
        family->help = other->help;
    else if (other->help.size > 0 && !is_equal(family->help, other->help))
        ct_prom_tell(families->told, CT_PROM_HELP_CONFLICT, name);
    cotel_str unit = ct_prom_family_unit(families, family);
    cotel_str other_unit = ct_prom_family_unit(families, other);
    if (unit.size == 0) {
        family->unit_begin = other->unit_begin;
        family->unit_size = other->unit_size;
    } else if (other_unit.size > 0 && !is_equal(unit, other_unit)) {
        ct_prom_tell(families->told, CT_PROM_UNIT_CONFLICT, name);
    }
}

static bool add_member(struct ct_prom_families *families, struct ct_prom_family *family,
                       const struct ct_prom_member *member)
{
    if (!make_room((void **)&families->members, &families->member_capacity, families->member_count,
                   sizeof *families->members))
        return false;
    uint32_t number = (uint32_t)families->member_count++;
    families->members[number] = *member;
    families->members[number].next = CT_PROM_NOT_FOUND;
    if (family->first == CT_PROM_NOT_FOUND)
        family->first = number;
    else
        families->members[family->last].next = number;
    family->last = number;
    return true;
}

/* Whether a metric can join the family that has its name. */
static bool can_join(const struct ct_prom_families *families, const struct ct_prom_family *family,
                     const struct ct_prom_family *other)
{
    return family->kind == other->kind &&
           is_equal(ct_prom_family_name(families, family), ct_prom_family_name(families, other));
}

bool ct_prom_families_add(struct ct_prom_families *families, const struct ct_prom_member *member)
{
    struct ct_prom_family wanted;
    if (!name_family(families, &member->data, &wanted))
        return !families->names.failed;
    uint32_t number = ct_prom_index_find(&families->taken, &families->names,
                                         ct_prom_family_name(families, &wanted));
    bool is_new = number == CT_PROM_NOT_FOUND;
    if (is_new ? is_taken(families, &wanted)
               : !can_join(families, &families->items[number], &wanted)) {
        ct_prom_tell(families->told, CT_PROM_TYPE_CONFLICT, member->data.name);
        return !families->names.failed;
    }
    if (is_new && !add_family(families, &wanted))
        return false;
    struct ct_prom_family *family = &families->items[is_new ? families->count - 1 : number];
    if (!is_new)
        join_metadata(families, family, &wanted, member->data.name);
    return add_member(families, family, member);
}

bool ct_prom_families_add_target(struct ct_prom_families *families)
{
    bool is_info = families->format == COTEL_PROMETHEUS_OPENMETRICS;
    struct ct_prom_family family = {.kind = is_info ? CT_PROM_INFO : CT_PROM_GAUGE,
                                    .help = cotel_str_of("Target metadata"),
                                    .first = CT_PROM_NOT_FOUND,
                                    .last = CT_PROM_NOT_FOUND,
                                    .name_begin = families->names.size};
    ct_prom_name_escape(&families->names, families->escaping,
                        cotel_str_of(is_info ? "target" : "target_info"), CT_PROM_METRIC_NAME);
    family.name_size = families->names.size - family.name_begin;
    return add_family(families, &family);
}
