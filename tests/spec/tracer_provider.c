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

#define TEST(name) cmocka_unit_test_setup_teardown(name, start, stop)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_span_arrives_with_the_whole_scope_of_its_tracer),
        TEST(a_tracer_without_a_name_works_and_has_the_empty_one),
        TEST(after_shutdown_tracers_make_spans_that_do_not_record),
        TEST(a_shutdown_sends_what_has_ended),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
