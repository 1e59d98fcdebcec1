/* SPDX-License-Identifier: Apache-2.0 */
/* Batches of metrics for tests of whoever reads or sends them: made of a description, or by hand
 * with the functions of a writer; and as text, a line for each scope, metric, point and exemplar.
 * Whatever fails ends the test. */
#ifndef COTEL_TESTS_SUPPORT_METRIC_BATCHES_H
#define COTEL_TESTS_SUPPORT_METRIC_BATCHES_H

#include <cotel/sdk/metric_data.h>

/* A metric with its points, under a scope. */
struct described_metric {
    const char *scope;
    const char *version; /* NULL: none */
    cotel_metric_head head;
    const cotel_point *points;
    size_t point_count;
};

/* One batch of all. `resource`: NULL for an empty one. Yours to unref. */
cotel_batch *metric_batch_of(cotel_resource *resource, const struct described_metric *metrics,
                             size_t count);

/* Between these two: cotel_metric_writer_scope(), _metric(), _point(). The batch is yours to
 * unref; NULL when there were no points. */
cotel_metric_writer *metric_batch_begin(cotel_resource *resource);
cotel_batch *metric_batch_end(cotel_metric_writer *writer);

/* Heads: sums are monotonic, and all that has a temporality is cumulative; change what differs. */
cotel_metric_head metric_head(cotel_metric_type type, const char *name, const char *unit,
                              const char *description);

/* Points with a value; of the other types set the members. Attributes are borrowed. */
cotel_point metric_point_int(int64_t value, const cotel_attribute *attributes, size_t count);
cotel_point metric_point_double(double value, const cotel_attribute *attributes, size_t count);

enum metric_text_flags {
    METRIC_TEXT_ALL = 0,
    METRIC_TEXT_NO_TIMES = 1 /* what a clock said is left out */
};

/* For example:
 *
 *     scope my.lib 1.0
 *      sum requests unit={request} cumulative monotonic "how many"
 *       {model="gpt-4o",retry=1} 5 start=1 time=2
 *        exemplar 5 time=2 trace=0102... span=0102... {user="me"}
 *      histogram latency unit=s delta
 *       {} count=3 sum=6 min=1 max=3 boundaries=[1,2.5] counts=[1,1,1]
 *      exponential_histogram size delta
 *       {} count=4 sum=9 scale=2 zero=1 threshold=0 positive=-2:[1,0,2] negative=0:[]
 *      summary age
 *       {} count=2 sum=3 quantiles=[0.5:1,0.9:2]
 *
 * What is not there is not printed. Yours to free. */
char *metric_batch_text(const cotel_batch *batch, enum metric_text_flags flags);

/* Compares with the text of all lines. */
void assert_metric_batch(const cotel_batch *batch, enum metric_text_flags flags,
                         const char *expected);

#endif
