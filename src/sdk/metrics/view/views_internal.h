/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of views.h share. */
#ifndef COTEL_SRC_SDK_METRICS_VIEW_VIEWS_INTERNAL_H
#define COTEL_SRC_SDK_METRICS_VIEW_VIEWS_INTERNAL_H

#include "sdk/metrics/view/keep.h"
#include "sdk/metrics/view/view_copy.h"
#include "sdk/metrics/view/views.h"

struct ct_views {
    cotel_view_matching_mode mode;
    struct ct_keep keep;
    size_t count;
    struct ct_view views[];
};

/* Says that a view asks for what this kind can't have, unless that was said before. */
void ct_views_tell_unsuited(const struct ct_views *views, struct ct_view *view,
                            cotel_instrument_kind kind);

#endif
