/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include <cotel/sdk/diagnostics.h>

#include "base/sized.h"
#include "sdk/metrics/view/aggregation_rules.h"
#include "sdk/metrics/view/views_internal.h"

#define COMPONENT "views"

void cotel_aggregation_init(cotel_aggregation *aggregation)
{
    if (aggregation)
        *aggregation = (cotel_aggregation)COTEL_AGGREGATION_INIT;
}

void cotel_view_init(cotel_view *view)
{
    if (view)
        *view = (cotel_view)COTEL_VIEW_INIT;
}

/* ---- what is said of them ------------------------------------------------------------------ */

static const char *const kind_names[COTEL_INSTRUMENT_KINDS] = {
    [COTEL_INSTRUMENT_COUNTER] = "counters",
    [COTEL_INSTRUMENT_UP_DOWN_COUNTER] = "up-down counters",
    [COTEL_INSTRUMENT_HISTOGRAM] = "histograms",
    [COTEL_INSTRUMENT_GAUGE] = "gauges",
    [COTEL_INSTRUMENT_OBSERVABLE_COUNTER] = "observable counters",
    [COTEL_INSTRUMENT_OBSERVABLE_UP_DOWN_COUNTER] = "observable up-down counters",
    [COTEL_INSTRUMENT_OBSERVABLE_GAUGE] = "observable gauges",
};

/* How a view is called: by what its owner would look for. */
static const char *subject(const cotel_view *view)
{
    return view->instrument_name ? view->instrument_name : "*";
}

static void tell_fault(const cotel_view *view, size_t index, const char *fault)
{
    cotel_diagnostics_report(COTEL_LOG_WARNING, COMPONENT,
                             "view %zu, of instruments \"%s\", is left out: it %s", index + 1,
                             subject(view), fault);
}

void ct_views_tell_unsuited(const struct ct_views *views, struct ct_view *view,
                            cotel_instrument_kind kind)
{
    if (view->unsuited_kinds & 1u << kind)
        return;
    view->unsuited_kinds |= 1u << kind;
    cotel_diagnostics_report(COTEL_LOG_WARNING, COMPONENT,
                             "the view of instruments \"%s\" has an aggregation that %s can't "
                             "have: %s left out for them",
                             subject(&view->options), kind_names[kind],
                             views->mode == COTEL_VIEWS_COMPOSABLE ? "the aggregation is"
                                                                   : "the view is");
}

/* ---- making them --------------------------------------------------------------------------- */

/* A view of an array whose elements are as large as the first one says; false when one says none.
 */
static bool read_view(const cotel_view *views, size_t index, cotel_view *out)
{
    *out = (cotel_view)COTEL_VIEW_INIT;
    return views->size >= sizeof views->size &&
           ct_sized_read(out, sizeof *out, (const char *)views + index * views->size);
}

/* What a view that is for one kind alone asks of it is known before there are instruments. */
static void check_kind(const struct ct_views *views, struct ct_view *view)
{
    int kind = view->options.instrument_kind;
    if (kind >= 0 && !ct_view_suits(view, (cotel_instrument_kind)kind))
        ct_views_tell_unsuited(views, view, (cotel_instrument_kind)kind);
}

static cotel_status add_views(struct ct_views *views, const cotel_view *given, size_t count)
{
    cotel_view view;
    for (size_t i = 0; i < count; i++) {
        if (!read_view(given, i, &view))
            return COTEL_STATUS_INVALID_ARGUMENT;
        const char *fault = ct_view_fault(&view);
        if (fault) {
            tell_fault(&view, i, fault);
            continue;
        }
        struct ct_view *added = &views->views[views->count++];
        if (!ct_view_copy(added, &view))
            return COTEL_STATUS_OUT_OF_MEMORY;
        check_kind(views, added);
    }
    return COTEL_STATUS_OK;
}

static bool is_mode(cotel_view_matching_mode mode)
{
    return mode == COTEL_VIEWS_INDEPENDENT || mode == COTEL_VIEWS_COMPOSABLE;
}

cotel_status ct_views_create(const cotel_view *views, size_t count, cotel_view_matching_mode mode,
                             struct ct_views **out)
{
    if (count > COTEL_MAX_VIEWS || (count > 0 && !views) || !is_mode(mode))
        return COTEL_STATUS_INVALID_ARGUMENT;
    struct ct_views *created = calloc(1, sizeof *created + count * sizeof created->views[0]);
    if (!created)
        return COTEL_STATUS_OUT_OF_MEMORY;
    created->mode = mode;
    cotel_status status = add_views(created, views, count);
    if (status != COTEL_STATUS_OK) {
        ct_views_destroy(created);
        return status;
    }
    *out = created;
    return COTEL_STATUS_OK;
}

void ct_views_destroy(struct ct_views *views)
{
    if (!views)
        return;
    for (size_t i = 0; i < views->count; i++)
        ct_view_release(&views->views[i]);
    ct_keep_fini(&views->keep);
    free(views);
}
