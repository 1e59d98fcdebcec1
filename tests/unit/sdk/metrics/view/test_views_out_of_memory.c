/* SPDX-License-Identifier: Apache-2.0 */
/* Each allocation fails in its turn: making views says so, resolving leaves out the streams that it
 * can't make right, and, as AddressSanitizer sees, nothing stays behind. The linker puts these in
 * place of the C library's. */
#include "resolved.h"

#include <stdlib.h>
#include <string.h>

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
char *__real_strdup(const char *text);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
char *__wrap_strdup(const char *text);

static int succeed_first = -1; /* how many do before one fails; -1: all do */

static bool fails(void)
{
    return succeed_first >= 0 && succeed_first-- == 0;
}

void *__wrap_malloc(size_t size)
{
    return fails() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
    return fails() ? NULL : __real_calloc(count, size);
}

char *__wrap_strdup(const char *text)
{
    return fails() ? NULL : __real_strdup(text);
}

static const char *const keys_a_b[] = {"a", "b"}, *const keys_b[] = {"b"};
static const cotel_str advised[] = {{"a", 1}};
static const double one_two[] = {1, 2};

static const cotel_view everything = {
    .size = sizeof everything,
    .instrument_name = "viewed",
    .instrument_kind = COTEL_INSTRUMENT_HISTOGRAM,
    .instrument_unit = "s",
    .meter_name = "library",
    .meter_version = "1.2",
    .meter_schema_url = "https://schema/1",
    .name = "new",
    .description = "new too",
    .attribute_keys = keys_a_b,
    .attribute_key_count = 2,
    .excluded_attribute_keys = keys_b,
    .excluded_attribute_key_count = 1,
    .aggregation = &(const cotel_aggregation){.size = sizeof(cotel_aggregation),
                                              .type = COTEL_AGGREGATION_EXPLICIT_BUCKET_HISTOGRAM,
                                              .boundaries = one_two,
                                              .boundary_count = 2},
};

static void views_that_can_not_be_copied_are_refused(void **state)
{
    (void)state;
    int failures = 0;
    for (cotel_status status = COTEL_STATUS_OUT_OF_MEMORY; status != COTEL_STATUS_OK; failures++) {
        struct ct_views *views = NULL;
        succeed_first = failures;
        status = ct_views_create(&everything, 1, COTEL_VIEWS_INDEPENDENT, &views);
        succeed_first = -1;
        assert_true(status == COTEL_STATUS_OK || (status == COTEL_STATUS_OUT_OF_MEMORY && !views));
        ct_views_destroy(views);
    }
    assert_in_range(failures, 13, 20);
}

/* Resolves while one allocation fails after another; returns how many do so until there is a
 * stream. */
static int failures_until_resolved(struct resolved *resolved)
{
    for (int failures = 0;; failures++) {
        succeed_first = failures;
        size_t count = ct_views_resolve(resolved->views, &resolved->scope, &resolved->info,
                                        &resolved->reader, resolved->streams, 1);
        succeed_first = -1;
        if (count == 1)
            return failures;
    }
}

static void a_stream_without_the_advised_filter_is_left_out(void **state)
{
    struct resolved resolved;
    (void)state;
    assert_int_equal(ct_views_create(NULL, 0, COTEL_VIEWS_INDEPENDENT, &resolved.views), 0);
    resolved.scope = (cotel_scope_view){.name = {"library", 7}};
    resolved.info = (struct ct_instrument_info){.kind = COTEL_INSTRUMENT_HISTOGRAM,
                                                .name = {"h", 1},
                                                .attribute_keys = advised,
                                                .attribute_key_count = 1};
    resolved.reader = (cotel_metric_reader_options)COTEL_METRIC_READER_OPTIONS_INIT;
    assert_int_equal(failures_until_resolved(&resolved), 2);
    resolved.reader.aggregation[COTEL_INSTRUMENT_HISTOGRAM] = everything.aggregation;
    assert_int_equal(failures_until_resolved(&resolved), 2);
    ct_views_destroy(resolved.views);
}

static void composed_streams_without_their_filter_are_left_out(void **state)
{
    cotel_view views[] = {everything, everything};
    struct resolved resolved;
    (void)state;
    views[1].excluded_attribute_keys = NULL;
    views[1].excluded_attribute_key_count = 0;
    assert_int_equal(ct_views_create(views, 2, COTEL_VIEWS_COMPOSABLE, &resolved.views), 0);
    resolved.scope = (cotel_scope_view){
        .name = {"library", 7}, .version = {"1.2", 3}, .schema_url = {"https://schema/1", 16}};
    resolved.info = (struct ct_instrument_info){
        .kind = COTEL_INSTRUMENT_HISTOGRAM, .name = {"viewed", 6}, .unit = {"s", 1}};
    resolved.reader = (cotel_metric_reader_options)COTEL_METRIC_READER_OPTIONS_INIT;
    assert_int_equal(failures_until_resolved(&resolved), 3);
    ct_views_destroy(resolved.views);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(views_that_can_not_be_copied_are_refused),
        cmocka_unit_test(a_stream_without_the_advised_filter_is_left_out),
        cmocka_unit_test(composed_streams_without_their_filter_are_left_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
