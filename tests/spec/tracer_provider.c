/* SPDX-License-Identifier: Apache-2.0 */
/* trace/api.md "TracerProvider", trace/sdk.md "Tracer Provider". */
#include "../support/sdk_fixture.h"

static struct sdk_fixture fixture;

static int start(void **state)
{
    sdk_fixture_start(&fixture, NULL);
    return 0;
}

static int stop(void **state)
{
    sdk_fixture_stop(&fixture);
    return 0;
}

/* The scope of the one span that has come. */
static const cotel_scope_view *exported_scope(void)
{
    const cotel_scope_view *scope;
    cotel_span_view span;
    assert_int_equal(sdk_fixture_count(&fixture), 1);
    assert_true(cotel_memory_exporter_get(fixture.memory, 0, &span, &scope, NULL));
    return scope;
}

static void end_one_span(cotel_tracer *tracer)
{
    cotel_span span = cotel_span_start(tracer, "span", NULL);
    cotel_span_end(&span);
}

static void a_span_arrives_with_the_whole_scope_of_its_tracer(void **state)
{
    const cotel_attribute attribute = cotel_attribute_string("team", "core");
    cotel_tracer_options options = COTEL_TRACER_OPTIONS_INIT;
    options.version = "1.2.3";
    options.schema_url = "https://example.com/schema";
    options.attributes = &attribute;
    options.attribute_count = 1;
    end_one_span(cotel_tracer_provider_get_tracer(fixture.provider, "library", &options));
    const cotel_scope_view *scope = exported_scope();
    assert_text(scope->name, "library");
    assert_text(scope->version, "1.2.3");
    assert_text(scope->schema_url, "https://example.com/schema");
    assert_int_equal(scope->attribute_count, 1);
    assert_text(scope->attributes[0].key, "team");
    assert_text(scope->attributes[0].value.as.string, "core");
}

static void a_tracer_without_a_name_works_and_has_the_empty_one(void **state)
{
    end_one_span(cotel_tracer_provider_get_tracer(fixture.provider, NULL, NULL));
    assert_text(exported_scope()->name, "");
}

static void after_shutdown_tracers_make_spans_that_do_not_record(void **state)
{
    assert_int_equal(cotel_tracer_provider_shutdown(fixture.provider, FLUSH_MS, NULL),
                     COTEL_STATUS_OK);
    cotel_tracer *late = cotel_tracer_provider_get_tracer(fixture.provider, "late", NULL);
    cotel_span of_old = cotel_span_start(fixture.tracer, "span", NULL);
    cotel_span of_new = cotel_span_start(late, "span", NULL);
    assert_false(cotel_span_is_recording(&of_old));
    assert_false(cotel_span_is_recording(&of_new));
    assert_false(cotel_tracer_enabled(fixture.tracer));
    cotel_span_end(&of_old);
    cotel_span_end(&of_new);
    assert_int_equal(cotel_memory_exporter_count(fixture.memory), 0);
    assert_int_equal(cotel_tracer_provider_shutdown(fixture.provider, FLUSH_MS, NULL),
                     COTEL_STATUS_SHUT_DOWN);
}

static void a_shutdown_sends_what_has_ended(void **state)
{
    end_one_span(fixture.tracer);
    assert_int_equal(cotel_tracer_provider_shutdown(fixture.provider, FLUSH_MS, NULL),
                     COTEL_STATUS_OK);
    assert_int_equal(cotel_memory_exporter_count(fixture.memory), 1);
}

/* ---- several providers side by side ---- */

static void make_trace_id(cotel_id_generator *self, cotel_trace_id *out)
{
    memset(out, 0xab, sizeof *out);
}

static void make_span_id(cotel_id_generator *self, cotel_span_id *out)
{
    memset(out, 0xcd, sizeof *out);
}

static const cotel_id_generator_ops generator_ops = {
    .size = sizeof generator_ops, .trace_id = make_trace_id, .span_id = make_span_id};

static void mark(cotel_span_processor *self, cotel_span_data *span, const cotel_context *parent)
{
    const cotel_attribute attribute = cotel_attribute_bool("marked", true);
    cotel_span_data_set(span, &attribute);
}

static const cotel_span_processor_ops marking_ops = {.size = sizeof marking_ops, .on_start = mark};

static cotel_span_view span_of_two_attributes(struct sdk_fixture *from, const char *name)
{
    cotel_span span = cotel_span_start(from->tracer, name, NULL);
    cotel_span_set_string(&span, "first", "a long text");
    cotel_span_set_string(&span, "second", "another");
    cotel_span_end(&span);
    return sdk_fixture_span(from, name);
}

static void each_provider_has_its_own_sampler_limits_processors_and_ids(void **state)
{
    char text[128];
    struct sdk_fixture other, dropping;
    cotel_id_generator generator = {&generator_ops};
    cotel_span_processor marking = {&marking_ops}, *processors[] = {&marking};
    cotel_tracer_provider_options options = COTEL_TRACER_PROVIDER_OPTIONS_INIT;
    options.sampler = cotel_sampler_always_off();
    sdk_fixture_start(&dropping, &options);
    options.sampler = NULL;
    options.id_generator = &generator;
    options.processors = processors;
    options.processor_count = 1;
    options.limits.attributes = 2;
    options.limits.value_length = 6;
    sdk_fixture_start(&other, &options);

    cotel_span_view limited = span_of_two_attributes(&other, "other");
    assert_int_equal(limited.trace_id.bytes[0], 0xab);
    assert_true(has_attribute(&limited, "marked"));
    assert_string_equal(string_attribute(&limited, "first", text), "a long");
    assert_int_equal(limited.dropped_attributes, 1);

    cotel_span_view whole = span_of_two_attributes(&fixture, "whole");
    assert_int_not_equal(whole.trace_id.bytes[0] & whole.trace_id.bytes[1], 0xab);
    assert_false(has_attribute(&whole, "marked"));
    assert_string_equal(string_attribute(&whole, "first", text), "a long text");
    assert_int_equal(whole.dropped_attributes, 0);

    end_one_span(dropping.tracer);
    assert_int_equal(sdk_fixture_count(&dropping), 0);
    sdk_fixture_stop(&dropping);
    sdk_fixture_stop(&other);
}

static void a_span_of_one_provider_may_be_the_parent_of_anothers(void **state)
{
    struct sdk_fixture other;
    sdk_fixture_start(&other, NULL);
    cotel_span parent = cotel_span_start(fixture.tracer, "parent", NULL);
    cotel_token token = cotel_span_activate(&parent);
    cotel_span child = cotel_span_start(other.tracer, "child", NULL);
    cotel_context_detach(token);
    cotel_span_end(&child);
    cotel_span_end(&parent);
    cotel_span_view view = sdk_fixture_span(&other, "child");
    assert_memory_equal(&view.trace_id, &parent.trace_id, sizeof view.trace_id);
    assert_memory_equal(&view.parent_span_id, &parent.span_id, sizeof view.parent_span_id);
    assert_int_equal(sdk_fixture_count(&fixture), 1);
    sdk_fixture_stop(&other);
}

static void the_shutdown_of_one_provider_leaves_the_others_alone(void **state)
{
    struct sdk_fixture other;
    sdk_fixture_start(&other, NULL);
    assert_int_equal(cotel_tracer_provider_shutdown(other.provider, FLUSH_MS, NULL),
                     COTEL_STATUS_OK);
    assert_true(cotel_tracer_enabled(fixture.tracer));
    end_one_span(fixture.tracer);
    assert_int_equal(sdk_fixture_count(&fixture), 1);
    sdk_fixture_stop(&other);
}

/* ---- enabled ---- */

static void a_tracer_is_enabled_when_there_is_a_processor(void **state)
{
    static cotel_span_processor marking = {&marking_ops};
    cotel_tracer_provider *bare;
    assert_int_equal(cotel_tracer_provider_create(NULL, &bare), COTEL_STATUS_OK);
    cotel_tracer *tracer = cotel_tracer_provider_get_tracer(bare, "bare", NULL);
    assert_true(cotel_tracer_enabled(fixture.tracer));
    assert_false(cotel_tracer_enabled(tracer));
    assert_int_equal(cotel_tracer_provider_add_processor(bare, &marking), COTEL_STATUS_OK);
    assert_true(cotel_tracer_enabled(tracer));
    cotel_tracer_provider_destroy(bare);
    assert_false(cotel_tracer_enabled(tracer));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, start, stop)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_span_arrives_with_the_whole_scope_of_its_tracer),
        TEST(a_tracer_without_a_name_works_and_has_the_empty_one),
        TEST(after_shutdown_tracers_make_spans_that_do_not_record),
        TEST(a_shutdown_sends_what_has_ended),
        TEST(each_provider_has_its_own_sampler_limits_processors_and_ids),
        TEST(a_span_of_one_provider_may_be_the_parent_of_anothers),
        TEST(the_shutdown_of_one_provider_leaves_the_others_alone),
        TEST(a_tracer_is_enabled_when_there_is_a_processor),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
