/* SPDX-License-Identifier: Apache-2.0 */
#include "sdk/metrics/view/view_copy.h"

#include <stdlib.h>
#include <string.h>

#include "base/sized.h"
#include "base/wildcard.h"
#include "sdk/metrics/view/aggregation_rules.h"
#include "sdk/metrics/view/key_filter.h"
#include "wire/str.h"

/* ---- what may be --------------------------------------------------------------------------- */

static bool has_criteria(const cotel_view *view)
{
    return view->instrument_name || view->instrument_kind != -1 || view->instrument_unit ||
           view->meter_name || view->meter_version || view->meter_schema_url;
}

static bool names_one_instrument(const cotel_view *view)
{
    return view->instrument_name && !strpbrk(view->instrument_name, "*?");
}

static bool keys_are_there(const char *const *keys, size_t count)
{
    if (count > COTEL_VIEW_MAX_ATTRIBUTE_KEYS || (count > 0 && !keys))
        return false;
    for (size_t i = 0; i < count; i++) {
        if (!keys[i])
            return false;
    }
    return true;
}

static const char *stream_fault(const cotel_view *view)
{
    if (view->name && !names_one_instrument(view))
        return "gives a name, but not to one instrument alone";
    if (view->name && !*view->name)
        return "gives an empty name";
    if (!keys_are_there(view->attribute_keys, view->attribute_key_count) ||
        !keys_are_there(view->excluded_attribute_keys, view->excluded_attribute_key_count))
        return "has attribute keys that are NULL or too many";
    if (view->cardinality_limit > COTEL_MAX_CARDINALITY_LIMIT)
        return "has a cardinality limit that is too large";
    if (view->exemplar_reservoir && !CT_HAS_OP(view->exemplar_reservoir, create))
        return "has an exemplar reservoir that can't be made";
    return view->aggregation ? ct_aggregation_fault(view->aggregation) : NULL;
}

const char *ct_view_fault(const cotel_view *view)
{
    if (view->instrument_kind < -1 || view->instrument_kind >= COTEL_INSTRUMENT_KINDS)
        return "is for a kind of instruments that there is not";
    if (!has_criteria(view))
        return "has no criteria";
    return stream_fault(view);
}

/* ---- copying ------------------------------------------------------------------------------- */

static bool copy_text(const char **to, const char *from)
{
    *to = from ? strdup(from) : NULL;
    return *to || !from;
}

static bool copy_texts(cotel_view *to, const cotel_view *from)
{
    return copy_text(&to->instrument_name, from->instrument_name) &&
           copy_text(&to->instrument_unit, from->instrument_unit) &&
           copy_text(&to->meter_name, from->meter_name) &&
           copy_text(&to->meter_version, from->meter_version) &&
           copy_text(&to->meter_schema_url, from->meter_schema_url) &&
           copy_text(&to->name, from->name) && copy_text(&to->description, from->description);
}

static bool copy_aggregation(const cotel_aggregation **to, const cotel_aggregation *from)
{
    *to = from ? ct_aggregation_copy(from) : NULL;
    return *to || !from;
}

/* No list, no filter; false when memory is out. */
static bool make_filter(struct ct_key_filter **out, enum ct_key_filter_mode mode,
                        const char *const *keys, size_t count)
{
    *out = NULL;
    if (!keys)
        return true;
    cotel_str *texts = malloc((count + 1) * sizeof *texts);
    if (!texts)
        return false;
    for (size_t i = 0; i < count; i++)
        texts[i] = cotel_str_of(keys[i]);
    *out = ct_key_filter_create(mode, texts, count);
    free(texts);
    return *out;
}

/* One filter of the two lists. What is on both is left out. */
static bool copy_keys(struct ct_key_filter **to, const cotel_view *from)
{
    struct ct_key_filter *allowed = NULL, *excluded = NULL;
    if (!make_filter(&allowed, CT_KEYS_ONLY_LISTED, from->attribute_keys,
                     from->attribute_key_count) ||
        !make_filter(&excluded, CT_KEYS_ALL_BUT_LISTED, from->excluded_attribute_keys,
                     from->excluded_attribute_key_count)) {
        ct_key_filter_destroy(allowed);
        return false;
    }
    if (!allowed || !excluded) {
        *to = allowed ? allowed : excluded;
        return true;
    }
    *to = ct_key_filter_all_of((const struct ct_key_filter *const[]){allowed, excluded}, 2);
    ct_key_filter_destroy(allowed);
    ct_key_filter_destroy(excluded);
    return *to;
}

bool ct_view_copy(struct ct_view *to, const cotel_view *from)
{
    cotel_view *options = &to->options;
    memset(to, 0, sizeof *to);
    options->instrument_kind = from->instrument_kind;
    options->cardinality_limit = from->cardinality_limit;
    options->exemplar_reservoir = from->exemplar_reservoir;
    return copy_texts(options, from) &&
           copy_aggregation(&options->aggregation, from->aggregation) && copy_keys(&to->keys, from);
}

static void free_text(const char *text)
{
    free((void *)(uintptr_t)text);
}

void ct_view_release(struct ct_view *view)
{
    const cotel_view *options = &view->options;
    free_text(options->instrument_name);
    free_text(options->instrument_unit);
    free_text(options->meter_name);
    free_text(options->meter_version);
    free_text(options->meter_schema_url);
    free_text(options->name);
    free_text(options->description);
    free((void *)(uintptr_t)options->aggregation);
    ct_key_filter_destroy(view->keys);
}

/* ---- matching ------------------------------------------------------------------------------ */

static bool is_text(const char *criterion, cotel_str text)
{
    return !criterion || ct_str_equal(cotel_str_of(criterion), text);
}

static bool is_name(const char *pattern, cotel_str name)
{
    return !pattern || ct_wildcard_matches_ascii(pattern, strlen(pattern), name.data, name.size);
}

bool ct_view_matches(const struct ct_view *view, const cotel_scope_view *scope,
                     const struct ct_instrument_info *info, cotel_str unit)
{
    const cotel_view *criteria = &view->options;
    return (criteria->instrument_kind == -1 || criteria->instrument_kind == (int)info->kind) &&
           is_name(criteria->instrument_name, info->name) &&
           is_text(criteria->instrument_unit, unit) && is_text(criteria->meter_name, scope->name) &&
           is_text(criteria->meter_version, scope->version) &&
           is_text(criteria->meter_schema_url, scope->schema_url);
}

bool ct_view_suits(const struct ct_view *view, cotel_instrument_kind kind)
{
    const cotel_aggregation *aggregation = view->options.aggregation;
    return !aggregation || ct_aggregation_suits(aggregation->type, kind);
}
