/* SPDX-License-Identifier: Apache-2.0 */
/* The views of a provider, and what they make of an instrument.
 *
 * What a stream is to be is asked of three, aspect by aspect: a view that says so, then the
 * reader's default of the instrument's kind, then the instrument's own kind. The instrument's
 * advice counts wherever no view says otherwise, against the reader too, as the specification has
 * it.
 *
 * Implements: metrics/sdk.md "View", "Measurement processing". */
#ifndef COTEL_SRC_SDK_METRICS_VIEW_VIEWS_H
#define COTEL_SRC_SDK_METRICS_VIEW_VIEWS_H

#include <cotel/sdk/metric_reader.h>
#include <cotel/sdk/span_view.h>
#include <cotel/sdk/view.h>
#include <cotel/status.h>

#include "api/meter_provider.h"
#include "sdk/metrics/view/stream_config.h"

struct ct_views;

/* Copies them. A view that can't be is told to diagnostics and left out. The reservoir factories
 * must live as long as the result, which is the caller's to destroy.
 * OK; INVALID_ARGUMENT (a size that was never set, more than COTEL_MAX_VIEWS, no such mode);
 * OUT_OF_MEMORY. */
cotel_status ct_views_create(const cotel_view *views, size_t count, cotel_view_matching_mode mode,
                             struct ct_views **out);

/* Takes NULL. */
void ct_views_destroy(struct ct_views *views);

/* The streams that an instrument of a scope has for a reader with these options, in the order of
 * the views; those that are dropped are left out, so that 0 means: nothing is recorded. What does
 * not fit is left out; COTEL_MAX_VIEWS always fit, of no instrument are there more. A stream for
 * which memory is out is left out too, since it may not keep attributes that it must not. What
 * the configurations point to lives as long as `views` and the instrument's `info`. `reader` need
 * not outlive the call. A view that a kind of instruments can't follow is told, once for a kind:
 * whoever has locks holds messages back. Not for two threads at a time. */
size_t ct_views_resolve(struct ct_views *views, const cotel_scope_view *scope,
                        const struct ct_instrument_info *info,
                        const cotel_metric_reader_options *reader, struct ct_stream_config *out,
                        size_t capacity);

#endif
