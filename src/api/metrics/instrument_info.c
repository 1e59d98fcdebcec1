/* SPDX-License-Identifier: Apache-2.0 */
#include "api/metrics/instrument_info.h"

#include "base/hash.h"
#include "base/sized.h"
#include "wire/attribute_copy.h"
#include "wire/str.h"

void cotel_instrument_options_init(cotel_instrument_options *options)
{
    const cotel_instrument_options defaults = COTEL_INSTRUMENT_OPTIONS_INIT;
    if (options)
        *options = defaults;
}

struct ct_instrument_wish ct_instrument_wish_of(cotel_instrument_kind kind, bool is_double,
                                                const char *name,
                                                const cotel_instrument_options *options)
{
    struct ct_instrument_wish wish = {
        .info = {.kind = kind,
                 .is_double = is_double,
                 .name = cotel_str_of(name),
                 .unit = cotel_str_of(CT_MEMBER(options, unit, NULL)),
                 .description = cotel_str_of(CT_MEMBER(options, description, NULL))}};
    if (CT_HAS(options, boundary_count) && options->boundaries) {
        wish.info.boundaries = options->boundaries;
        wish.info.boundary_count = options->boundary_count;
    }
    if (CT_HAS(options, attribute_key_count) && options->attribute_keys) {
        wish.attribute_keys = options->attribute_keys;
        wish.info.attribute_key_count = options->attribute_key_count;
    }
    return wish;
}

static uint32_t hash_str(cotel_str text)
{
    return ct_hash(text.size ? text.data : "", text.size);
}

/* Advice is left out: it hardly ever is all that tells two apart. */
uint32_t ct_instrument_wish_hash(const struct ct_instrument_wish *wish)
{
    const struct ct_instrument_info *info = &wish->info;
    const uint32_t parts[] = {hash_str(info->name), hash_str(info->unit),
                              hash_str(info->description),
                              (uint32_t)info->kind * 2 + info->is_double};
    return ct_hash(parts, sizeof parts);
}

/* By their bits: whoever advises a NaN gets the same instrument each time too. */
static bool same_boundaries(const struct ct_instrument_info *a, const struct ct_instrument_info *b)
{
    if (!a->boundaries || !b->boundaries)
        return !a->boundaries && !b->boundaries;
    if (a->boundary_count != b->boundary_count)
        return false;
    size_t size = a->boundary_count * sizeof *a->boundaries;
    // NOLINTNEXTLINE(bugprone-suspicious-memory-comparison,cert-*): the bits are what is meant
    return size == 0 || memcmp(a->boundaries, b->boundaries, size) == 0;
}

static bool same_keys(const struct ct_instrument_wish *wish, const struct ct_instrument_info *info)
{
    if (!wish->attribute_keys || !info->attribute_keys)
        return !wish->attribute_keys && !info->attribute_keys;
    if (wish->info.attribute_key_count != info->attribute_key_count)
        return false;
    for (size_t i = 0; i < info->attribute_key_count; i++) {
        if (!ct_str_equal(cotel_str_of(wish->attribute_keys[i]), info->attribute_keys[i]))
            return false;
    }
    return true;
}

bool ct_instrument_wish_is(const struct ct_instrument_wish *wish,
                           const struct ct_instrument_info *info)
{
    return wish->info.kind == info->kind && wish->info.is_double == info->is_double &&
           ct_str_equal(wish->info.name, info->name) && ct_str_equal(wish->info.unit, info->unit) &&
           ct_str_equal(wish->info.description, info->description) &&
           same_boundaries(&wish->info, info) && same_keys(wish, info);
}

static const cotel_str *copy_keys(struct ct_copy *copy, const struct ct_instrument_wish *wish)
{
    if (!wish->attribute_keys)
        return NULL;
    size_t count = wish->info.attribute_key_count;
    cotel_str *keys = ct_copy_take(copy, count * sizeof *keys, _Alignof(cotel_str));
    for (size_t i = 0; i < count; i++) {
        cotel_str key = ct_copy_str(copy, cotel_str_of(wish->attribute_keys[i]));
        if (keys)
            keys[i] = key;
    }
    return keys;
}

/* Texts stay as they were given, so that the same instrument, asked for again, is found. */
static size_t copy_info(struct ct_copy *copy, const struct ct_instrument_wish *wish,
                        struct ct_instrument_info *to)
{
    const struct ct_instrument_info *from = &wish->info;
    *to = *from;
    if (from->boundaries)
        to->boundaries =
            ct_copy_items(copy, from->boundaries, from->boundary_count * sizeof *from->boundaries,
                          _Alignof(double));
    to->attribute_keys = copy_keys(copy, wish);
    to->name = ct_copy_str(copy, from->name);
    to->unit = ct_copy_str(copy, from->unit);
    to->description = ct_copy_str(copy, from->description);
    return copy->used;
}

size_t ct_instrument_info_size(const struct ct_instrument_wish *wish)
{
    struct ct_copy measure = {.block = NULL};
    struct ct_instrument_info unused;
    return copy_info(&measure, wish, &unused);
}

void ct_instrument_info_copy(const struct ct_instrument_wish *wish, void *block,
                             struct ct_instrument_info *to)
{
    struct ct_copy fill = {.block = block};
    (void)copy_info(&fill, wish, to);
}
