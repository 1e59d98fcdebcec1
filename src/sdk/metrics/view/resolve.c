/* SPDX-License-Identifier: Apache-2.0 */
/* A stream is made of a group of views: of none, of each one that matches, or, where views compose,
 * of all that give the same name and those that give none. */
#include "sdk/metrics/view/aggregation_rules.h"
#include "sdk/metrics/view/identity.h"
#include "sdk/metrics/view/key_filter.h"
#include "sdk/metrics/view/views_internal.h"

struct group {
    const struct ct_view *views[COTEL_MAX_VIEWS];
    size_t count;
};

/* One call of ct_views_resolve(). */
struct resolution {
    struct ct_views *views;
    const cotel_metric_reader_options *reader;
    const struct ct_instrument_info *info;
    cotel_str unit;
    struct ct_stream_config *streams;
    size_t capacity;
    size_t count;
};

/* ---- the aspects of one stream ------------------------------------------------------------- */

static bool by_reader(struct resolution *resolution, struct ct_resolved_aggregation *out)
{
    const struct ct_instrument_info *info = resolution->info;
    const cotel_aggregation *aggregation = resolution->reader->aggregation[info->kind];
    if (!aggregation || !ct_aggregation_suits(aggregation->type, info->kind)) {
        *out = ct_aggregation_by_kind(info);
        return true;
    }
    *out = ct_aggregation_resolve(aggregation, info);
    ct_aggregation_advise(out, info);
    if (out->boundaries == aggregation->boundaries)
        out->boundaries =
            ct_keep_boundaries(&resolution->views->keep, out->boundaries, out->boundary_count);
    return out->boundaries;
}

/* The last view that has one which the kind can have. */
static bool resolve_aggregation(struct resolution *resolution, const struct group *group,
                                struct ct_resolved_aggregation *out)
{
    const struct ct_instrument_info *info = resolution->info;
    for (size_t i = group->count; i > 0; i--) {
        const cotel_aggregation *aggregation = group->views[i - 1]->options.aggregation;
        if (aggregation && ct_aggregation_suits(aggregation->type, info->kind)) {
            *out = ct_aggregation_resolve(aggregation, info);
            return true;
        }
    }
    return by_reader(resolution, out);
}

/* What no view says of attributes the instrument may advise. */
static bool advised_keys(struct resolution *resolution, const struct ct_key_filter **out)
{
    const struct ct_instrument_info *info = resolution->info;
    *out = NULL;
    if (!info->attribute_keys)
        return true;
    *out = ct_keep_filter(
        &resolution->views->keep,
        ct_key_filter_create(CT_KEYS_ONLY_LISTED, info->attribute_keys, info->attribute_key_count));
    return *out;
}

static bool resolve_keys(struct resolution *resolution, const struct group *group,
                         const struct ct_key_filter **out)
{
    const struct ct_key_filter *filters[COTEL_MAX_VIEWS];
    size_t count = 0;
    for (size_t i = 0; i < group->count; i++) {
        if (group->views[i]->keys)
            filters[count++] = group->views[i]->keys;
    }
    if (count == 0)
        return advised_keys(resolution, out);
    *out = count == 1
               ? filters[0]
               : ct_keep_filter(&resolution->views->keep, ct_key_filter_all_of(filters, count));
    return *out;
}

static uint32_t reader_limit(const struct resolution *resolution)
{
    uint32_t limit = resolution->reader->cardinality_limit[resolution->info->kind];
    return limit > 0 ? limit : COTEL_DEFAULT_CARDINALITY_LIMIT;
}

static void apply(struct ct_stream_config *stream, const cotel_view *view)
{
    if (view->name)
        stream->name = cotel_str_of(view->name);
    if (view->description)
        stream->description = cotel_str_of(view->description);
    if (view->exemplar_reservoir)
        stream->reservoir = view->exemplar_reservoir;
    if (view->cardinality_limit > 0)
        stream->cardinality_limit = view->cardinality_limit;
}

static void add_stream(struct resolution *resolution, const struct group *group)
{
    struct ct_stream_config stream = {
        .name = resolution->info->name,
        .description = resolution->info->description,
        .unit = resolution->unit,
        .cardinality_limit = reader_limit(resolution),
    };
    if (resolution->count == resolution->capacity ||
        !resolve_aggregation(resolution, group, &stream.aggregation) ||
        stream.aggregation.type == COTEL_AGGREGATION_DROP ||
        !resolve_keys(resolution, group, &stream.keys))
        return;
    for (size_t i = 0; i < group->count; i++)
        apply(&stream, &group->views[i]->options);
    resolution->streams[resolution->count++] = stream;
}

/* ---- views each for itself ----------------------------------------------------------------- */

/* A view that the kind can't follow is as if it were not there. */
static void resolve_each(struct resolution *resolution, const struct group *matching)
{
    struct group group = {.count = 0};
    for (size_t i = 0; i < matching->count; i++) {
        const struct ct_view *view = matching->views[i];
        if (!ct_view_suits(view, resolution->info->kind))
            continue;
        group.views[0] = view;
        group.count = 1;
        add_stream(resolution, &group);
    }
    if (group.count == 0)
        add_stream(resolution, &group);
}

/* ---- views that compose -------------------------------------------------------------------- */

static bool is_name_of(const struct ct_view *view, const char *name)
{
    return view->options.name &&
           ct_instrument_name_equal(cotel_str_of(view->options.name), cotel_str_of(name));
}

static bool was_seen(const struct group *matching, size_t before, const char *name)
{
    for (size_t i = 0; i < before; i++) {
        if (is_name_of(matching->views[i], name))
            return true;
    }
    return false;
}

/* `name` NULL: nobody gives one. */
static void add_composed(struct resolution *resolution, const struct group *matching,
                         const char *name)
{
    struct group group = {.count = 0};
    for (size_t i = 0; i < matching->count; i++) {
        const struct ct_view *view = matching->views[i];
        if (!view->options.name || is_name_of(view, name))
            group.views[group.count++] = view;
    }
    add_stream(resolution, &group);
}

static void resolve_composed(struct resolution *resolution, const struct group *matching)
{
    bool named = false;
    for (size_t i = 0; i < matching->count; i++) {
        const char *name = matching->views[i]->options.name;
        if (!name || was_seen(matching, i, name))
            continue;
        named = true;
        add_composed(resolution, matching, name);
    }
    if (!named)
        add_composed(resolution, matching, NULL);
}

/* -------------------------------------------------------------------------------------------- */

static void find_matching(struct resolution *resolution, const cotel_scope_view *scope,
                          struct group *out)
{
    struct ct_views *views = resolution->views;
    for (size_t i = 0; i < views->count; i++) {
        struct ct_view *view = &views->views[i];
        if (!ct_view_matches(view, scope, resolution->info, resolution->unit))
            continue;
        if (!ct_view_suits(view, resolution->info->kind))
            ct_views_tell_unsuited(views, view, resolution->info->kind);
        out->views[out->count++] = view;
    }
}

size_t ct_views_resolve(struct ct_views *views, const cotel_scope_view *scope,
                        const struct ct_instrument_info *info,
                        const cotel_metric_reader_options *reader, struct ct_stream_config *out,
                        size_t capacity)
{
    struct resolution resolution = {
        .views = views,
        .reader = reader,
        .info = info,
        .unit = ct_instrument_unit_is_valid(info->unit) ? info->unit : cotel_str_of(""),
        .streams = out,
        .capacity = capacity,
    };
    struct group matching = {.count = 0};
    find_matching(&resolution, scope, &matching);
    if (views->mode == COTEL_VIEWS_COMPOSABLE)
        resolve_composed(&resolution, &matching);
    else
        resolve_each(&resolution, &matching);
    return resolution.count;
}
