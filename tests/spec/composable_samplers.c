/* SPDX-License-Identifier: Apache-2.0 */
/* trace/sdk.md "CompositeSampler" and "Built-in ComposableSamplers". */
#include "ask_sampler.h"

static cotel_sampler *composite(cotel_composable_sampler *root)
{
    cotel_sampler *sampler = NULL;
    assert_int_equal(cotel_sampler_composite_create(root, &sampler), COTEL_STATUS_OK);
    return sampler;
}

static cotel_composable_sampler *share(double ratio)
{
    cotel_composable_sampler *sampler = NULL;
    assert_int_equal(cotel_composable_probability_create(ratio, &sampler), COTEL_STATUS_OK);
    return sampler;
}

static cotel_composable_sampler *follow(cotel_composable_sampler *root)
{
    cotel_composable_sampler *sampler = NULL;
    assert_int_equal(cotel_composable_parent_threshold_create(root, &sampler), COTEL_STATUS_OK);
    return sampler;
}

static cotel_composable_sampler *annotate(const cotel_attribute *attributes, size_t count,
                                          cotel_composable_sampler *delegate)
{
    cotel_composable_sampler *sampler = NULL;
    assert_int_equal(cotel_composable_annotating_create(attributes, count, delegate, &sampler),
                     COTEL_STATUS_OK);
    return sampler;
}

/* ---- a composable sampler of the user's ---- */

struct custom {
    cotel_composable_sampler base;
    uint64_t threshold;
    bool reliable;
    const char *tracestate; /* what it makes of any; NULL: it provides none */
    cotel_sampling_decision decision_seen;
    unsigned attribute_calls;
    cotel_composable_parameters asked;
    int destroyed;
};

static size_t custom_attributes(void *user, const cotel_composable_parameters *parameters,
                                cotel_attribute *out, size_t room)
{
    struct custom *custom = user;
    custom->attribute_calls++;
    assert_int_equal(room, COTEL_SAMPLING_ROOM);
    out[0] = cotel_attribute_int("custom", 1);
    return 1;
}

static cotel_tracestate *custom_tracestate(void *user, const cotel_tracestate *state,
                                           cotel_sampling_decision decision)
{
    struct custom *custom = user;
    custom->decision_seen = decision;
    return cotel_tracestate_parse(custom->tracestate, strlen(custom->tracestate));
}

static void custom_intent(cotel_composable_sampler *self,
                          const cotel_composable_parameters *parameters,
                          cotel_sampling_intent *intent)
{
    struct custom *custom = (struct custom *)self;
    assert_true(intent->threshold == COTEL_THRESHOLD_NONE);
    custom->asked = *parameters;
    intent->threshold = custom->threshold;
    intent->adjusted_count_reliable = custom->reliable;
    assert_true(cotel_sampling_intent_add_attributes(intent, custom_attributes, custom));
    if (custom->tracestate)
        assert_true(cotel_sampling_intent_add_tracestate(intent, custom_tracestate, custom));
}

static void custom_destroy(cotel_composable_sampler *self)
{
    ((struct custom *)self)->destroyed++;
}

static const cotel_composable_sampler_ops custom_ops = {
    .size = sizeof custom_ops, .get_intent = custom_intent, .destroy = custom_destroy};

static struct custom a_custom(uint64_t threshold, bool reliable)
{
    return (struct custom){
        .base = {&custom_ops}, .threshold = threshold, .reliable = reliable, .decision_seen = 99};
}

#define HALF (UINT64_C(1) << 55)

/* ---- CompositeSampler ---- */

static void no_threshold_drops_the_span(void **state)
{
    struct custom custom = a_custom(COTEL_THRESHOLD_NONE, true);
    cotel_sampler *sampler = composite(&custom.base);
    struct answer answer = ask(sampler, &(struct question){.tracestate = "a=1,ot=th:8;x:1"});
    assert_int_equal(answer.decision, COTEL_SAMPLING_DROP);
    assert_string_equal(answer.tracestate, "ot=x:1,a=1");
    assert_int_equal(answer.attribute_count, 0);
    assert_int_equal(custom.attribute_calls, 0);
    cotel_sampler_destroy(sampler);
}

static void a_reliable_threshold_is_held_against_the_traces_randomness_and_told(void **state)
{
    struct custom custom = a_custom(HALF, true);
    cotel_sampler *sampler = composite(&custom.base);
    struct answer taken = ask(sampler, &(struct question){.trace_id = TRACE_AT_HALF});
    assert_int_equal(taken.decision, COTEL_SAMPLING_RECORD_AND_SAMPLE);
    assert_string_equal(taken.tracestate, "ot=th:8");
    assert_false(is_sampled(sampler, &(struct question){.trace_id = TRACE_BELOW_HALF}));
    assert_true(is_sampled(sampler, &(struct question){.trace_id = TRACE_BELOW_HALF,
                                                       .tracestate = "ot=rv:80000000000000"}));
    cotel_sampler_destroy(sampler);
}

static void an_unreliable_threshold_is_held_against_a_new_number_and_not_told(void **state)
{
    struct custom custom = a_custom(HALF, false);
    cotel_sampler *sampler = composite(&custom.base);
    struct question question = {.tracestate = "ot=th:8;rv:ffffffffffffff"};
    int taken = 0;
    for (int i = 0; i < 1000; i++) {
        struct answer answer = ask(sampler, &question);
        assert_string_equal(answer.tracestate, "ot=rv:ffffffffffffff");
        taken += answer.decision == COTEL_SAMPLING_RECORD_AND_SAMPLE;
    }
    assert_in_range(taken, 300, 700);
    custom.threshold = COTEL_THRESHOLD_ALL;
    assert_true(is_sampled(sampler, &question));
    cotel_sampler_destroy(sampler);
}

static void attributes_are_provided_for_sampled_spans_only(void **state)
{
    struct custom custom = a_custom(HALF, true);
    cotel_sampler *sampler = composite(&custom.base);
    assert_int_equal(ask(sampler, &(struct question){.trace_id = TRACE_BELOW_HALF}).attribute_count,
                     0);
    assert_int_equal(custom.attribute_calls, 0);
    assert_int_equal(ask(sampler, &(struct question){.trace_id = TRACE_AT_HALF}).attribute_count,
                     1);
    assert_int_equal(custom.attribute_calls, 1);
    cotel_sampler_destroy(sampler);
}

static void a_tracestate_is_provided_after_the_decision(void **state)
{
    struct custom custom = a_custom(HALF, true);
    cotel_sampler *sampler = composite(&custom.base);
    custom.tracestate = "mine=1";
    struct question question = {.trace_id = TRACE_AT_HALF, .tracestate = "old=1"};
    assert_string_equal(ask(sampler, &question).tracestate, "ot=th:8,mine=1");
    assert_int_equal(custom.decision_seen, COTEL_SAMPLING_RECORD_AND_SAMPLE);
    question.trace_id = TRACE_BELOW_HALF;
    assert_string_equal(ask(sampler, &question).tracestate, "mine=1");
    assert_int_equal(custom.decision_seen, COTEL_SAMPLING_DROP);
    cotel_sampler_destroy(sampler);
}

static void composable_samplers_have_no_say_about_the_entry_of_opentelemetry(void **state)
{
    struct custom custom = a_custom(HALF, true);
    cotel_sampler *sampler = composite(&custom.base);
    custom.tracestate = "ot=th:1;rv:00000000000000;y:2";
    struct question question = {.tracestate = "ot=x:1;rv:ffffffffffffff"};
    assert_string_equal(ask(sampler, &question).tracestate, "ot=th:8;x:1;rv:ffffffffffffff");
    custom.tracestate = "";
    assert_string_equal(ask(sampler, &question).tracestate, "ot=th:8;x:1;rv:ffffffffffffff");
    custom.threshold = COTEL_THRESHOLD_NONE;
    custom.tracestate = "ot=th:1";
    assert_string_equal(ask(sampler, &(struct question){.tracestate = "a=1"}).tracestate, "");
    cotel_sampler_destroy(sampler);
}

static void a_composable_sampler_is_asked_with_all_that_is_known_but_the_trace_id(void **state)
{
    struct custom custom = a_custom(COTEL_THRESHOLD_ALL, true);
    cotel_sampler *sampler = composite(&custom.base);
    const cotel_attribute attribute = cotel_attribute_int("n", 1);
    struct question question = {.has_parent = true,
                                .is_remote = true,
                                .flags = COTEL_TRACE_FLAG_SAMPLED,
                                .tracestate = "ot=th:8",
                                .kind = COTEL_SPAN_KIND_SERVER,
                                .attributes = &attribute,
                                .attribute_count = 1};
    (void)ask(sampler, &question);
    assert_int_equal(custom.asked.parent_state, COTEL_PARENT_REMOTE_SAMPLED);
    assert_true(custom.asked.parent_threshold == HALF);
    assert_non_null(custom.asked.tracestate);
    assert_non_null(custom.asked.parent_context);
    assert_int_equal(custom.asked.kind, COTEL_SPAN_KIND_SERVER);
    assert_text(custom.asked.name, "span");
    assert_int_equal(custom.asked.attribute_count, 1);
    question.trace_id = TRACE_BELOW_HALF;
    (void)ask(sampler, &question);
    assert_true(custom.asked.parent_threshold == COTEL_THRESHOLD_NONE); /* it contradicts */
    question.flags = 0;
    (void)ask(sampler, &question);
    assert_true(custom.asked.parent_threshold == HALF);
    assert_int_equal(custom.asked.parent_state, COTEL_PARENT_REMOTE_NOT_SAMPLED);
    (void)ask(sampler, &(struct question){.kind = COTEL_SPAN_KIND_CLIENT});
    assert_int_equal(custom.asked.parent_state, COTEL_PARENT_NONE);
    assert_true(custom.asked.parent_threshold == COTEL_THRESHOLD_NONE);
    assert_null(custom.asked.tracestate);
    cotel_sampler_destroy(sampler);
}

static void a_composite_destroys_its_parts_once(void **state)
{
    struct custom custom = a_custom(COTEL_THRESHOLD_ALL, true);
    cotel_sampler_destroy(composite(annotate(NULL, 0, follow(&custom.base))));
    assert_int_equal(custom.destroyed, 1);
}

static void a_composite_names_its_parts(void **state)
{
    const cotel_attribute attribute = cotel_attribute_int("n", 1);
    cotel_sampler *sampler = composite(annotate(&attribute, 1, follow(share(0.1))));
    assert_string_equal(describe(sampler), "CompositeSampler{ComposableAnnotating{[n],"
                                           "ComposableParentThreshold{root:"
                                           "ComposableProbability{0.1}}}}");
    cotel_sampler_destroy(sampler);
}

/* ---- always on, always off, probability ---- */

static void composable_always_on_takes_every_span_and_tells_0(void **state)
{
    cotel_sampler *sampler = composite(cotel_composable_always_on());
    struct question question = {.trace_id = "00000000000000010000000000000000"};
    assert_string_equal(ask(sampler, &question).tracestate, "ot=th:0");
    assert_true(is_sampled(sampler, &question));
    cotel_sampler_destroy(sampler);
}

static void composable_always_off_takes_none(void **state)
{
    cotel_sampler *sampler = composite(cotel_composable_always_off());
    struct question question = {.has_parent = true, .flags = 3, .tracestate = "ot=th:0"};
    assert_string_equal(ask(sampler, &question).tracestate, "");
    assert_false(is_sampled(sampler, &question));
    cotel_sampler_destroy(sampler);
}

static void a_composable_probability_of_0_is_always_off(void **state)
{
    assert_ptr_equal(share(0), cotel_composable_always_off());
    static const double bad[] = {-0.1, 0x1p-57, 1.5, __builtin_nan("")};
    cotel_composable_sampler *sampler = NULL;
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        assert_int_equal(cotel_composable_probability_create(bad[i], &sampler),
                         COTEL_STATUS_INVALID_ARGUMENT);
    assert_null(sampler);
}

static void a_composable_probability_decides_as_the_sampler_of_that_name_does(void **state)
{
    cotel_sampler *parts = composite(share(0.5)), *whole = NULL;
    assert_int_equal(cotel_sampler_probability_create(0.5, &whole), COTEL_STATUS_OK);
    static const char *const ids[] = {TRACE_AT_HALF, TRACE_BELOW_HALF};
    static const char *const tracestates[] = {NULL, "ot=th:c;p:1,a=1", "ot=rv:80000000000000"};
    for (size_t i = 0; i < COUNT_OF(ids) * COUNT_OF(tracestates); i++) {
        struct question question = {.trace_id = ids[i % 2], .tracestate = tracestates[i / 2]};
        struct answer expected = ask(whole, &question), answer = ask(parts, &question);
        assert_int_equal(answer.decision, expected.decision);
        assert_string_equal(answer.tracestate, expected.tracestate);
    }
    cotel_sampler_destroy(parts);
    cotel_sampler_destroy(whole);
}

/* ---- ParentThreshold ---- */

static void a_span_without_a_parent_is_for_the_root(void **state)
{
    cotel_sampler *sampler = composite(follow(share(0.5)));
    assert_string_equal(ask(sampler, &(struct question){.trace_id = TRACE_AT_HALF}).tracestate,
                        "ot=th:8");
    assert_false(is_sampled(sampler, &(struct question){.trace_id = TRACE_BELOW_HALF}));
    cotel_sampler_destroy(sampler);
}

static void a_parents_threshold_is_followed_and_told(void **state)
{
    cotel_sampler *sampler = composite(follow(cotel_composable_always_off()));
    struct question question = {.has_parent = true, .flags = 3, .tracestate = "ot=th:8"};
    struct answer answer = ask(sampler, &question);
    assert_int_equal(answer.decision, COTEL_SAMPLING_RECORD_AND_SAMPLE);
    assert_false(answer.sets_tracestate);
    question.flags = 0; /* the threshold tells more than the flag */
    assert_true(is_sampled(sampler, &question));
    question.trace_id = TRACE_BELOW_HALF;
    assert_false(is_sampled(sampler, &question));
    cotel_sampler_destroy(sampler);
}

static void without_a_threshold_the_parents_flag_is_followed_and_nothing_told(void **state)
{
    cotel_sampler *sampler = composite(follow(share(0.5)));
    struct question sampled = {
        .trace_id = TRACE_BELOW_HALF, .has_parent = true, .flags = 3, .tracestate = "ot=x:1"};
    struct question dropped = {.has_parent = true, .flags = 2};
    assert_true(is_sampled(sampler, &sampled));
    assert_string_equal(ask(sampler, &sampled).tracestate, "ot=x:1");
    assert_false(is_sampled(sampler, &dropped));
    assert_string_equal(ask(sampler, &dropped).tracestate, "");
    cotel_sampler_destroy(sampler);
}

static void a_parents_threshold_that_contradicts_its_flag_does_not_count(void **state)
{
    cotel_sampler *sampler = composite(follow(cotel_composable_always_off()));
    struct question question = {.trace_id = TRACE_BELOW_HALF,
                                .has_parent = true,
                                .flags = COTEL_TRACE_FLAG_SAMPLED,
                                .tracestate = "ot=th:8;x:1"};
    struct answer answer = ask(sampler, &question);
    assert_int_equal(answer.decision, COTEL_SAMPLING_RECORD_AND_SAMPLE);
    assert_string_equal(answer.tracestate, "ot=x:1");
    cotel_sampler_destroy(sampler);
}

/* ---- Annotating ---- */

static void an_annotating_sampler_adds_attributes_to_sampled_spans(void **state)
{
    const cotel_attribute inner[] = {cotel_attribute_int("both", 1), cotel_attribute_int("in", 2)};
    const cotel_attribute outer[] = {cotel_attribute_int("both", 3)};
    cotel_sampler *sampler = composite(annotate(outer, 1, annotate(inner, 2, share(0.5))));
    struct answer answer = ask(sampler, &(struct question){.trace_id = TRACE_AT_HALF});
    assert_int_equal(answer.attribute_count, 3);
    assert_text(answer.attributes[2].key, "both"); /* the last one counts */
    assert_int_equal(answer.attributes[2].value.as.integer, 3);
    answer = ask(sampler, &(struct question){.trace_id = TRACE_BELOW_HALF});
    assert_int_equal(answer.attribute_count, 0);
    cotel_sampler_destroy(sampler);
}

static void what_an_annotating_sampler_adds_is_exported(void **state)
{
    struct sdk_fixture fixture;
    cotel_tracer_provider_options options = COTEL_TRACER_PROVIDER_OPTIONS_INIT;
    cotel_span_options start = COTEL_SPAN_OPTIONS_INIT;
    char text[] = "gone";
    const cotel_attribute added[] = {cotel_attribute_string("rule", text),
                                     cotel_attribute_int("both", 2)};
    const cotel_attribute given = cotel_attribute_int("both", 1);
    options.sampler = composite(annotate(added, 2, cotel_composable_always_on()));
    memset(text, 'x', sizeof text - 1); /* it was copied */
    start.attributes = &given;
    start.attribute_count = 1;
    sdk_fixture_start(&fixture, &options);
    cotel_span span = cotel_span_start(fixture.tracer, "span", &start);
    cotel_span_end(&span);
    cotel_span_view view = sdk_fixture_span(&fixture, "span");
    char value[128];
    assert_string_equal(string_attribute(&view, "rule", value), "gone");
    assert_int_equal(int_attribute(&view, "both"), 2);
    assert_text(view.tracestate, "ot=th:0");
    sdk_fixture_stop(&fixture);
}

static void more_attributes_than_there_is_room_for_are_refused_or_left_out(void **state)
{
    cotel_attribute many[COTEL_SAMPLING_ROOM + 1];
    cotel_composable_sampler *refused = NULL;
    for (size_t i = 0; i < COUNT_OF(many); i++)
        many[i] = (cotel_attribute){.key = cotel_str_n("abcdefghijklmnopqrstuvwxyzABCDEFG" + i, 1)};
    assert_int_equal(cotel_composable_annotating_create(many, COUNT_OF(many),
                                                        cotel_composable_always_on(), &refused),
                     COTEL_STATUS_LIMIT_REACHED);
    cotel_sampler *sampler =
        composite(annotate(many, 2, annotate(many, COTEL_SAMPLING_ROOM - 1, share(1))));
    assert_int_equal(ask(sampler, &(struct question){.kind = 0}).attribute_count,
                     COTEL_SAMPLING_ROOM);
    cotel_sampler_destroy(sampler);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_threshold_drops_the_span),
        cmocka_unit_test(a_reliable_threshold_is_held_against_the_traces_randomness_and_told),
        cmocka_unit_test(an_unreliable_threshold_is_held_against_a_new_number_and_not_told),
        cmocka_unit_test(attributes_are_provided_for_sampled_spans_only),
        cmocka_unit_test(a_tracestate_is_provided_after_the_decision),
        cmocka_unit_test(composable_samplers_have_no_say_about_the_entry_of_opentelemetry),
        cmocka_unit_test(a_composable_sampler_is_asked_with_all_that_is_known_but_the_trace_id),
        cmocka_unit_test(a_composite_destroys_its_parts_once),
        cmocka_unit_test(a_composite_names_its_parts),
        cmocka_unit_test(composable_always_on_takes_every_span_and_tells_0),
        cmocka_unit_test(composable_always_off_takes_none),
        cmocka_unit_test(a_composable_probability_of_0_is_always_off),
        cmocka_unit_test(a_composable_probability_decides_as_the_sampler_of_that_name_does),
        cmocka_unit_test(a_span_without_a_parent_is_for_the_root),
        cmocka_unit_test(a_parents_threshold_is_followed_and_told),
        cmocka_unit_test(without_a_threshold_the_parents_flag_is_followed_and_nothing_told),
        cmocka_unit_test(a_parents_threshold_that_contradicts_its_flag_does_not_count),
        cmocka_unit_test(an_annotating_sampler_adds_attributes_to_sampled_spans),
        cmocka_unit_test(what_an_annotating_sampler_adds_is_exported),
        cmocka_unit_test(more_attributes_than_there_is_room_for_are_refused_or_left_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
