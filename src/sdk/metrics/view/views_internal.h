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

#endif
