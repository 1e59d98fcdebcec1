/* SPDX-License-Identifier: Apache-2.0 */
/* A meter provider of its own for each test, with a reader that collects when it is asked, and what
 * diagnostics is told meanwhile. Public API only. Everything ends the test when it fails. */
#ifndef COTEL_TESTS_SUPPORT_METRIC_FIXTURE_H
#define COTEL_TESTS_SUPPORT_METRIC_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <cotel/sdk/diagnostics.h>
#include <cotel/sdk/meter_provider.h>

#include <string.h>

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

/* A view of any kind of instruments, or, given first, of one. */
#define VIEW(...) ((cotel_view){.size = sizeof(cotel_view), .instrument_kind = -1, __VA_ARGS__})
#define VIEW_OF(...) ((cotel_view){.size = sizeof(cotel_view), .instrument_kind = __VA_ARGS__})

#define AGGREGATION(...) (&(cotel_aggregation){.size = sizeof(cotel_aggregation), __VA_ARGS__})
#define INSTRUMENT(...) \
    (&(cotel_instrument_options){.size = sizeof(cotel_instrument_options), __VA_ARGS__})

/* The pointer and the number of some attributes. */
#define WITH(...)                           \
    (const cotel_attribute[]){__VA_ARGS__}, \
        sizeof((const cotel_attribute[]){__VA_ARGS__}) / sizeof(cotel_attribute)

struct metric_fixture {
    cotel_meter_provider *provider;
    cotel_metric_reader *reader;
    cotel_meter *meter; /* "library" */
};

/* `options` (NULL: defaults) names no readers; `reader_options` may be NULL too. */
void metric_fixture_start(struct metric_fixture *fixture,
                          const cotel_meter_provider_options *options,
                          const cotel_metric_reader_options *reader_options);
void metric_fixture_start_with_views(struct metric_fixture *fixture, const cotel_view *views,
                                     size_t count);
void metric_fixture_stop(struct metric_fixture *fixture);

/* One collection; NULL when there is nothing. Yours to unref. */
cotel_batch *metric_fixture_collect(struct metric_fixture *fixture);

/* Collects, and compares with the text that metric_batches.h describes, without times. */
void assert_collected(struct metric_fixture *fixture, const char *expected);

/* Collects; the names of all metrics with a blank between two. Good until the next call. */
const char *collected_names(struct metric_fixture *fixture);

cotel_metric_counts metric_counts(struct metric_fixture *fixture);

/* How many messages there were since the fixture started, and the last one with its level. */
size_t told_count(void);
const char *told_last(void);
cotel_log_level told_level(void);

/* That there was one message since `before`, of this level, with these words. */
void assert_told(size_t before, cotel_log_level level, const char *words);

#endif
