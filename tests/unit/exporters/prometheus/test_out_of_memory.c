/* SPDX-License-Identifier: Apache-2.0 */
/* Each allocation fails once, one after the other: a rendering then fails as a whole or did not
 * need it, and the next one is as if nothing had been. */
#include "exposition.h"

#include <errno.h>
#include <stdlib.h>

static long left = -1; /* allocations until one fails; below zero: none does */

static bool fails(void)
{
    if (left < 0 || left-- > 0)
        return false;
    errno = ENOMEM;
    return true;
}

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *memory, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *memory, size_t size);

void *__wrap_malloc(size_t size)
{
    return fails() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
    return fails() ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *memory, size_t size)
{
    return fails() ? NULL : __real_realloc(memory, size);
}

static cotel_batch *batch_of_all(void)
{
    static const double boundaries[] = {1, 2};
    static const uint64_t counts[] = {1, 2, 3};
    static const cotel_quantile_data quantiles[] = {{0.5, 1}};
    const cotel_attribute attributes[] = {cotel_attribute_string("a.b", "x"),
                                          cotel_attribute_int("a_b", 1)};
    const cotel_exemplar exemplar = {.time_unix_ns = 1,
                                     .value = {COTEL_NUMBER_INT, 0, 1, 0},
                                     .attributes = attributes,
                                     .attribute_count = 1};
    const cotel_point point = {.size = sizeof point,
                               .attributes = attributes,
                               .attribute_count = 2,
                               .value = {COTEL_NUMBER_INT, 0, 1, 0},
                               .count = 6,
                               .has_sum = true,
                               .boundaries = boundaries,
                               .boundary_count = 2,
                               .bucket_counts = counts,
                               .positive = {0, 3, counts},
                               .quantiles = quantiles,
                               .quantile_count = 1,
                               .exemplars = &exemplar,
                               .exemplar_count = 1};
    const struct described_metric metrics[] = {
        {"l", "1", metric_head(COTEL_METRIC_GAUGE, "g", "By/s", "G"), &point, 1},
        {"l", "1", metric_head(COTEL_METRIC_SUM, "c", "s", "C"), &point, 1},
        {"l", "1", metric_head(COTEL_METRIC_HISTOGRAM, "h", "", "H"), &point, 1},
        {"l", "1", metric_head(COTEL_METRIC_EXPONENTIAL_HISTOGRAM, "e", "", "E"), &point, 1},
        {"l", "1", metric_head(COTEL_METRIC_SUMMARY, "s", "", "S"), &point, 1}};
    return metric_batch_of(NULL, metrics, 5);
}

/* Renders with a fresh renderer while the n-th allocation fails; then again. @return whether all
 * went well at once, since there are fewer allocations. */
static bool render_failing_at(long n, const struct exposition *how, cotel_batch *batch,
                              const char *expected)
{
    struct ct_prom_text text = {NULL, 0, 0, false};
    left = n;
    struct ct_prom_renderer *renderer = ct_prom_renderer_create(&how->settings);
    bool is_rendered = renderer && ct_prom_render(renderer, batch, how->resource, how->format,
                                                  how->escaping, &text);
    bool was_needless = left >= 0;
    left = -1;
    if (!renderer)
        renderer = ct_prom_renderer_create(&how->settings);
    assert_non_null(renderer);
    if (is_rendered)
        assert_memory_equal(text.data, expected, text.size);
    assert_true(ct_prom_render(renderer, batch, how->resource, how->format, how->escaping, &text));
    assert_int_equal(text.size, strlen(expected));
    assert_memory_equal(text.data, expected, text.size);
    ct_prom_text_fini(&text);
    ct_prom_renderer_destroy(renderer);
    return was_needless;
}

static void without_memory_a_rendering_fails_and_the_next_does_not(void **state)
{
    const cotel_attribute service = cotel_attribute_string("service.name", "agent");
    const char *include[] = {"service.*"};
    struct exposition how = OPENMETRICS;
    how.settings.scope_labels = how.settings.target_info = true;
    how.settings.include = (struct ct_prom_patterns){include, 1};
    assert_int_equal(cotel_resource_create(&service, 1, NULL, &how.resource), COTEL_STATUS_OK);
    cotel_batch *batch = batch_of_all();
    struct ct_prom_renderer *renderer = ct_prom_renderer_create(&how.settings);
    char *expected = expose(&how, renderer, batch);
    long n = 0;
    while (!render_failing_at(n, &how, batch, expected))
        n++;
    assert_true(n > 20);
    free(expected);
    ct_prom_renderer_destroy(renderer);
    cotel_batch_unref(batch);
    cotel_resource_unref(how.resource);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_memory_a_rendering_fails_and_the_next_does_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
