/* SPDX-License-Identifier: Apache-2.0 */
/* One view of a provider's, copied, with what it keeps of attributes made ready. */
#ifndef COTEL_SRC_SDK_METRICS_VIEW_VIEW_COPY_H
#define COTEL_SRC_SDK_METRICS_VIEW_VIEW_COPY_H

#include <cotel/sdk/span_view.h>
#include <cotel/sdk/view.h>

#include "api/meter_provider.h"

struct ct_key_filter;

struct ct_view {
    /* Texts and aggregation are its own; the attribute keys are NULL: see `keys`. */
    cotel_view options;
    struct ct_key_filter *keys; /* of both lists; NULL: it says nothing about attributes */
    uint32_t unsuited_kinds;    /* as bits, those for which that was told */
};

/* What is wrong with a view, as a sentence without its subject; NULL: nothing. */
const char *ct_view_fault(const cotel_view *options);

/* Copies a view without a fault. False when memory is out; what there is must be released then,
 * too. */
bool ct_view_copy(struct ct_view *to, const cotel_view *from);

/* Frees what was copied. */
void ct_view_release(struct ct_view *view);

/* Whether instruments of this kind can have its aggregation, if it has one. */
bool ct_view_suits(const struct ct_view *view, cotel_instrument_kind kind);

/* Whether the instrument of that scope meets all criteria. `unit` is the one that it has. */
bool ct_view_matches(const struct ct_view *view, const cotel_scope_view *scope,
                     const struct ct_instrument_info *info, cotel_str unit);

#endif
