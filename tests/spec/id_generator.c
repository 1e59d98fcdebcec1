/* SPDX-License-Identifier: Apache-2.0 */
/* trace/sdk.md "Id Generators", "SDK Span creation". */
#include "../support/sdk_fixture.h"

static struct sdk_fixture fixture;

/* A generator that counts, and a sampler that does as it is told: both note that they were asked,
 * "t" for a trace id, "?" for a decision, "i" for a span id. */
struct counting {
    cotel_id_generator base;
    uint8_t last;
    unsigned destroyed;
};

static char calls[32];
static cotel_trace_id sampled_trace_id;
static cotel_sampling_decision decision;

static void note(char call)
{
    size_t used = strlen(calls);
    assert_true(used + 1 < sizeof calls);
    calls[used] = call;
    calls[used + 1] = '\0';
}

static void make_trace_id(cotel_id_generator *self, cotel_trace_id *out)
{
    memset(out, ++((struct counting *)self)->last, sizeof *out);
    note('t');
}

static void make_span_id(cotel_id_generator *self, cotel_span_id *out)
{
    memset(out, ++((struct counting *)self)->last, sizeof *out);
    note('i');
}

static void count_destroy(cotel_id_generator *self)
{
    ((struct counting *)self)->destroyed++;
}

static const cotel_id_generator_ops counting_ops = {.size = sizeof counting_ops,
                                                    .trace_id = make_trace_id,
                                                    .span_id = make_span_id,
                                                    .destroy = count_destroy};
static struct counting counting;

static void decide(cotel_sampler *self, const cotel_sampling_parameters *parameters,
                   cotel_sampling_result *result)
{
    sampled_trace_id = parameters->trace_id;
    result->decision = decision;
    note('?');
}

static const cotel_sampler_ops deciding_ops = {.size = sizeof deciding_ops,
                                               .should_sample = decide};
static cotel_sampler deciding = {&deciding_ops};

static int start(void **state)
{
    cotel_tracer_provider_options options = COTEL_TRACER_PROVIDER_OPTIONS_INIT;
    counting = (struct counting){.base = {&counting_ops}};
    decision = COTEL_SAMPLING_RECORD_AND_SAMPLE;
    calls[0] = '\0';
    options.id_generator = &counting.base;
    options.sampler = &deciding;
    sdk_fixture_start(&fixture, &options);
    return 0;
}

static int stop(void **state)
{
    sdk_fixture_stop(&fixture);
    assert_int_equal(counting.destroyed, 1);
    return 0;
}

static cotel_span child_of(const cotel_span *parent, const char *name)
{
    cotel_token token = cotel_span_activate(parent);
    cotel_span child = cotel_span_start(fixture.tracer, name, NULL);
    cotel_context_detach(token);
    return child;
}

static void a_root_takes_a_trace_id_asks_the_sampler_and_takes_a_span_id(void **state)
{
    cotel_span span = cotel_span_start(fixture.tracer, "span", NULL);
    assert_string_equal(calls, "t?i");
    assert_memory_equal(&sampled_trace_id, &span.trace_id, sizeof span.trace_id);
    assert_int_equal(span.trace_id.bytes[0], 1);
    assert_int_equal(span.span_id.bytes[0], 2);
    cotel_span_end(&span);
}

static void a_child_takes_a_span_id_only(void **state)
{
    cotel_span parent = cotel_span_start(fixture.tracer, "parent", NULL);
    calls[0] = '\0';
    cotel_span child = child_of(&parent, "child");
    assert_string_equal(calls, "?i");
    assert_memory_equal(&child.trace_id, &parent.trace_id, sizeof child.trace_id);
    assert_memory_not_equal(&child.span_id, &parent.span_id, sizeof child.span_id);
    cotel_span_end(&child);
    cotel_span_end(&parent);
}

static void a_span_that_is_dropped_takes_its_ids_all_the_same(void **state)
{
    decision = COTEL_SAMPLING_DROP;
    cotel_span span = cotel_span_start(fixture.tracer, "span", NULL);
    assert_string_equal(calls, "t?i");
    assert_false(cotel_span_is_recording(&span));
    assert_int_equal(span.trace_id.bytes[0], 1);
    assert_int_equal(span.span_id.bytes[0], 2);
    cotel_span_end(&span);
}

static void ids_that_are_random_by_default_never_come_again(void **state)
{
    enum { SPANS = 2000 };
    static cotel_span spans[SPANS];
    struct sdk_fixture random;
    sdk_fixture_start(&random, NULL);
    for (size_t i = 0; i < SPANS; i++) {
        spans[i] = cotel_span_start(random.tracer, "span", NULL);
        cotel_span_end(&spans[i]);
        for (size_t j = 0; j < i; j++) {
            assert_memory_not_equal(&spans[i].trace_id, &spans[j].trace_id, 16);
            assert_memory_not_equal(&spans[i].span_id, &spans[j].span_id, 8);
        }
    }
    sdk_fixture_stop(&random);
}

static const cotel_id_generator_ops random_ops = {
    .size = sizeof random_ops, .trace_id = make_trace_id, .span_id = make_span_id, .random = true};

static void a_generator_may_say_that_its_ids_are_random(void **state)
{
    static struct counting says_random = {.base = {&random_ops}};
    cotel_tracer_provider_options options = COTEL_TRACER_PROVIDER_OPTIONS_INIT;
    struct sdk_fixture other;
    options.id_generator = &says_random.base;
    sdk_fixture_start(&other, &options);
    cotel_span random = cotel_span_start(other.tracer, "random", NULL);
    cotel_span not_random = cotel_span_start(fixture.tracer, "not random", NULL);
    assert_int_equal(random.trace_flags, COTEL_TRACE_FLAG_SAMPLED | COTEL_TRACE_FLAG_RANDOM);
    assert_int_equal(not_random.trace_flags, COTEL_TRACE_FLAG_SAMPLED);
    cotel_span_end(&random);
    cotel_span_end(&not_random);
    sdk_fixture_stop(&other);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, start, stop)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_root_takes_a_trace_id_asks_the_sampler_and_takes_a_span_id),
        TEST(a_child_takes_a_span_id_only),
        TEST(a_span_that_is_dropped_takes_its_ids_all_the_same),
        TEST(ids_that_are_random_by_default_never_come_again),
        TEST(a_generator_may_say_that_its_ids_are_random),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
