/* SPDX-License-Identifier: Apache-2.0 */
/* trace/sdk.md "ComposableRuleBased", with the conditions of opentelemetry-configuration's
 * `rule_based`. */
#include "ask_sampler.h"

#define ANY (&(struct question){.kind = COTEL_SPAN_KIND_INTERNAL})

static cotel_sampler *rule_based(const cotel_sampling_rule *rules, size_t count)
{
    cotel_composable_sampler *root = NULL;
    cotel_sampler *sampler = NULL;
    assert_int_equal(cotel_composable_rule_based_create(rules, count, &root), COTEL_STATUS_OK);
    assert_int_equal(cotel_sampler_composite_create(root, &sampler), COTEL_STATUS_OK);
    return sampler;
}

/* A rule that takes what it matches, where nothing else is taken. */
static bool takes(cotel_sampling_rule rule, const struct question *question)
{
    rule.size = sizeof rule;
    rule.sampler = cotel_composable_always_on();
    cotel_sampler *sampler = rule_based(&rule, 1);
    bool sampled = is_sampled(sampler, question);
    cotel_sampler_destroy(sampler);
    return sampled;
}

static bool takes_attribute(cotel_sampling_rule rule, cotel_attribute attribute)
{
    return takes(rule, &(struct question){.attributes = &attribute, .attribute_count = 1});
}

static cotel_sampling_rule value_rule(const char *key, const char *const *values, size_t count)
{
    return (cotel_sampling_rule){.attribute_values = {key, values, count}};
}

static void the_first_rule_that_matches_decides(void **state)
{
    cotel_composable_sampler *half = NULL;
    assert_int_equal(cotel_composable_probability_create(0.5, &half), COTEL_STATUS_OK);
    const cotel_sampling_rule rules[] = {
        {.size = sizeof *rules,
         .sampler = cotel_composable_always_off(),
         .span_kinds = COTEL_RULE_SPAN_KIND(COTEL_SPAN_KIND_SERVER)},
        {.size = sizeof *rules, .sampler = half},
        {.size = sizeof *rules, .sampler = cotel_composable_always_on()},
    };
    cotel_sampler *sampler = rule_based(rules, COUNT_OF(rules));
    assert_false(is_sampled(sampler, &(struct question){.kind = COTEL_SPAN_KIND_SERVER}));
    assert_string_equal(ask(sampler, ANY).tracestate, "ot=th:8");
    assert_string_equal(describe(sampler), "CompositeSampler{ComposableRuleBased{["
                                           "ComposableAlwaysOff,ComposableProbability{0.5},"
                                           "ComposableAlwaysOn]}}");
    cotel_sampler_destroy(sampler);
}

static void where_no_rule_matches_the_span_is_dropped(void **state)
{
    cotel_sampler *without_rules = rule_based(NULL, 0);
    assert_false(is_sampled(without_rules, ANY));
    cotel_sampler_destroy(without_rules);
    assert_false(takes(
        (cotel_sampling_rule){.span_kinds = COTEL_RULE_SPAN_KIND(COTEL_SPAN_KIND_CLIENT)}, ANY));
}

static void a_rule_without_conditions_is_for_every_span(void **state)
{
    assert_true(takes((cotel_sampling_rule){.span_kinds = 0}, ANY));
}

static void a_rule_may_ask_for_the_span_kind(void **state)
{
    const cotel_sampling_rule rule = {.span_kinds = COTEL_RULE_SPAN_KIND(COTEL_SPAN_KIND_CLIENT) |
                                                    COTEL_RULE_SPAN_KIND(COTEL_SPAN_KIND_PRODUCER)};
    assert_true(takes(rule, &(struct question){.kind = COTEL_SPAN_KIND_CLIENT}));
    assert_true(takes(rule, &(struct question){.kind = COTEL_SPAN_KIND_PRODUCER}));
    assert_false(takes(rule, &(struct question){.kind = COTEL_SPAN_KIND_SERVER}));
    assert_false(takes(rule, &(struct question){.kind = (cotel_span_kind)33}));
}

static void a_rule_may_ask_for_the_parent(void **state)
{
    const struct {
        struct question question;
        uint32_t parent;
    } rows[] = {
        {{.has_parent = false}, COTEL_RULE_PARENT_NONE},
        {{.has_parent = true, .is_remote = true, .flags = 1}, COTEL_RULE_PARENT_REMOTE},
        {{.has_parent = true, .is_remote = true}, COTEL_RULE_PARENT_REMOTE},
        {{.has_parent = true, .flags = 1}, COTEL_RULE_PARENT_LOCAL},
        {{.has_parent = true}, COTEL_RULE_PARENT_LOCAL},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        for (uint32_t parents = 1; parents < 8; parents++) {
            bool taken = takes((cotel_sampling_rule){.parents = parents}, &rows[i].question);
            assert_int_equal(taken, (parents & rows[i].parent) != 0);
        }
    }
}

static void a_rule_may_ask_for_the_value_of_an_attribute(void **state)
{
    static const char *const routes[] = {"/healthz", "/livez"};
    const cotel_sampling_rule rule = value_rule("http.route", routes, 2);
    assert_true(takes_attribute(rule, cotel_attribute_string("http.route", "/healthz")));
    assert_true(takes_attribute(rule, cotel_attribute_string("http.route", "/livez")));
    assert_false(takes_attribute(rule, cotel_attribute_string("http.route", "/HEALTHZ")));
    assert_false(takes_attribute(rule, cotel_attribute_string("http.route", "/health")));
    assert_false(takes_attribute(rule, cotel_attribute_string("http.path", "/healthz")));
    assert_false(takes(rule, ANY));
}

static void what_is_no_text_is_compared_by_its_text(void **state)
{
    const bool bools[] = {false, true};
    const int64_t ints[] = {200, -404};
    const double doubles[] = {0.25, 1e300};
    const cotel_str strings[] = {{"a", 1}, {"b", 1}};
    const cotel_value mixed[] = {cotel_value_map(NULL, 0), cotel_value_int(7)};
    const struct {
        cotel_value value;
        const char *text;
        bool matches;
    } rows[] = {
        {cotel_value_int(404), "404", true},
        {cotel_value_int(INT64_MIN), "-9223372036854775808", true},
        {cotel_value_bool(true), "true", true},
        {cotel_value_bool(false), "true", false},
        {cotel_value_double(0.5), "0.5", true},
        {cotel_value_double(__builtin_nan("")), "NaN", true},
        {cotel_value_empty(), "", true},
        {cotel_value_string_array(strings, 2), "b", true},
        {cotel_value_string_array(strings, 2), "c", false},
        {cotel_value_string_array(NULL, 2), "a", false},
        {cotel_value_bool_array(bools, 2), "true", true},
        {cotel_value_int_array(ints, 2), "-404", true},
        {cotel_value_double_array(doubles, 2), "1e+300", true},
        {cotel_value_array(mixed, 2), "7", true},
        {cotel_value_array(mixed, 2), "8", false},
        {cotel_value_bytes("x", 1), "x", false},
        {cotel_value_map(NULL, 0), "{}", false},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        bool taken = takes_attribute(value_rule("k", &rows[i].text, 1),
                                     cotel_attribute_of("k", rows[i].value));
        assert_int_equal(taken, rows[i].matches);
    }
}

static void of_equal_keys_the_last_value_is_looked_at(void **state)
{
    static const char *const values[] = {"2"};
    const cotel_attribute attributes[] = {cotel_attribute_int("k", 1), cotel_attribute_int("k", 2),
                                          cotel_attribute_int("other", 1)};
    struct question question = {.attributes = attributes, .attribute_count = 3};
    assert_true(takes(value_rule("k", values, 1), &question));
    question.attribute_count = 1;
    assert_false(takes(value_rule("k", values, 1), &question));
}

static void a_rule_may_ask_for_patterns_of_an_attribute(void **state)
{
    static const char *const included[] = {"/internal/*", "/v?/status"};
    static const char *const excluded[] = {"/internal/special/*"};
    const cotel_sampling_rule rule = {
        .attribute_patterns = {"http.path", included, 2, excluded, 1}};
    static const struct {
        const char *path;
        bool matches;
    } rows[] = {{"/internal/", true},           {"/internal/a", true},
                {"/internal/special/a", false}, {"/internal/special", true},
                {"/v1/status", true},           {"/v12/status", false},
                {"/external/internal/", false}, {"/Internal/a", false}};
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        assert_int_equal(takes_attribute(rule, cotel_attribute_string("http.path", rows[i].path)),
                         rows[i].matches);
    assert_false(takes(rule, ANY));
}

static void patterns_match_numbers_by_their_text_and_arrays_by_an_item(void **state)
{
    static const char *const client_error[] = {"4??"};
    const int64_t codes[] = {200, 404};
    const cotel_sampling_rule rule = {.attribute_patterns = {"code", client_error, 1, NULL, 0}};
    assert_true(takes_attribute(rule, cotel_attribute_int("code", 404)));
    assert_false(takes_attribute(rule, cotel_attribute_int("code", 504)));
    assert_true(takes_attribute(rule, cotel_attribute_of("code", cotel_value_int_array(codes, 2))));
}

static void without_included_patterns_all_values_are_but_the_excluded(void **state)
{
    static const char *const excluded[] = {"debug*"};
    const cotel_sampling_rule rule = {.attribute_patterns = {"mode", NULL, 0, excluded, 1}};
    assert_true(takes_attribute(rule, cotel_attribute_string("mode", "live")));
    assert_false(takes_attribute(rule, cotel_attribute_string("mode", "debugging")));
}

static bool is_named(void *user, const cotel_composable_parameters *parameters)
{
    return text_is(parameters->name, user);
}

static unsigned users_destroyed;

static void destroy_user(void *user)
{
    users_destroyed++;
}

static void a_rule_may_have_a_predicate_of_the_users(void **state)
{
    char name[] = "span", other[] = "other";
    cotel_sampling_rule rule = {.predicate = is_named, .user = name, .destroy_user = destroy_user};
    users_destroyed = 0;
    assert_true(takes(rule, ANY));
    assert_int_equal(users_destroyed, 1);
    rule.user = other;
    assert_false(takes(rule, ANY));
}

static void all_conditions_of_a_rule_must_hold(void **state)
{
    static const char *const values[] = {"1"};
    char name[] = "span";
    const cotel_attribute attributes[] = {cotel_attribute_int("a", 1), cotel_attribute_int("b", 1)};
    const struct question question = {
        .kind = COTEL_SPAN_KIND_INTERNAL, .attributes = attributes, .attribute_count = 2};
    const cotel_sampling_rule whole = {
        .attribute_values = {"a", values, 1},
        .attribute_patterns = {"b", values, 1, NULL, 0},
        .span_kinds = COTEL_RULE_SPAN_KIND(COTEL_SPAN_KIND_INTERNAL),
        .parents = COTEL_RULE_PARENT_NONE,
        .predicate = is_named,
        .user = name,
    };
    assert_true(takes(whole, &question));
    char other[] = "other";
    cotel_sampling_rule one_off[] = {whole, whole, whole, whole, whole};
    one_off[0].attribute_values.key = "c";
    one_off[1].attribute_patterns.key = "c";
    one_off[2].span_kinds = COTEL_RULE_SPAN_KIND(COTEL_SPAN_KIND_SERVER);
    one_off[3].parents = COTEL_RULE_PARENT_LOCAL;
    one_off[4].user = other;
    for (size_t i = 0; i < COUNT_OF(one_off); i++)
        assert_false(takes(one_off[i], &question));
}

static void rules_are_copied(void **state)
{
    char key[] = "k", text[] = "v";
    const char *values[] = {text};
    cotel_sampling_rule rule = value_rule(key, values, 1);
    rule.size = sizeof rule;
    rule.sampler = cotel_composable_always_on();
    cotel_sampler *sampler = rule_based(&rule, 1);
    key[0] = text[0] = 'x';
    values[0] = NULL;
    memset(&rule, 0, sizeof rule);
    const cotel_attribute attribute = cotel_attribute_string("k", "v");
    assert_true(
        is_sampled(sampler, &(struct question){.attributes = &attribute, .attribute_count = 1}));
    cotel_sampler_destroy(sampler);
}

static void a_rule_that_is_none_is_refused_and_nothing_taken_over(void **state)
{
    static const char *const hole[] = {"a", NULL};
    cotel_composable_sampler *out = NULL, *tenth = NULL;
    assert_int_equal(cotel_composable_probability_create(0.1, &tenth), COTEL_STATUS_OK);
    const cotel_sampling_rule good = {.size = sizeof good, .sampler = tenth};
    cotel_sampling_rule rules[][2] = {
        {good, good}, {good, good}, {good, good}, {good, good}, {good, good}};
    rules[1][1].sampler = NULL;
    rules[2][1].size = 0;
    rules[3][0].size = 0;
    rules[4][1].attribute_values = (cotel_rule_attribute_values){"k", hole, 2};
    for (size_t i = 0; i < COUNT_OF(rules); i++) {
        if (i > 1)
            rules[i][1].sampler = cotel_composable_always_on();
        assert_int_equal(cotel_composable_rule_based_create(rules[i], 2, &out),
                         COTEL_STATUS_INVALID_ARGUMENT);
    }
    assert_null(out);
    cotel_composable_sampler_destroy(tenth);
}

static void rules_of_an_older_header_have_no_newer_conditions(void **state)
{
    const size_t old_size = offsetof(cotel_sampling_rule, span_kinds);
    _Alignas(cotel_sampling_rule) unsigned char array[2 * sizeof(cotel_sampling_rule)];
    memset(array, 0xff, sizeof array);
    for (size_t i = 0; i < 2; i++) {
        cotel_sampling_rule rule = {.size = old_size,
                                    .sampler = i == 0 ? cotel_composable_always_off()
                                                      : cotel_composable_always_on()};
        rule.attribute_values.key = i == 0 ? "absent" : NULL;
        memcpy(array + i * old_size, &rule, old_size);
    }
    cotel_sampler *sampler = rule_based((const cotel_sampling_rule *)(const void *)array, 2);
    assert_true(is_sampled(sampler, ANY));
    cotel_sampler_destroy(sampler);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_rule_that_matches_decides),
        cmocka_unit_test(where_no_rule_matches_the_span_is_dropped),
        cmocka_unit_test(a_rule_without_conditions_is_for_every_span),
        cmocka_unit_test(a_rule_may_ask_for_the_span_kind),
        cmocka_unit_test(a_rule_may_ask_for_the_parent),
        cmocka_unit_test(a_rule_may_ask_for_the_value_of_an_attribute),
        cmocka_unit_test(what_is_no_text_is_compared_by_its_text),
        cmocka_unit_test(of_equal_keys_the_last_value_is_looked_at),
        cmocka_unit_test(a_rule_may_ask_for_patterns_of_an_attribute),
        cmocka_unit_test(patterns_match_numbers_by_their_text_and_arrays_by_an_item),
        cmocka_unit_test(without_included_patterns_all_values_are_but_the_excluded),
        cmocka_unit_test(a_rule_may_have_a_predicate_of_the_users),
        cmocka_unit_test(all_conditions_of_a_rule_must_hold),
        cmocka_unit_test(rules_are_copied),
        cmocka_unit_test(a_rule_that_is_none_is_refused_and_nothing_taken_over),
        cmocka_unit_test(rules_of_an_older_header_have_no_newer_conditions),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
