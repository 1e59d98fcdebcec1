/* SPDX-License-Identifier: Apache-2.0 */
#include "metric_batches.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sdk/metrics/writer.h"

cotel_metric_writer *metric_batch_begin(cotel_resource *resource)
{
    const struct ct_metric_writer_options options = {.resource = resource};
    cotel_metric_writer *writer = ct_metric_writer_create(&options);
    assert_non_null(writer);
    return writer;
}

cotel_batch *metric_batch_end(cotel_metric_writer *writer)
{
    struct ct_metric_batches batches;
    ct_metric_writer_finish(writer, &batches);
    assert_int_equal(ct_metric_writer_lost(writer), 0);
    assert_int_equal(ct_metric_writer_malformed(writer), 0);
    assert_in_range(batches.count, 0, 1);
    cotel_batch *batch = batches.count == 1 ? cotel_batch_ref(batches.items[0]) : NULL;
    ct_metric_batches_fini(&batches);
    ct_metric_writer_destroy(writer);
    return batch;
}

cotel_batch *metric_batch_of(cotel_resource *resource, const struct described_metric *metrics,
                             size_t count)
{
    cotel_metric_writer *writer = metric_batch_begin(resource);
    for (size_t i = 0; i < count; i++) {
        cotel_metric_writer_scope(writer, metrics[i].scope, metrics[i].version, NULL, NULL, 0);
        assert_true(cotel_metric_writer_metric(writer, &metrics[i].head));
        for (size_t j = 0; j < metrics[i].point_count; j++)
            cotel_metric_writer_point(writer, &metrics[i].points[j]);
    }
    return metric_batch_end(writer);
}

cotel_metric_head metric_head(cotel_metric_type type, const char *name, const char *unit,
                              const char *description)
{
    return (cotel_metric_head){.size = sizeof(cotel_metric_head),
                               .name = cotel_str_of(name),
                               .unit = cotel_str_of(unit),
                               .description = cotel_str_of(description),
                               .type = type,
                               .temporality = COTEL_TEMPORALITY_CUMULATIVE,
                               .is_monotonic = true};
}

cotel_point metric_point_int(int64_t value, const cotel_attribute *attributes, size_t count)
{
    return (cotel_point){.size = sizeof(cotel_point),
                         .attributes = attributes,
                         .attribute_count = count,
                         .value = {.type = COTEL_NUMBER_INT, .integer = value}};
}

cotel_point metric_point_double(double value, const cotel_attribute *attributes, size_t count)
{
    return (cotel_point){.size = sizeof(cotel_point),
                         .attributes = attributes,
                         .attribute_count = count,
                         .value = {.type = COTEL_NUMBER_DOUBLE, .floating = value}};
}
