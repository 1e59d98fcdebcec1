/* SPDX-License-Identifier: Apache-2.0 */
/* Where every transport hands in what it received: it is decoded, its spans or points are kept, and
 * spans are forwarded. */
#ifndef COTEL_TOOLS_COTEL_VIEW_INTAKE_H
#define COTEL_TOOLS_COTEL_VIEW_INTAKE_H

#include "view/forward/forwarder.h"
#include "view/metrics.h"
#include "view/outcome.h"
#include "view/reply.h"
#include "view/signal.h"
#include "view/store.h"

#include <stdint.h>

struct ct_intake {
    struct ct_store *store;
    struct ct_metrics *metrics;
    bool are_metrics_shown;
    int64_t last_ms;                /* when something came that is to be shown; -1: never */
    struct ct_forwarder *forwarder; /* gets what was taken; NULL: nobody does */
};

/* A request, whole and unpacked; all of it is taken or none, but for spans whose ids are not valid.
 */
struct ct_outcome ct_intake_take(struct ct_intake *intake, enum ct_signal signal,
                                 enum ct_format format, const uint8_t *body, size_t size_bytes,
                                 int64_t now_ms);

#endif
