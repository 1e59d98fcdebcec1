/* SPDX-License-Identifier: Apache-2.0 */
/* Deciding by a strategy, at times and with trace ids that the test makes. */
#include "rules_support.h"

#include <stdio.h>
#include <stdlib.h>

static const char by_operation[] =
    "{\"operationSampling\":{\"defaultSamplingProbability\":0,"
    "\"defaultLowerBoundTracesPerSecond\":0.1,\"perOperationStrategies\":["
    "{\"operation\":\"all\",\"probabilisticSampling\":{\"samplingRate\":1}},"
    "{\"operation\":\"half\",\"probabilisticSampling\":{\"samplingRate\":0.5}},"
    "{\"operation\":\"none\",\"probabilisticSampling\":{\"samplingRate\":0}}]}}";

static void assert_attributes(const cotel_sampling_result *result, const char *type,
                              double parameter)
{
    assert_int_equal(result->attribute_count, 2);
    assert_memory_equal(result->attributes[0].key.data, "jaeger.sampler.type", 19);
    assert_string_equal(result->attributes[0].value.as.string.data, type);
    assert_memory_equal(result->attributes[1].key.data, "jaeger.sampler.param", 20);
    double given = result->attributes[1].value.as.floating;
    assert_true(given >= parameter && given <= parameter);
}

static void a_share_decides_as_trace_id_ratio_does(void **state)
{
    static const double ratios[] = {0, 0.001, 0.1, 0.3, 0.5, 0.999, 1};
    uint64_t random = 88172645463325252;
    for (size_t i = 0; i < sizeof ratios / sizeof *ratios; i++) {
        char json[96];
        snprintf(json, sizeof json, "{\"probabilisticSampling\":{\"samplingRate\":%g}}", ratios[i]);
        struct ct_jaeger_rules *rules = rules_of(json, 10);
        cotel_sampler *sampler;
        assert_int_equal(cotel_sampler_trace_id_ratio_create(ratios[i], &sampler), 0);
        struct ct_jaeger_rules *peer = ct_jaeger_rules_of_sampler(sampler);
        for (int j = 0; j < 2000; j++) {
            cotel_trace_id id = lowest_id;
            random ^= random << 13;
            random ^= random >> 7;
            random ^= random << 17;
            memcpy(id.bytes + 8, &random, sizeof random);
            assert_int_equal(takes(rules, "a", &id, 0), takes(peer, "a", &id, 0));
        }
        ct_jaeger_rules_destroy(peer);
        ct_jaeger_rules_destroy(rules);
        cotel_sampler_destroy(sampler);
    }
}

static void a_share_tells_itself_in_attributes(void **state)
{
    struct ct_jaeger_rules *rules =
        rules_of("{\"probabilisticSampling\":{\"samplingRate\":0.5}}", 10);
    cotel_sampling_result result = ask_rules(rules, "a", &lowest_id, 0);
    assert_attributes(&result, "probabilistic", 0.5);
    result = ask_rules(rules, "a", &highest_id, 0);
    assert_int_equal(result.decision, COTEL_SAMPLING_DROP);
    assert_int_equal(result.attribute_count, 0);
    assert_false(ct_jaeger_rules_have_limits(rules));
    ct_jaeger_rules_destroy(rules);
}

static void attributes_are_left_out_if_they_are_not_wanted(void **state)
{
    static const char json[] = "{\"probabilisticSampling\":{\"samplingRate\":1}}";
    struct ct_jaeger_rules *nothing = ct_jaeger_rules_of_sampler(NULL);
    struct ct_jaeger_strategy strategy;
    assert_null(ct_jaeger_strategy_read(&strategy, json, strlen(json), 1));
    struct ct_jaeger_rules *rules =
        ct_jaeger_rules_of_strategy(&strategy, 1, false, nothing, START);
    ct_jaeger_strategy_fini(&strategy);
    cotel_sampling_result result = ask_rules(rules, "a", &lowest_id, 0);
    assert_int_equal(result.decision, COTEL_SAMPLING_RECORD_AND_SAMPLE);
    assert_int_equal(result.attribute_count, 0);
    ct_jaeger_rules_destroy(rules);
    ct_jaeger_rules_destroy(nothing);
}

static void a_rate_takes_so_many_a_second_whatever_their_names(void **state)
{
    struct ct_jaeger_rules *rules =
        rules_of("{\"rateLimitingSampling\":{\"maxTracesPerSecond\":3}}", 10);
    assert_true(ct_jaeger_rules_have_limits(rules));
    cotel_sampling_result result = ask_rules(rules, "a", &highest_id, START);
    assert_attributes(&result, "ratelimiting", 3);
    assert_true(takes(rules, "b", &highest_id, START));
    assert_true(takes(rules, "c", &highest_id, START));
    assert_false(takes(rules, "d", &lowest_id, START));
    assert_true(takes(rules, "d", &highest_id, START + SECOND / 2));
    ct_jaeger_rules_destroy(rules);
}

static void each_operation_has_its_share(void **state)
{
    struct ct_jaeger_rules *rules = rules_of(by_operation, 10);
    /* The first one comes from the lower bound, which the share's own spend too. */
    assert_true(takes(rules, "none", &highest_id, START));
    for (int i = 0; i < 10; i++) {
        assert_true(takes(rules, "all", &highest_id, START));
        assert_true(takes(rules, "half", &lowest_id, START));
        assert_false(takes(rules, "half", &highest_id, START));
        assert_false(takes(rules, "none", &lowest_id, START));
    }
    ct_jaeger_rules_destroy(rules);
}

static void an_operation_is_sampled_as_often_as_its_lower_bound_says(void **state)
{
    struct ct_jaeger_rules *rules = rules_of(by_operation, 10);
    cotel_sampling_result result = ask_rules(rules, "none", &highest_id, START);
    assert_attributes(&result, "ratelimiting", 0.1);
    unsigned taken = 0;
    for (unsigned s = 1; s <= 100; s++)
        taken += takes(rules, "none", &highest_id, START + s * SECOND);
    assert_int_equal(taken, 10);
    result = ask_rules(rules, "all", &highest_id, START);
    assert_attributes(&result, "probabilistic", 1);
    ct_jaeger_rules_destroy(rules);
}

static void an_unknown_operation_gets_a_lower_bound_of_its_own(void **state)
{
    struct ct_jaeger_rules *rules = rules_of(by_operation, 10);
    assert_true(takes(rules, "new", &highest_id, START));
    assert_false(takes(rules, "new", &lowest_id, START));
    assert_true(takes(rules, "newer", &highest_id, START));
    assert_true(takes(rules, "", &highest_id, START));
    assert_true(takes(rules, "new", &highest_id, START + 10 * SECOND));
    ct_jaeger_rules_destroy(rules);
}

static void beyond_the_most_operations_the_default_share_decides(void **state)
{
    struct ct_jaeger_rules *rules = rules_of(by_operation, 5);
    assert_false(ct_jaeger_rules_are_crowded(rules));
    assert_true(takes(rules, "fourth", &highest_id, START));
    assert_false(ct_jaeger_rules_are_crowded(rules));
    assert_true(takes(rules, "fifth", &highest_id, START));
    assert_true(ct_jaeger_rules_are_crowded(rules));
    assert_false(takes(rules, "sixth", &highest_id, START));
    assert_true(takes(rules, "none", &highest_id, START)); /* known from the start */
    ct_jaeger_rules_destroy(rules);
}

static void a_long_name_is_not_learned(void **state)
{
    char name[CT_JAEGER_LEARNED_NAME_BYTES + 2];
    memset(name, 'x', sizeof name);
    name[sizeof name - 1] = '\0';
    struct ct_jaeger_rules *rules = rules_of(by_operation, 10);
    assert_false(takes(rules, name, &highest_id, START));
    name[CT_JAEGER_LEARNED_NAME_BYTES] = '\0';
    assert_true(takes(rules, name, &highest_id, START));
    ct_jaeger_rules_destroy(rules);
}

static void of_two_operations_with_one_name_the_last_counts(void **state)
{
    struct ct_jaeger_rules *rules =
        rules_of("{\"operationSampling\":{\"perOperationStrategies\":["
                 "{\"operation\":\"a\",\"probabilisticSampling\":{\"samplingRate\":0}},"
                 "{\"operation\":\"a\",\"probabilisticSampling\":{\"samplingRate\":1}}]}}",
                 2);
    assert_true(takes(rules, "a", &highest_id, START));
    ct_jaeger_rules_destroy(rules);
}

static void new_rules_know_what_was_spent(void **state)
{
    struct ct_jaeger_rules *before = rules_of(by_operation, 10);
    assert_true(takes(before, "none", &highest_id, START));
    assert_true(takes(before, "learned", &highest_id, START));
    struct ct_jaeger_rules *rules = rules_after(before, by_operation, 10, START + SECOND);
    ct_jaeger_rules_destroy(before);
    assert_false(takes(rules, "none", &highest_id, START + SECOND));
    assert_false(takes(rules, "learned", &highest_id, START + SECOND));
    assert_true(takes(rules, "none", &highest_id, START + 10 * SECOND));
    assert_true(takes(rules, "learned", &highest_id, START + 10 * SECOND));
    ct_jaeger_rules_destroy(rules);

    static const char limit[] = "{\"rateLimitingSampling\":{\"maxTracesPerSecond\":1}}";
    before = rules_of(limit, 10);
    assert_true(takes(before, "a", &highest_id, START));
    rules = rules_after(before, limit, 10, START);
    assert_false(takes(rules, "a", &highest_id, START));
    ct_jaeger_rules_destroy(rules);
    ct_jaeger_rules_destroy(before);
}

static void new_rules_forget_names_that_were_not_used_for_long(void **state)
{
    struct ct_jaeger_rules *before = rules_of(by_operation, 4);
    assert_true(takes(before, "gone", &highest_id, START));
    assert_true(ct_jaeger_rules_are_crowded(before));
    struct ct_jaeger_rules *rules = rules_after(before, by_operation, 4, START + 9 * SECOND);
    assert_true(ct_jaeger_rules_are_crowded(rules));
    ct_jaeger_rules_destroy(rules);
    rules = rules_after(before, by_operation, 4, START + 10 * SECOND);
    assert_false(ct_jaeger_rules_are_crowded(rules));
    ct_jaeger_rules_destroy(rules);
    ct_jaeger_rules_destroy(before);
}

static void without_a_lower_bound_nothing_is_learned(void **state)
{
    struct ct_jaeger_rules *rules =
        rules_of("{\"operationSampling\":{\"defaultSamplingProbability\":0.5}}", 1);
    assert_true(takes(rules, "a", &lowest_id, START));
    assert_false(takes(rules, "a", &highest_id, START));
    assert_false(ct_jaeger_rules_are_crowded(rules));
    ct_jaeger_rules_destroy(rules);
}

static void as_many_operations_as_are_allowed_are_all_told_apart(void **state)
{
    enum { MANY = 2000, NAME_SIZE = 96 };
    size_t room = MANY * NAME_SIZE + 128;
    char *json = malloc(room);
    assert_non_null(json);
    size_t used =
        (size_t)snprintf(json, room, "{\"operationSampling\":{\"perOperationStrategies\":[");
    for (int i = 0; i < MANY; i++)
        used += (size_t)snprintf(json + used, room - used,
                                 "%s{\"operation\":\"op %d\",\"probabilisticSampling\":"
                                 "{\"samplingRate\":%d}}",
                                 i > 0 ? "," : "", i, i % 2);
    snprintf(json + used, room - used, "]}}");
    struct ct_jaeger_rules *rules = rules_of(json, MANY);
    free(json);
    for (int i = 0; i < MANY; i++) {
        char name[16];
        snprintf(name, sizeof name, "op %d", i);
        assert_int_equal(takes(rules, name, &highest_id, START), i % 2);
    }
    assert_true(ct_jaeger_rules_are_crowded(rules));
    ct_jaeger_rules_destroy(rules);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_share_decides_as_trace_id_ratio_does),
        cmocka_unit_test(a_share_tells_itself_in_attributes),
        cmocka_unit_test(attributes_are_left_out_if_they_are_not_wanted),
        cmocka_unit_test(a_rate_takes_so_many_a_second_whatever_their_names),
        cmocka_unit_test(each_operation_has_its_share),
        cmocka_unit_test(an_operation_is_sampled_as_often_as_its_lower_bound_says),
        cmocka_unit_test(an_unknown_operation_gets_a_lower_bound_of_its_own),
        cmocka_unit_test(beyond_the_most_operations_the_default_share_decides),
        cmocka_unit_test(a_long_name_is_not_learned),
        cmocka_unit_test(of_two_operations_with_one_name_the_last_counts),
        cmocka_unit_test(new_rules_know_what_was_spent),
        cmocka_unit_test(new_rules_forget_names_that_were_not_used_for_long),
        cmocka_unit_test(without_a_lower_bound_nothing_is_learned),
        cmocka_unit_test(as_many_operations_as_are_allowed_are_all_told_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
