/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>

#include "metric_batches.h"
#include "sdk/metrics/writer.h"

static cotel_metric_writer *writer_with(const struct ct_metric_writer_options *options)
{
    cotel_metric_writer *writer = ct_metric_writer_create(options);
    assert_non_null(writer);
    return writer;
}

static void a_metric_is_read_as_it_was_written(void **state)
{
    const cotel_attribute attributes[] = {cotel_attribute_string("model", "gpt-4o"),
                                          cotel_attribute_int("retry", 1)};
    const cotel_point points[] = {metric_point_int(5, attributes, 2), metric_point_int(7, NULL, 0)};
    const struct described_metric metrics[] = {
        {"my.lib", "1.0", metric_head(COTEL_METRIC_SUM, "requests", "{request}", "how many"),
         points, 2}};
    cotel_batch *batch = metric_batch_of(NULL, metrics, 1);
    assert_int_equal(cotel_batch_signal(batch), COTEL_SIGNAL_METRICS);
    assert_int_equal(cotel_batch_count(batch), 1);
    assert_int_equal(cotel_batch_items(batch), 2);
    assert_metric_batch(batch, METRIC_TEXT_ALL,
                        "scope my.lib 1.0\n"
                        " sum requests unit={request} cumulative monotonic \"how many\"\n"
                        "  {model=\"gpt-4o\",retry=1} 5\n"
                        "  {} 7\n");
    cotel_batch_unref(batch);
}

static void write_numbers(cotel_metric_writer *writer, const char *name, int from, int to)
{
    const cotel_metric_head head = metric_head(COTEL_METRIC_GAUGE, name, "", "");
    (void)cotel_metric_writer_metric(writer, &head);
    for (int i = from; i < to; i++) {
        const cotel_point point = metric_point_int(i, NULL, 0);
        cotel_metric_writer_point(writer, &point);
    }
}

static void a_scope_that_comes_back_goes_to_its_group(void **state)
{
    cotel_metric_writer *writer = metric_batch_begin(NULL);
    cotel_metric_writer_scope(writer, "a", NULL, NULL, NULL, 0);
    write_numbers(writer, "a1", 1, 2);
    cotel_metric_writer_scope(writer, "b", NULL, NULL, NULL, 0);
    write_numbers(writer, "b1", 2, 3);
    cotel_metric_writer_scope(writer, "a", NULL, NULL, NULL, 0);
    write_numbers(writer, "a2", 3, 4);
    cotel_batch *batch = metric_batch_end(writer);
    size_t groups;
    (void)cotel_batch_groups(batch, &groups);
    assert_int_equal(groups, 2);
    assert_metric_batch(batch, METRIC_TEXT_ALL,
                        "scope a\n gauge a1\n  {} 1\n gauge a2\n  {} 3\n"
                        "scope b\n gauge b1\n  {} 2\n");
    cotel_batch_unref(batch);
}

static void batches_are_cut_in_the_middle_of_a_metric(void **state)
{
    cotel_metric_writer *writer = writer_with(&(struct ct_metric_writer_options){.max_points = 3});
    write_numbers(writer, "a", 0, 2);
    write_numbers(writer, "b", 2, 7);
    struct ct_metric_batches batches;
    ct_metric_writer_finish(writer, &batches);
    assert_int_equal(batches.count, 3);
    assert_metric_batch(batches.items[0], METRIC_TEXT_ALL,
                        "scope\n gauge a\n  {} 0\n  {} 1\n gauge b\n  {} 2\n");
    assert_metric_batch(batches.items[1], METRIC_TEXT_ALL,
                        "scope\n gauge b\n  {} 3\n  {} 4\n  {} 5\n");
    assert_metric_batch(batches.items[2], METRIC_TEXT_ALL, "scope\n gauge b\n  {} 6\n");
    ct_metric_batches_fini(&batches);
    ct_metric_writer_destroy(writer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_metric_is_read_as_it_was_written),
        cmocka_unit_test(a_scope_that_comes_back_goes_to_its_group),
        cmocka_unit_test(batches_are_cut_in_the_middle_of_a_metric),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
