/* SPDX-License-Identifier: Apache-2.0 */
/* Views resolved for an instrument, and what diagnostics is told meanwhile. Everything ends the
 * test when it fails. */
#ifndef COTEL_TESTS_UNIT_SDK_METRICS_VIEW_RESOLVED_H
#define COTEL_TESTS_UNIT_SDK_METRICS_VIEW_RESOLVED_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <cotel/sdk/metric_reader.h>

#include "sdk/metrics/view/aggregation_rules.h"
#include "sdk/metrics/view/key_filter.h"
#include "sdk/metrics/view/views.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* A view of any kind of instruments, or of one. */
#define VIEW(...) ((cotel_view){.size = sizeof(cotel_view), .instrument_kind = -1, __VA_ARGS__})
#define VIEW_OF(...) ((cotel_view){.size = sizeof(cotel_view), .instrument_kind = __VA_ARGS__})

#define AGGREGATION(...) (&(cotel_aggregation){.size = sizeof(cotel_aggregation), __VA_ARGS__})

/* What is resolved: set what matters, begin with resolved_init(). */
struct resolved {
    struct ct_views *views;
    cotel_scope_view scope;         /* library 1.2, schema https://schema/1 */
    struct ct_instrument_info info; /* a histogram "http.duration" in s, "how long" */
    cotel_metric_reader_options reader;
    struct ct_stream_config streams[COTEL_MAX_VIEWS];
    size_t count;
};

void resolved_init(struct resolved *resolved, const cotel_view *views, size_t count,
                   cotel_view_matching_mode mode);
void resolved_fini(struct resolved *resolved);

/* Asks, and returns how many streams there are. */
size_t resolve(struct resolved *resolved);

/* The only stream of an instrument of this name. */
const struct ct_stream_config *stream_of(struct resolved *resolved, const char *name);

/* The only stream of an instrument of this kind. */
const struct ct_stream_config *stream_of_kind(struct resolved *resolved,
                                              cotel_instrument_kind kind);

/* Which of the keys a, b, c, d and e a stream keeps. Good until the next call. */
const char *kept_keys(const struct ct_stream_config *stream);

/* How often diagnostics was told since resolved_init() began, and what it was told last. */
size_t told(void);
const char *told_last(void);

#define assert_str(text, expected)                             \
    do {                                                       \
        cotel_str str_ = (text);                               \
        assert_int_equal(str_.size, strlen(expected));         \
        assert_memory_equal(str_.data, (expected), str_.size); \
    } while (0)

#endif
