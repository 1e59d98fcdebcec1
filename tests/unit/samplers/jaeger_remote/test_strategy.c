/* SPDX-License-Identifier: Apache-2.0 */
/* Reading answers, in the forms in which Jaeger and the Collector give them. */
#include "samplers/jaeger_remote/strategy.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <stdio.h>

enum { MOST = 4 };

static struct ct_jaeger_strategy read_good(const char *json)
{
    struct ct_jaeger_strategy strategy;
    const char *wrong = ct_jaeger_strategy_read(&strategy, json, strlen(json), MOST);
    if (wrong != NULL)
        fail_msg("%s: %s", json, wrong);
    return strategy;
}

static void must_be_refused(const char *json)
{
    struct ct_jaeger_strategy strategy;
    const char *wrong = ct_jaeger_strategy_read(&strategy, json, strlen(json), MOST);
    if (wrong == NULL)
        fail_msg("taken: %s", json);
    assert_null(strategy.document);
    assert_null(strategy.operations);
}

static void assert_ratio(const char *json, double ratio)
{
    struct ct_jaeger_strategy strategy = read_good(json);
    assert_int_equal(strategy.kind, CT_JAEGER_PROBABILISTIC);
    assert_true(strategy.ratio >= ratio && strategy.ratio <= ratio);
    ct_jaeger_strategy_fini(&strategy);
}

static void assert_limit(const char *json, double per_second)
{
    struct ct_jaeger_strategy strategy = read_good(json);
    assert_int_equal(strategy.kind, CT_JAEGER_RATE_LIMITING);
    assert_true(strategy.per_second >= per_second && strategy.per_second <= per_second);
    ct_jaeger_strategy_fini(&strategy);
}

static void a_share_is_read_with_the_type_as_word_and_as_number(void **state)
{
    assert_ratio("{\"strategyType\":\"PROBABILISTIC\",\"probabilisticSampling\":"
                 "{\"samplingRate\":0.25}}\n",
                 0.25);
    assert_ratio("{\"strategyType\":0,\"probabilisticSampling\":{\"samplingRate\":0.001}}", 0.001);
    assert_ratio("{\"probabilisticSampling\":{\"samplingRate\":1}}", 1);
    assert_ratio("{\"probabilisticSampling\":{\"samplingRate\":1e-3},\"rateLimitingSampling\":null,"
                 "\"operationSampling\":null}",
                 0.001);
}

static void a_rate_is_read_with_the_type_as_word_and_as_number(void **state)
{
    assert_limit("{\"strategyType\":\"RATE_LIMITING\",\"rateLimitingSampling\":"
                 "{\"maxTracesPerSecond\":2}}",
                 2);
    assert_limit("{\"strategyType\":1,\"rateLimitingSampling\":{\"maxTracesPerSecond\":100}}", 100);
    assert_limit("{\"rateLimitingSampling\":{\"maxTracesPerSecond\":2147483647}}", INT32_MAX);
}

static void a_number_that_is_not_there_is_zero(void **state)
{
    assert_ratio("{\"strategyType\":\"PROBABILISTIC\",\"probabilisticSampling\":{}}", 0);
    assert_ratio("{\"probabilisticSampling\":{\"samplingRate\":null}}", 0);
    assert_limit("{\"rateLimitingSampling\":{}}", 0);
}

static void of_two_strategies_the_type_chooses(void **state)
{
    static const char both[] = "{\"strategyType\":%s,\"probabilisticSampling\":{\"samplingRate\":"
                               "0.5},\"rateLimitingSampling\":{\"maxTracesPerSecond\":3}}";
    char json[256];
    snprintf(json, sizeof json, both, "\"RATE_LIMITING\"");
    assert_limit(json, 3);
    snprintf(json, sizeof json, both, "0");
    assert_ratio(json, 0.5);
}

static void operations_go_before_everything_else(void **state)
{
    struct ct_jaeger_strategy strategy = read_good(
        "{\"strategyType\":\"PROBABILISTIC\",\"probabilisticSampling\":{\"samplingRate\":0.9},"
        "\"operationSampling\":{\"defaultSamplingProbability\":0.125,"
        "\"defaultLowerBoundTracesPerSecond\":0.0016,\"defaultUpperBoundTracesPerSecond\":0,"
        "\"perOperationStrategies\":["
        "{\"operation\":\"GET /\",\"probabilisticSampling\":{\"samplingRate\":0.5}},"
        "{\"operation\":\"\\u00fc\",\"probabilisticSampling\":{\"samplingRate\":0}}]}}");
    assert_int_equal(strategy.kind, CT_JAEGER_PER_OPERATION);
    assert_true(strategy.ratio > 0.124 && strategy.ratio < 0.126);
    assert_true(strategy.per_second > 0.0015 && strategy.per_second < 0.0017);
    assert_int_equal(strategy.operation_count, 2);
    assert_int_equal(strategy.left_out, 0);
    assert_int_equal(strategy.operations[0].name_size, 5);
    assert_memory_equal(strategy.operations[0].name, "GET /", 5);
    assert_true(strategy.operations[0].ratio > 0.49 && strategy.operations[0].ratio < 0.51);
    assert_memory_equal(strategy.operations[1].name, "\xc3\xbc", 2);
    ct_jaeger_strategy_fini(&strategy);
}

static void no_operations_are_operations_too(void **state)
{
    struct ct_jaeger_strategy strategy = read_good(
        "{\"operationSampling\":{\"defaultSamplingProbability\":0.5,\"perOperationStrategies\":"
        "null}}");
    assert_int_equal(strategy.kind, CT_JAEGER_PER_OPERATION);
    assert_int_equal(strategy.operation_count, 0);
    ct_jaeger_strategy_fini(&strategy);
}

static void operations_beyond_the_most_are_left_out_and_counted(void **state)
{
    char json[2048] = "{\"operationSampling\":{\"perOperationStrategies\":[";
    for (int i = 0; i < MOST + 2; i++) {
        size_t used = strlen(json);
        snprintf(json + used, sizeof json - used,
                 "%s{\"operation\":\"%d\",\"probabilisticSampling\":{\"samplingRate\":1}}",
                 i > 0 ? "," : "", i);
        struct ct_jaeger_strategy strategy;
        used = strlen(json);
        snprintf(json + used, sizeof json - used, "]}}");
        strategy = read_good(json);
        json[used] = '\0';
        assert_int_equal(strategy.operation_count, i < MOST ? i + 1 : MOST);
        assert_int_equal(strategy.left_out, i < MOST ? 0 : i + 1 - MOST);
        ct_jaeger_strategy_fini(&strategy);
    }
}

static void what_is_not_known_is_passed_over(void **state)
{
    assert_ratio("{\"new\":[1,{}],\"probabilisticSampling\":{\"samplingRate\":0.5,\"more\":true}}",
                 0.5);
}

static void what_is_no_strategy_is_refused(void **state)
{
    static const char *const wrong[] = {
        "",
        "no",
        "null",
        "[]",
        "7",
        "\"PROBABILISTIC\"",
        "{}",
        "{\"strategyType\":\"PROBABILISTIC\"}",
        "{\"probabilisticSampling\":null}",
        "{\"probabilisticSampling\":{\"samplingRate\":0.5}",
        "{\"probabilisticSampling\":{\"samplingRate\":0.5}} more",
        "{\"strategyType\":2,\"probabilisticSampling\":{\"samplingRate\":0.5}}",
        "{\"strategyType\":-1,\"probabilisticSampling\":{\"samplingRate\":0.5}}",
        "{\"strategyType\":0.0,\"probabilisticSampling\":{\"samplingRate\":0.5}}",
        "{\"strategyType\":\"probabilistic\",\"probabilisticSampling\":{\"samplingRate\":0.5}}",
        "{\"strategyType\":{},\"probabilisticSampling\":{\"samplingRate\":0.5}}",
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        must_be_refused(wrong[i]);
}

static void wrong_types_and_ranges_are_refused(void **state)
{
    static const char *const wrong[] = {
        "{\"probabilisticSampling\":0.5}",
        "{\"probabilisticSampling\":[0.5]}",
        "{\"probabilisticSampling\":{\"samplingRate\":\"0.5\"}}",
        "{\"probabilisticSampling\":{\"samplingRate\":true}}",
        "{\"probabilisticSampling\":{\"samplingRate\":1.0000001}}",
        "{\"probabilisticSampling\":{\"samplingRate\":-0.1}}",
        "{\"probabilisticSampling\":{\"samplingRate\":1e999}}",
        "{\"probabilisticSampling\":{\"samplingRate\":NaN}}",
        "{\"rateLimitingSampling\":{\"maxTracesPerSecond\":-1}}",
        "{\"rateLimitingSampling\":{\"maxTracesPerSecond\":2147483648}}",
        "{\"rateLimitingSampling\":{\"maxTracesPerSecond\":[]}}",
        "{\"probabilisticSampling\":{\"samplingRate\":0.5},\"rateLimitingSampling\":7}",
        "{\"operationSampling\":{\"defaultSamplingProbability\":2}}",
        "{\"operationSampling\":{\"defaultLowerBoundTracesPerSecond\":-1}}",
        "{\"operationSampling\":{\"perOperationStrategies\":{}}}",
        "{\"operationSampling\":{\"perOperationStrategies\":[7]}}",
        "{\"operationSampling\":{\"perOperationStrategies\":[{\"operation\":\"a\"}]}}",
        "{\"operationSampling\":{\"perOperationStrategies\":[{\"probabilisticSampling\":{}}]}}",
        "{\"operationSampling\":{\"perOperationStrategies\":[{\"operation\":7,"
        "\"probabilisticSampling\":{\"samplingRate\":1}}]}}",
        "{\"operationSampling\":{\"perOperationStrategies\":[{\"operation\":\"a\","
        "\"probabilisticSampling\":{\"samplingRate\":1.5}}]}}",
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        must_be_refused(wrong[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_share_is_read_with_the_type_as_word_and_as_number),
        cmocka_unit_test(a_rate_is_read_with_the_type_as_word_and_as_number),
        cmocka_unit_test(a_number_that_is_not_there_is_zero),
        cmocka_unit_test(of_two_strategies_the_type_chooses),
        cmocka_unit_test(operations_go_before_everything_else),
        cmocka_unit_test(no_operations_are_operations_too),
        cmocka_unit_test(operations_beyond_the_most_are_left_out_and_counted),
        cmocka_unit_test(what_is_not_known_is_passed_over),
        cmocka_unit_test(what_is_no_strategy_is_refused),
        cmocka_unit_test(wrong_types_and_ranges_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
