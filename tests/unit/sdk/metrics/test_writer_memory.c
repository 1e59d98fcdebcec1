/* SPDX-License-Identifier: Apache-2.0 */
/* A writer whose every allocation fails once: what is lost is counted, and the rest is right. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>

#include "metric_batches.h"
#include "sdk/metrics/writer.h"

enum { SCOPES = 40, POINTS = 60 };

static int calls_left = -1; /* below 0: none fails */

static bool fails_now(void)
{
    return calls_left >= 0 && calls_left-- == 0;
}

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *block, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *block, size_t size);

void *__wrap_malloc(size_t size)
{
    return fails_now() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
    return fails_now() ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *block, size_t size)
{
    return fails_now() ? NULL : __real_realloc(block, size);
}

static cotel_scope_view scopes[SCOPES];

/* Returns how many points were given. */
static size_t write_all(cotel_metric_writer *writer)
{
    const cotel_metric_head head = metric_head(COTEL_METRIC_GAUGE, "gauge", "", "");
    for (int i = 0; i < SCOPES; i++) {
        ct_metric_writer_set_scope(writer, &scopes[i]);
        assert_true(cotel_metric_writer_metric(writer, &head));
        for (int j = 0; j < POINTS; j++) {
            const cotel_point point = metric_point_int(j, NULL, 0);
            cotel_metric_writer_point(writer, &point);
        }
    }
    return (size_t)SCOPES * POINTS;
}

/* The points that can be read. */
static size_t count_points(const cotel_batch *batch)
{
    cotel_batch_cursor cursor = {0, 0};
    cotel_metric_data metric;
    cotel_point_data point;
    size_t count = 0;
    while (cotel_batch_next_metric(batch, &cursor, &metric, NULL)) {
        int64_t last = -1;
        for (cotel_iterator i = cotel_metric_data_points(&metric);
             cotel_iterator_next_point(&i, &metric, &point); count++) {
            assert_true(point.value.integer > last);
            last = point.value.integer;
        }
    }
    return count;
}

/* Whether an allocation failed. */
static bool round_with(int failing)
{
    calls_left = failing;
    cotel_metric_writer *writer =
        ct_metric_writer_create(&(struct ct_metric_writer_options){.max_points = 500});
    if (writer == NULL)
        return true;
    struct ct_metric_batches batches;
    size_t given = write_all(writer), found = 0;
    ct_metric_writer_finish(writer, &batches);
    bool has_failed = calls_left < 0;
    calls_left = -1;
    for (size_t i = 0; i < batches.count; i++) {
        assert_int_equal(count_points(batches.items[i]), cotel_batch_items(batches.items[i]));
        found += cotel_batch_items(batches.items[i]);
    }
    assert_int_equal(found + ct_metric_writer_lost(writer), given);
    assert_int_equal(ct_metric_writer_lost(writer) != 0, has_failed);
    ct_metric_batches_fini(&batches);
    ct_metric_writer_destroy(writer);
    return has_failed;
}

static void whatever_allocation_fails_points_are_there_or_counted(void **state)
{
    int rounds = 0;
    while (round_with(rounds))
        rounds++;
    assert_in_range(rounds, 10, 200);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whatever_allocation_fails_points_are_there_or_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
