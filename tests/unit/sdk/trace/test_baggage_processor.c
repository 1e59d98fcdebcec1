/* SPDX-License-Identifier: Apache-2.0 */
#include "../../../support/sdk_fixture.h"

#include <cotel/sdk/baggage_processor.h>

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

static struct sdk_fixture fixture;

static cotel_baggage_processor_options naming(const char *const *names, size_t count)
{
    cotel_baggage_processor_options options = COTEL_BAGGAGE_PROCESSOR_OPTIONS_INIT;
    options.names = names;
    options.name_count = count;
    return options;
}

/* A provider whose first processor copies baggage. */
static void start_copying(const cotel_baggage_processor_options *chosen,
                          cotel_tracer_provider_options *options)
{
    cotel_tracer_provider_options defaults = COTEL_TRACER_PROVIDER_OPTIONS_INIT;
    cotel_span_processor *processor;
    assert_int_equal(cotel_baggage_processor_create(chosen, &processor), COTEL_STATUS_OK);
    options = options ? options : &defaults;
    options->processors = &processor;
    options->processor_count = 1;
    sdk_fixture_start(&fixture, options);
}

/* Names and values in turn, up to a NULL. */
static cotel_context *context_of(const char *const *pairs)
{
    cotel_baggage *baggage = NULL;
    for (; *pairs; pairs += 2) {
        cotel_baggage *more = cotel_baggage_set(baggage, pairs[0], pairs[1]);
        cotel_baggage_unref(baggage);
        baggage = more;
    }
    cotel_context *context = cotel_context_with_baggage(cotel_context_empty(), baggage);
    cotel_baggage_unref(baggage);
    return context;
}

static const char *const visit[] = {"session.id", "s-17",   "tenant.name", "acme", "tenant.plan",
                                    "free",       "secret", "x",           NULL};

static cotel_span_view span_within(const char *const *pairs, const cotel_span_options *base)
{
    cotel_span_options options = COTEL_SPAN_OPTIONS_INIT;
    if (base)
        options = *base;
    cotel_context *context = context_of(pairs);
    options.parent = context;
    cotel_span span = cotel_span_start(fixture.tracer, "span", &options);
    cotel_span_end(&span);
    cotel_context_unref(context);
    return sdk_fixture_span(&fixture, "span");
}

static void assert_string(const cotel_span_view *span, const char *key, const char *expected)
{
    char text[128];
    assert_string_equal(string_attribute(span, key, text), expected);
}

static void chosen_entries_become_attributes_and_others_do_not(void **state)
{
    static const char *const names[] = {"session.id", "tenant.*"};
    const cotel_baggage_processor_options chosen = naming(names, 2);
    start_copying(&chosen, NULL);
    cotel_span_view span = span_within(visit, NULL);
    assert_int_equal(attribute_count(&span), 3);
    assert_string(&span, "session.id", "s-17");
    assert_string(&span, "tenant.name", "acme");
    assert_string(&span, "tenant.plan", "free");
    sdk_fixture_stop(&fixture);
}

static void a_star_chooses_all(void **state)
{
    static const char *const names[] = {"*"};
    const cotel_baggage_processor_options chosen = naming(names, 1);
    start_copying(&chosen, NULL);
    cotel_span_view span = span_within(visit, NULL);
    assert_int_equal(attribute_count(&span), 4);
    sdk_fixture_stop(&fixture);
}

static bool is_short(void *user, const cotel_baggage_entry *entry)
{
    ++*(int *)user;
    return entry->value.size == 1;
}

static void a_function_may_choose(void **state)
{
    int asked = 0;
    static const char *const names[] = {"tenant.*"};
    cotel_baggage_processor_options chosen = naming(names, 1);
    chosen.wants = is_short;
    chosen.user = &asked;
    start_copying(&chosen, NULL);
    cotel_span_view span = span_within(visit, NULL);
    assert_int_equal(attribute_count(&span), 3);
    assert_string(&span, "secret", "x");
    assert_int_equal(asked, 2); /* not for those that are chosen by name */
    sdk_fixture_stop(&fixture);
}

static void names_are_copied(void **state)
{
    char name[] = "session.id";
    const char *names[] = {name};
    const cotel_baggage_processor_options chosen = naming(names, 1);
    start_copying(&chosen, NULL);
    memset(name, 'x', sizeof name - 1);
    names[0] = NULL;
    cotel_span_view span = span_within(visit, NULL);
    assert_string(&span, "session.id", "s-17");
    sdk_fixture_stop(&fixture);
}

static void what_the_program_says_stays(void **state)
{
    static const char *const names[] = {"*"};
    const cotel_attribute own = cotel_attribute_int("session.id", 42);
    const cotel_baggage_processor_options chosen = naming(names, 1);
    cotel_span_options options = COTEL_SPAN_OPTIONS_INIT;
    options.attributes = &own;
    options.attribute_count = 1;
    start_copying(&chosen, NULL);
    cotel_span_view span = span_within(visit, &options);
    assert_int_equal(attribute_count(&span), 4);
    assert_int_equal(int_attribute(&span, "session.id"), 42);
    sdk_fixture_stop(&fixture);
}

static void a_span_without_baggage_gets_nothing(void **state)
{
    static const char *const names[] = {"*"};
    static const char *const nothing[] = {NULL};
    const cotel_baggage_processor_options chosen = naming(names, 1);
    start_copying(&chosen, NULL);
    cotel_span_view span = span_within(nothing, NULL);
    assert_int_equal(attribute_count(&span), 0);
    sdk_fixture_stop(&fixture);
}

static void the_limits_of_the_span_hold(void **state)
{
    static const char *const names[] = {"*"};
    const cotel_baggage_processor_options chosen = naming(names, 1);
    cotel_tracer_provider_options options = COTEL_TRACER_PROVIDER_OPTIONS_INIT;
    options.limits.attributes = 2;
    options.limits.value_length = 3;
    start_copying(&chosen, &options);
    cotel_span_view span = span_within(visit, NULL);
    assert_int_equal(attribute_count(&span), 2);
    assert_int_equal(span.dropped_attributes, 2);
    assert_string(&span, "session.id", "s-1");
    assert_string(&span, "tenant.name", "acm");
    sdk_fixture_stop(&fixture);
}

static void every_span_within_gets_it(void **state)
{
    static const char *const names[] = {"session.id"};
    const cotel_baggage_processor_options chosen = naming(names, 1);
    start_copying(&chosen, NULL);
    cotel_context *context = context_of(visit);
    cotel_token token = cotel_context_attach(context);
    cotel_context_unref(context);
    cotel_span outer = cotel_span_start(fixture.tracer, "outer", NULL);
    cotel_token inside = cotel_span_activate(&outer);
    cotel_span inner = cotel_span_start(fixture.tracer, "inner", NULL);
    cotel_span_end(&inner);
    cotel_context_detach(inside);
    cotel_span_end(&outer);
    cotel_context_detach(token);
    cotel_span_view span = sdk_fixture_span(&fixture, "outer");
    assert_string(&span, "session.id", "s-17");
    span = sdk_fixture_span(&fixture, "inner");
    assert_string(&span, "session.id", "s-17");
    sdk_fixture_stop(&fixture);
}

enum { THREADS = 4, ROUNDS = 50 };

static void *start_spans(void *context)
{
    cotel_token token = cotel_context_attach(context);
    for (int i = 0; i < ROUNDS; i++) {
        cotel_span span = cotel_span_start(fixture.tracer, "shared", NULL);
        cotel_span_end(&span);
    }
    cotel_context_detach(token);
    return NULL;
}

static void threads_may_share_one_baggage(void **state)
{
    static const char *const names[] = {"tenant.*"};
    const cotel_baggage_processor_options chosen = naming(names, 1);
    pthread_t threads[THREADS];
    start_copying(&chosen, NULL);
    cotel_context *context = context_of(visit);
    for (size_t i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, start_spans, context), 0);
    cotel_context_unref(cotel_context_ref(context));
    for (size_t i = 0; i < THREADS; i++)
        assert_int_equal(pthread_join(threads[i], NULL), 0);
    cotel_context_unref(context);
    assert_int_equal(sdk_fixture_count(&fixture), THREADS * (ROUNDS));
    for (size_t i = 0; i < THREADS * (ROUNDS); i++) {
        cotel_span_view span;
        assert_true(cotel_memory_exporter_get(fixture.memory, i, &span, NULL, NULL));
        assert_string(&span, "tenant.name", "acme");
    }
    sdk_fixture_stop(&fixture);
}

static void what_chooses_nothing_is_refused(void **state)
{
    static const char *const empty[] = {"a", ""}, *const null[] = {NULL, "a"};
    cotel_span_processor *processor = NULL;
    const cotel_baggage_processor_options refused[] = {
        naming(NULL, 0), naming(NULL, 1), naming(empty, 2), naming(null, 2), {.size = 0},
    };
    for (size_t i = 0; i < COUNT_OF(refused); i++)
        assert_int_equal(cotel_baggage_processor_create(&refused[i], &processor),
                         COTEL_STATUS_INVALID_ARGUMENT);
    assert_int_equal(cotel_baggage_processor_create(NULL, &processor),
                     COTEL_STATUS_INVALID_ARGUMENT);
    const cotel_baggage_processor_options good = naming(empty, 1);
    assert_int_equal(cotel_baggage_processor_create(&good, NULL), COTEL_STATUS_INVALID_ARGUMENT);
    assert_null(processor);
}

static void as_many_names_as_entries_are_taken_and_no_more(void **state)
{
    static const char *names[COTEL_BAGGAGE_MAX_ENTRIES + 1];
    for (size_t i = 0; i < COUNT_OF(names); i++)
        names[i] = "name";
    cotel_span_processor *processor = NULL;
    cotel_baggage_processor_options options = naming(names, COUNT_OF(names));
    assert_int_equal(cotel_baggage_processor_create(&options, &processor),
                     COTEL_STATUS_LIMIT_REACHED);
    assert_null(processor);
    options.name_count--;
    assert_int_equal(cotel_baggage_processor_create(&options, &processor), COTEL_STATUS_OK);
    cotel_span_processor_destroy(processor);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(chosen_entries_become_attributes_and_others_do_not),
        cmocka_unit_test(a_star_chooses_all),
        cmocka_unit_test(a_function_may_choose),
        cmocka_unit_test(names_are_copied),
        cmocka_unit_test(what_the_program_says_stays),
        cmocka_unit_test(a_span_without_baggage_gets_nothing),
        cmocka_unit_test(the_limits_of_the_span_hold),
        cmocka_unit_test(every_span_within_gets_it),
        cmocka_unit_test(threads_may_share_one_baggage),
        cmocka_unit_test(what_chooses_nothing_is_refused),
        cmocka_unit_test(as_many_names_as_entries_are_taken_and_no_more),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
