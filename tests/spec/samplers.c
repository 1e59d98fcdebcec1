/* SPDX-License-Identifier: Apache-2.0 */
/* trace/sdk.md "Sampling": the samplers that decide by themselves, and what keeps the decisions
 * about a trace consistent. */
#include "ask_sampler.h"

#include <cotel/sdk/diagnostics.h>

#include <stdio.h>
#include <stdlib.h>

static struct sdk_fixture fixture;

static cotel_sampler *probability(double ratio)
{
    cotel_sampler *sampler = NULL;
    assert_int_equal(cotel_sampler_probability_create(ratio, &sampler), COTEL_STATUS_OK);
    return sampler;
}

static cotel_sampler *follow_parent(cotel_sampler *root)
{
    cotel_parent_based_options options = {.size = sizeof options, .root = root};
    cotel_sampler *sampler = NULL;
    assert_int_equal(cotel_sampler_parent_based_create(&options, &sampler), COTEL_STATUS_OK);
    return sampler;
}

static cotel_sampler *always_record(cotel_sampler *root)
{
    cotel_sampler *sampler = NULL;
    assert_int_equal(cotel_sampler_always_record_create(root, &sampler), COTEL_STATUS_OK);
    return sampler;
}

/* ---- a sampler that answers what the test says ---- */

static cotel_sampling_decision said_decision;
static const cotel_attribute said_attribute = {.key = {"said", 4}};

static void say(cotel_sampler *self, const cotel_sampling_parameters *parameters,
                cotel_sampling_result *result)
{
    result->decision = said_decision;
    result->room[0] = said_attribute;
    result->attributes = result->room;
    result->attribute_count = 1;
    result->sets_tracestate = true;
    result->tracestate = cotel_tracestate_parse("said=1", 6);
}

static const cotel_sampler_ops sayer_ops = {.size = sizeof sayer_ops, .should_sample = say};
static cotel_sampler sayer = {&sayer_ops};

/* ---- AlwaysRecord ---- */

static void always_record_turns_drop_into_record_only_and_nothing_else(void **state)
{
    static const cotel_sampling_decision rows[][2] = {
        {COTEL_SAMPLING_DROP, COTEL_SAMPLING_RECORD_ONLY},
        {COTEL_SAMPLING_RECORD_ONLY, COTEL_SAMPLING_RECORD_ONLY},
        {COTEL_SAMPLING_RECORD_AND_SAMPLE, COTEL_SAMPLING_RECORD_AND_SAMPLE},
    };
    cotel_sampler *sampler = always_record(&sayer);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        said_decision = rows[i][0];
        struct answer answer = ask(sampler, &(struct question){.tracestate = "old=1"});
        assert_int_equal(answer.decision, rows[i][1]);
        assert_string_equal(answer.tracestate, "said=1");
        assert_int_equal(answer.attribute_count, 1);
        assert_text(answer.attributes[0].key, "said");
    }
    cotel_sampler_destroy(sampler);
}

static void always_record_names_its_root(void **state)
{
    cotel_sampler *sampler = always_record(cotel_sampler_always_off());
    assert_string_equal(describe(sampler), "AlwaysRecordSampler{AlwaysOffSampler}");
    cotel_sampler_destroy(sampler);
}

static unsigned ends_seen;

static void count_end(cotel_span_processor *self, const cotel_span_data *span)
{
    assert_false(cotel_span_data_is_sampled(span));
    ends_seen++;
}

static const cotel_span_processor_ops counting_ops = {.size = sizeof counting_ops,
                                                      .on_end = count_end};
static cotel_span_processor counting = {&counting_ops};

/* Its root's decision is the same for all roots: the provider asks neither of them each time. */
static void always_record_shows_dropped_spans_to_processors_and_not_to_exporters(void **state)
{
    cotel_span_processor *processors[] = {&counting};
    cotel_tracer_provider_options options = COTEL_TRACER_PROVIDER_OPTIONS_INIT;
    options.sampler = always_record(follow_parent(cotel_sampler_always_off()));
    options.processors = processors;
    options.processor_count = 1;
    sdk_fixture_start(&fixture, &options);
    ends_seen = 0;
    cotel_span span = cotel_span_start(fixture.tracer, "span", NULL);
    assert_true(cotel_span_is_recording(&span));
    assert_int_equal(span.trace_flags & COTEL_TRACE_FLAG_SAMPLED, 0);
    cotel_span_end(&span);
    assert_int_equal(sdk_fixture_count(&fixture), 0);
    assert_int_equal(ends_seen, 1);
    sdk_fixture_stop(&fixture);
}

/* ---- ProbabilitySampler ---- */

static void a_trace_is_taken_when_its_low_56_bits_reach_the_threshold(void **state)
{
    cotel_sampler *half = probability(0.5);
    assert_true(is_sampled(half, &(struct question){.trace_id = TRACE_AT_HALF}));
    assert_false(is_sampled(half, &(struct question){.trace_id = TRACE_BELOW_HALF}));
    cotel_sampler_destroy(half);
}

static void an_explicit_randomness_counts_instead_of_the_trace_id(void **state)
{
    cotel_sampler *half = probability(0.5);
    struct question taken = {.trace_id = TRACE_BELOW_HALF, .tracestate = "ot=rv:80000000000000"};
    struct question left = {.trace_id = TRACE_AT_HALF, .tracestate = "ot=rv:7fffffffffffff"};
    assert_true(is_sampled(half, &taken));
    assert_false(is_sampled(half, &left));
    cotel_sampler_destroy(half);
}

static void a_randomness_that_is_none_is_left_alone_and_does_not_count(void **state)
{
    static const char *const bad[] = {"ot=rv:8", "ot=rv:800000000000000", "ot=rv:8000000000000F"};
    cotel_sampler *half = probability(0.5);
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        struct question question = {.trace_id = TRACE_BELOW_HALF, .tracestate = bad[i]};
        struct answer answer = ask(half, &question);
        assert_int_equal(answer.decision, COTEL_SAMPLING_DROP);
        assert_string_equal(answer.tracestate, bad[i]);
    }
    cotel_sampler_destroy(half);
}

static void each_sampled_span_tells_the_threshold_of_the_specifications_table(void **state)
{
    static const struct {
        double ratio;
        const char *tracestate;
    } rows[] = {
        {1, "ot=th:0"},           {1.0 / 2, "ot=th:8"},
        {1.0 / 3, "ot=th:aaab"},  {1.0 / 4, "ot=th:c"},
        {1.0 / 5, "ot=th:cccd"},  {1.0 / 8, "ot=th:e"},
        {1.0 / 10, "ot=th:e666"}, {1.0 / 16, "ot=th:f"},
        {1e-2, "ot=th:fd70a"},    {1e-3, "ot=th:ffbe77"},
        {1e-4, "ot=th:fff9724"},  {1e-5, "ot=th:ffff583a"},
        {1e-6, "ot=th:ffffef39"}, {0x1p-56, "ot=th:ffffffffffffff"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        cotel_sampler *sampler = probability(rows[i].ratio);
        struct answer answer =
            ask(sampler, &(struct question){.trace_id = "000000000000000000ffffffffffffff"});
        assert_int_equal(answer.decision, COTEL_SAMPLING_RECORD_AND_SAMPLE);
        assert_string_equal(answer.tracestate, rows[i].tracestate);
        cotel_sampler_destroy(sampler);
    }
}

static void a_sampled_span_keeps_the_randomness_and_what_others_put_there(void **state)
{
    cotel_sampler *half = probability(0.5);
    struct question question = {.has_parent = true,
                                .flags = COTEL_TRACE_FLAG_SAMPLED,
                                .tracestate = "vendor=1,ot=p:8;th:c;rv:9000000000000f;x:Y-z"};
    assert_string_equal(ask(half, &question).tracestate,
                        "ot=th:8;p:8;rv:9000000000000f;x:Y-z,vendor=1");
    cotel_sampler_destroy(half);
}

static void a_dropped_span_tells_no_threshold(void **state)
{
    cotel_sampler *half = probability(0.5);
    struct question question = {.trace_id = TRACE_BELOW_HALF, .has_parent = true, .flags = 3};
    assert_false(ask(half, &question).sets_tracestate);
    question.tracestate = "a=1,ot=th:0,b=2";
    assert_string_equal(ask(half, &question).tracestate, "a=1,b=2");
    question.tracestate = "ot=x:1;th:NONE"; /* what is no threshold may be one to others */
    assert_string_equal(ask(half, &question).tracestate, "ot=x:1");
    question.tracestate = "a=1,ot=th:0;rv:00000000000001";
    assert_string_equal(ask(half, &question).tracestate, "ot=rv:00000000000001,a=1");
    cotel_sampler_destroy(half);
}

static void a_tracestate_that_is_right_already_is_handed_on_as_it_is(void **state)
{
    cotel_sampler *half = probability(0.5);
    struct question question = {.has_parent = true, .flags = 3, .tracestate = "a=1,ot=x:1;th:80"};
    assert_false(ask(half, &question).sets_tracestate);
    cotel_sampler_destroy(half);
}

/* Setting it fails; the parent's, which is another, must not stay either. */
static void a_threshold_without_room_is_left_out(void **state)
{
    char long_value[240], tracestate[300];
    memset(long_value, 'v', sizeof long_value - 1);
    long_value[sizeof long_value - 1] = '\0';
    (void)snprintf(tracestate, sizeof tracestate, "ot=th:8;x:%s", long_value);
    cotel_sampler *rare = probability(0x1p-55);
    struct question question = {.trace_id = "000000000000000000ffffffffffffff",
                                .has_parent = true,
                                .flags = 3,
                                .tracestate = tracestate};
    struct answer answer = ask(rare, &question);
    assert_int_equal(answer.decision, COTEL_SAMPLING_RECORD_AND_SAMPLE);
    (void)snprintf(tracestate, sizeof tracestate, "ot=x:%s", long_value);
    assert_string_equal(answer.tracestate, tracestate);
    cotel_sampler_destroy(rare);
}

static void the_parents_flag_does_not_count_for_a_probability(void **state)
{
    cotel_sampler *half = probability(0.5);
    for (unsigned flags = 0; flags < 4; flags++) {
        struct question question = {.has_parent = true, .flags = (uint8_t)flags};
        assert_true(is_sampled(half, &question));
        question.trace_id = TRACE_BELOW_HALF;
        assert_false(is_sampled(half, &question));
    }
    cotel_sampler_destroy(half);
}

static void a_larger_probability_takes_whatever_a_smaller_one_takes(void **state)
{
    static const double ratios[] = {1e-3, 0.01, 0.1, 1.0 / 3, 0.5, 0.9, 1};
    cotel_sampler *samplers[COUNT_OF(ratios)];
    size_t taken[COUNT_OF(ratios)] = {0};
    unsigned short seed[3] = {1, 2, 3};
    for (size_t i = 0; i < COUNT_OF(ratios); i++)
        samplers[i] = probability(ratios[i]);
    for (int trace = 0; trace < SANITIZED_SHARE(20000); trace++) {
        char id[33];
        (void)snprintf(id, sizeof id, "%08lx%08lx%08lx%08lx", jrand48(seed) & 0xffffffffl,
                       jrand48(seed) & 0xffffffffl, jrand48(seed) & 0xffffffffl,
                       jrand48(seed) & 0xffffffffl);
        bool smaller = false;
        for (size_t i = 0; i < COUNT_OF(ratios); i++) {
            bool sampled = is_sampled(samplers[i], &(struct question){.trace_id = id});
            assert_true(sampled || !smaller);
            taken[i] += sampled;
            smaller = sampled;
        }
    }
    assert_int_equal(taken[COUNT_OF(ratios) - 1], SANITIZED_SHARE(20000));
    assert_in_range(taken[4], SANITIZED_SHARE(20000) * 0.45, SANITIZED_SHARE(20000) * 0.55);
    for (size_t i = 0; i < COUNT_OF(ratios); i++)
        cotel_sampler_destroy(samplers[i]);
}

static unsigned warnings;

static void count_warning(void *user, cotel_log_level level, const char *component,
                          const char *message)
{
    assert_int_equal(level, COTEL_LOG_WARNING);
    assert_string_equal(component, "probability_sampler");
    warnings++;
}

static unsigned warnings_of(cotel_sampler *sampler, const struct question *question)
{
    warnings = 0;
    cotel_diagnostics_set(count_warning, NULL, COTEL_LOG_WARNING);
    (void)ask(sampler, question);
    (void)ask(sampler, question);
    cotel_diagnostics_set(NULL, NULL, COTEL_LOG_ERROR);
    return warnings;
}

static void presuming_the_randomness_of_a_parents_trace_is_warned_of_once(void **state)
{
    cotel_sampler *half = probability(0.5);
    struct question root = {.flags = 0};
    struct question says_random = {.has_parent = true, .flags = COTEL_TRACE_FLAG_RANDOM};
    struct question explicit_value = {.has_parent = true, .tracestate = "ot=rv:80000000000000"};
    struct question presumed = {.has_parent = true, .flags = COTEL_TRACE_FLAG_SAMPLED};
    assert_int_equal(warnings_of(half, &root), 0);
    assert_int_equal(warnings_of(half, &says_random), 0);
    assert_int_equal(warnings_of(half, &explicit_value), 0);
    assert_int_equal(warnings_of(half, &presumed), 1);
    cotel_sampler_destroy(half);
}

static void a_probability_names_its_ratio_whatever_its_size(void **state)
{
    static const struct {
        double ratio;
        const char *description;
    } rows[] = {{1, "ProbabilitySampler{1}"},
                {0.01, "ProbabilitySampler{0.01}"},
                {0x1p-56, "ProbabilitySampler{1.3877787807814457e-17}"}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        cotel_sampler *sampler = probability(rows[i].ratio);
        assert_string_equal(describe(sampler), rows[i].description);
        cotel_sampler_destroy(sampler);
    }
}

static void a_ratio_without_a_threshold_is_refused(void **state)
{
    static const double bad[] = {0, 0x1p-57, 1.0001, -0.5, __builtin_nan("")};
    cotel_sampler *sampler = NULL;
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        assert_int_equal(cotel_sampler_probability_create(bad[i], &sampler),
                         COTEL_STATUS_INVALID_ARGUMENT);
    assert_null(sampler);
}

/* ---- parents whose threshold contradicts their flag ---- */

/* The tracestate of a span that a provider with this sampler starts under such a parent. */
static const char *tracestate_under(cotel_sampler *sampler, const char *traceparent,
                                    const char *tracestate)
{
    static char text[COTEL_TRACESTATE_MAX_SIZE + 1];
    cotel_tracer_provider_options options = COTEL_TRACER_PROVIDER_OPTIONS_INIT;
    cotel_span_options under = COTEL_SPAN_OPTIONS_INIT;
    cotel_context *remote = remote_parent(traceparent, tracestate);
    options.sampler = sampler;
    sdk_fixture_start(&fixture, &options);
    under.parent = remote;
    cotel_span span = cotel_span_start(fixture.tracer, "span", &under);
    cotel_str header = cotel_tracestate_header(cotel_span_get_context(&span).tracestate);
    memcpy(text, header.size > 0 ? header.data : "", header.size);
    text[header.size] = '\0';
    cotel_span_end(&span);
    cotel_context_unref(remote);
    sdk_fixture_stop(&fixture);
    return text;
}

#define SAMPLED_BELOW_HALF "00-" TRACE_BELOW_HALF "-b7ad6b7169203331-03"
#define DROPPED_BELOW_HALF "00-" TRACE_BELOW_HALF "-b7ad6b7169203331-02"

static void a_threshold_that_contradicts_the_sampled_flag_is_erased(void **state)
{
    assert_string_equal(tracestate_under(follow_parent(cotel_sampler_always_on()),
                                         SAMPLED_BELOW_HALF, "a=1,ot=th:8;x:1"),
                        "ot=x:1,a=1");
    assert_string_equal(tracestate_under(follow_parent(cotel_sampler_always_on()),
                                         SAMPLED_BELOW_HALF, "a=1,ot=th:8"),
                        "a=1");
    assert_string_equal(tracestate_under(follow_parent(cotel_sampler_always_on()),
                                         SAMPLED_BELOW_HALF, "ot=th:0;rv:00000000000000"),
                        "ot=th:0;rv:00000000000000");
}

static void a_threshold_that_fits_the_sampled_flag_goes_on(void **state)
{
    assert_string_equal(tracestate_under(follow_parent(cotel_sampler_always_on()),
                                         SAMPLED_BELOW_HALF, "a=1,ot=x:1;th:7"),
                        "a=1,ot=x:1;th:7");
    assert_string_equal(tracestate_under(follow_parent(cotel_sampler_always_on()),
                                         SAMPLED_BELOW_HALF, "ot=th:8;rv:80000000000000"),
                        "ot=th:8;rv:80000000000000");
}

static void the_threshold_of_a_dropped_parent_goes_on(void **state)
{
    assert_string_equal(
        tracestate_under(follow_parent(cotel_sampler_always_on()), DROPPED_BELOW_HALF, "ot=th:8"),
        "ot=th:8");
}

/* ---- the random flag ---- */

static void make_ids(cotel_id_generator *self, cotel_trace_id *out)
{
    memset(out, 0x9f, sizeof *out);
}

static void make_span_id(cotel_id_generator *self, cotel_span_id *out)
{
    memset(out, 0x11, sizeof *out);
}

static uint8_t flags_of_a_root(bool ids_are_random)
{
    const cotel_id_generator_ops ops = {.size = sizeof ops,
                                        .trace_id = make_ids,
                                        .span_id = make_span_id,
                                        .random = ids_are_random};
    cotel_id_generator generator = {&ops};
    cotel_tracer_provider_options options = COTEL_TRACER_PROVIDER_OPTIONS_INIT;
    options.id_generator = &generator;
    options.sampler = probability(0.5);
    sdk_fixture_start(&fixture, &options);
    cotel_span span = cotel_span_start(fixture.tracer, "span", NULL);
    cotel_span_end(&span);
    sdk_fixture_stop(&fixture);
    return span.trace_flags;
}

static void an_id_generator_says_whether_new_traces_are_random(void **state)
{
    assert_int_equal(flags_of_a_root(true), COTEL_TRACE_FLAG_SAMPLED | COTEL_TRACE_FLAG_RANDOM);
    assert_int_equal(flags_of_a_root(false), COTEL_TRACE_FLAG_SAMPLED);
}

/* A context whose span has no ids but a tracestate, as programs make it for a new trace. */
static cotel_span root_with_tracestate(cotel_sampler *sampler, const char *text)
{
    cotel_tracer_provider_options options = COTEL_TRACER_PROVIDER_OPTIONS_INIT;
    cotel_span_options start = COTEL_SPAN_OPTIONS_INIT;
    cotel_span_context initial = cotel_span_context_none();
    initial.tracestate = cotel_tracestate_parse(text, strlen(text));
    cotel_context *context = cotel_context_with_span_context(NULL, &initial);
    options.sampler = sampler;
    sdk_fixture_start(&fixture, &options);
    start.parent = context;
    cotel_span span = cotel_span_start(fixture.tracer, "root", &start);
    cotel_context_unref(context);
    cotel_tracestate_unref(initial.tracestate);
    return span;
}

static void a_program_may_give_a_new_trace_its_randomness(void **state)
{
    cotel_span span = root_with_tracestate(probability(0x1p-40), "ot=rv:ffffffffffffff");
    assert_int_equal(span.trace_flags, COTEL_TRACE_FLAG_SAMPLED | COTEL_TRACE_FLAG_RANDOM);
    cotel_span_end(&span);
    cotel_span_view view = sdk_fixture_span(&fixture, "root");
    assert_text(view.tracestate, "ot=th:ffffffffff;rv:ffffffffffffff");
    assert_false(cotel_span_id_is_valid(&view.parent_span_id));
    sdk_fixture_stop(&fixture);
    span = root_with_tracestate(probability(0.999), "ot=rv:00000000000000");
    assert_false(cotel_span_is_recording(&span));
    assert_text(cotel_tracestate_header(cotel_span_get_context(&span).tracestate),
                "ot=rv:00000000000000");
    cotel_span_end(&span);
    sdk_fixture_stop(&fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(always_record_turns_drop_into_record_only_and_nothing_else),
        cmocka_unit_test(always_record_names_its_root),
        cmocka_unit_test(always_record_shows_dropped_spans_to_processors_and_not_to_exporters),
        cmocka_unit_test(a_trace_is_taken_when_its_low_56_bits_reach_the_threshold),
        cmocka_unit_test(an_explicit_randomness_counts_instead_of_the_trace_id),
        cmocka_unit_test(a_randomness_that_is_none_is_left_alone_and_does_not_count),
        cmocka_unit_test(each_sampled_span_tells_the_threshold_of_the_specifications_table),
        cmocka_unit_test(a_sampled_span_keeps_the_randomness_and_what_others_put_there),
        cmocka_unit_test(a_dropped_span_tells_no_threshold),
        cmocka_unit_test(a_tracestate_that_is_right_already_is_handed_on_as_it_is),
        cmocka_unit_test(a_threshold_without_room_is_left_out),
        cmocka_unit_test(the_parents_flag_does_not_count_for_a_probability),
        cmocka_unit_test(a_larger_probability_takes_whatever_a_smaller_one_takes),
        cmocka_unit_test(presuming_the_randomness_of_a_parents_trace_is_warned_of_once),
        cmocka_unit_test(a_probability_names_its_ratio_whatever_its_size),
        cmocka_unit_test(a_ratio_without_a_threshold_is_refused),
        cmocka_unit_test(a_threshold_that_contradicts_the_sampled_flag_is_erased),
        cmocka_unit_test(a_threshold_that_fits_the_sampled_flag_goes_on),
        cmocka_unit_test(the_threshold_of_a_dropped_parent_goes_on),
        cmocka_unit_test(an_id_generator_says_whether_new_traces_are_random),
        cmocka_unit_test(a_program_may_give_a_new_trace_its_randomness),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
