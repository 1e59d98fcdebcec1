/* SPDX-License-Identifier: Apache-2.0 */
/* Where every transport hands in what it received: it is decoded, its spans are kept, and it is
 * forwarded. */
#ifndef COTEL_TOOLS_COTEL_VIEW_INTAKE_H
#define COTEL_TOOLS_COTEL_VIEW_INTAKE_H

#include "view/forward/forwarder.h"
#include "view/outcome.h"
#include "view/reply.h"
#include "view/store.h"

#include <stdint.h>

struct ct_intake {
    struct ct_store *store;
    int64_t last_span_ms;           /* -1: none has come */
    struct ct_forwarder *forwarder; /* gets what was taken; NULL: nobody does */
};

/* A request, whole and unpacked; all of it is taken or none, but for spans whose ids are not valid.
 */
struct ct_outcome ct_intake_take(struct ct_intake *intake, enum ct_format format,
                                 const uint8_t *body, size_t size_bytes, int64_t now_ms);

#endif
