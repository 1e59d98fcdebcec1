/* SPDX-License-Identifier: Apache-2.0 */
/* What the library takes from the allocator: nothing for an ordinary span, and nothing that it
 * could not do without. */
#include "../../support/allocator.h"
#include "../../support/sdk_fixture.h"

#include <stdio.h>

#define KEPT_BYTES (16 * 1024) /* the most that a thread keeps for its next spans */

/* ---- an exporter that takes everything at once and keeps nothing ---- */

static void begin(cotel_exporter *self, cotel_export *operation, cotel_batch *batch,
                  uint64_t deadline_ns)
{
    const cotel_export_result result = {.size = sizeof result};
    cotel_export_done(operation, &result);
}

static void cancel(cotel_exporter *self, cotel_export *operation) {}

static const cotel_exporter_ops ops = {
    .size = sizeof ops, .type = "discard_exporter", .begin = begin, .cancel = cancel};
static cotel_exporter discard = {&ops};

static cotel_status create_provider(cotel_tracer_provider **out)
{
    cotel_span_processor *processor;
    cotel_batch_processor_options batch = COTEL_BATCH_PROCESSOR_OPTIONS_INIT;
    cotel_tracer_provider_options options = COTEL_TRACER_PROVIDER_OPTIONS_INIT;
    batch.schedule_delay_ms = 10;
    cotel_status status = cotel_batch_processor_create(&discard, &batch, &processor);
    if (status != COTEL_STATUS_OK)
        return status;
    options.processors = &processor;
    options.processor_count = 1;
    status = cotel_tracer_provider_create(&options, out);
    if (status != COTEL_STATUS_OK)
        cotel_span_processor_destroy(processor);
    return status;
}

/* ---- nothing for an ordinary span ---- */

static void ordinary_span(cotel_tracer *tracer)
{
    cotel_span_options options = COTEL_SPAN_OPTIONS_INIT;
    options.kind = COTEL_SPAN_KIND_CLIENT;
    cotel_span span = cotel_span_start(tracer, "llm_call", &options);
    cotel_span_set_string(&span, "gen_ai.request.model", "gpt-4o");
    cotel_span_set_string(&span, "gen_ai.agent.name", "writer");
    cotel_span_set_int(&span, "gen_ai.usage.input_tokens", 1234);
    cotel_span_set_double(&span, "agent.cost_usd", 0.0123);
    cotel_span_set_bool(&span, "agent.cached", false);
    cotel_span_set_status(&span, COTEL_STATUS_CODE_OK, NULL);
    cotel_span_end(&span);
}

static void nested_spans(cotel_tracer *tracer)
{
    cotel_span_scope outer = cotel_span_scope_start(tracer, "outer", NULL);
    cotel_span_scope inner = cotel_span_scope_start(tracer, "inner", NULL);
    ordinary_span(tracer);
    cotel_span_scope_end(&inner);
    cotel_span_scope_end(&outer);
}

static void an_ordinary_span_takes_nothing_from_the_allocator(void **state)
{
    cotel_tracer_provider *provider = NULL;
    assert_int_equal(create_provider(&provider), COTEL_STATUS_OK);
    cotel_tracer *tracer = cotel_tracer_provider_get_tracer(provider, "memory", NULL);
    for (int round = 0; round < 4; round++) {
        allocations = 0;
        for (int i = 0; i < 500; i++) {
            ordinary_span(tracer);
            nested_spans(tracer);
        }
        if (round > 0)
            assert_int_equal(allocations, 0);
        assert_int_equal(cotel_tracer_provider_flush(provider, FLUSH_MS), COTEL_STATUS_OK);
    }
    cotel_sdk_counts counts = sdk_counts(provider);
    assert_int_equal(counts.pipelines[0].accepted, 4 * 500 * 4);
    assert_identities(provider);
    cotel_tracer_provider_destroy(provider);
}

/* The test itself is worth something. */
static void a_large_span_is_seen_to_take_memory(void **state)
{
    static char large[4000];
    cotel_tracer_provider *provider = NULL;
    assert_int_equal(create_provider(&provider), COTEL_STATUS_OK);
    cotel_tracer *tracer = cotel_tracer_provider_get_tracer(provider, "memory", NULL);
    cotel_span span = cotel_span_start(tracer, "large", NULL);
    memset(large, 'x', sizeof large);
    allocations = 0;
    cotel_span_set_string_n(&span, "large", 5, large, sizeof large);
    assert_int_equal(allocations, 1);
    cotel_span_end(&span);
    cotel_tracer_provider_destroy(provider);
}

/* ---- each allocation fails in its turn ---- */

static void spans_of_every_kind(cotel_tracer *tracer)
{
    static char large[100000];
    cotel_headers headers = {.count = 0};
    cotel_headers_set(&headers, cotel_str_of("traceparent"),
                      cotel_str_of("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-03"));
    cotel_headers_set(&headers, cotel_str_of("tracestate"), cotel_str_of("a=1,b=2"));
    cotel_context *remote = cotel_extract(cotel_context_empty(), &cotel_headers_getter, &headers);
    cotel_token token = cotel_context_attach(remote);
    memset(large, 'x', sizeof large);
    for (int i = 0; i < 3; i++)
        nested_spans(tracer);
    cotel_span span = cotel_span_start(tracer, "large", NULL);
    cotel_token inner = cotel_span_activate(&span);
    for (int i = 0; i < 40; i++) {
        char key[] = "key.00";
        key[4] = (char)('0' + i / 10);
        key[5] = (char)('0' + i % 10);
        cotel_span_set_int(&span, key, i);
        cotel_span_add_event(&span, key, NULL, 0);
    }
    cotel_span_set_string_n(&span, "ke\xffy", 4, large, 2000);
    cotel_span_set_string_n(&span, "larger", 6, large, sizeof large);
    cotel_span_update_name_n(&span, large, 1000);
    cotel_span_set_status_n(&span, COTEL_STATUS_CODE_ERROR, large, 1000);
    cotel_context_detach(inner);
    cotel_span_end(&span);
    cotel_context_detach(token);
    cotel_context_unref(remote);
}

static void whole_life(void)
{
    static unsigned lives;
    char name[32];
    cotel_tracer_provider *provider = NULL;
    (void)snprintf(name, sizeof name, "life.%u", lives++); /* a tracer that is not there yet */
    if (create_provider(&provider) != COTEL_STATUS_OK) {
        assert_null(provider);
        return;
    }
    spans_of_every_kind(cotel_tracer_provider_get_tracer(provider, name, NULL));
    /* From here on what was lost is counted, so let there be memory. */
    if (allocations_fail_for_good())
        (void)allocations_succeed();
    (void)cotel_tracer_provider_flush(provider, FLUSH_MS);
    (void)cotel_tracer_provider_shutdown(provider, FLUSH_MS, NULL);
    assert_identities(provider);
    assert_int_equal(sdk_counts(provider).live, 0);
    assert_true(sdk_counts(provider).live_bytes <= KEPT_BYTES);
    cotel_tracer_provider_destroy(provider);
}

/* @return whether there was an allocation of that number. */
static bool live_without(long number, bool and_later_ones)
{
    allocations_fail(number, and_later_ones);
    whole_life();
    return allocations_succeed();
}

#define ENOUGH 400

static void each_allocation_may_fail_alone(void **state)
{
    long number = 0;
    while (live_without(number, false))
        assert_true(++number < ENOUGH);
    assert_true(number > 20);
}

static void all_allocations_may_fail_from_any_one_on(void **state)
{
    for (long number = 0; number < 60; number++)
        (void)live_without(number, true);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_allocations_may_fail_from_any_one_on),
        cmocka_unit_test(each_allocation_may_fail_alone),
        cmocka_unit_test(an_ordinary_span_takes_nothing_from_the_allocator),
        cmocka_unit_test(a_large_span_is_seen_to_take_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
