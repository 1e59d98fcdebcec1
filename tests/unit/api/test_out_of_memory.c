/* SPDX-License-Identifier: Apache-2.0 */
/* Each allocation of a call fails in its turn. The linker puts these allocators in place of the C
 * library's. */
#include "suite.h"

#include "fake_sdk.h"

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *block, size_t size);
char *__real_strdup(const char *text);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *block, size_t size);
char *__wrap_strdup(const char *text);

static int fails_in = -1; /* how many succeed first; -1: all do */
static bool recovers;     /* only one fails, and those after it succeed */

static bool fails(void)
{
    if (fails_in < 0)
        return false;
    if (fails_in == 0) {
        fails_in = recovers ? -1 : 0;
        return true;
    }
    fails_in--;
    return false;
}

void *__wrap_malloc(size_t size)
{
    return fails() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
    return fails() ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *block, size_t size)
{
    return fails() ? NULL : __real_realloc(block, size);
}

char *__wrap_strdup(const char *text)
{
    return fails() ? NULL : __real_strdup(text);
}

static int start_afresh(void **state)
{
    fails_in = -1;
    recovers = false;
    return 0;
}

static void the_first_attach_is_refused_and_the_next_one_works(void **state)
{
    cotel_context_counts counts = {.size = sizeof counts};
    cotel_span span = sample_span(1);
    fails_in = 0;
    cotel_token token = cotel_span_activate(&span);
    cotel_token other = cotel_context_attach(cotel_context_empty());
    fails_in = -1;
    assert_null(token.state);
    assert_null(other.state);
    cotel_context_stats(&counts);
    assert_int_equal(counts.not_attached, 2);
    cotel_context_detach(token);

    token = cotel_span_activate(&span);
    assert_true(same_span_id(cotel_context_span_pointer(NULL), &span));
    cotel_context_detach(token);
}

static void beyond_the_inline_levels_attach_is_refused(void **state)
{
    cotel_token tokens[20];
    for (size_t i = 0; i < COUNT_OF(tokens); i++) {
        cotel_span span = sample_span((uint8_t)i);
        fails_in = i > 0 ? 0 : -1;
        tokens[i] = cotel_span_activate(&span);
        fails_in = -1;
    }
    cotel_span expected = sample_span(15);
    assert_true(same_span_id(cotel_context_span_pointer(NULL), &expected));
    for (size_t i = COUNT_OF(tokens); i > 0; i--)
        cotel_context_detach(tokens[i - 1]);
    assert_ptr_equal(cotel_context_current(), cotel_context_empty());
}

static void contexts_become_the_empty_one(void **state)
{
    cotel_span_context remote = sample_context();
    cotel_span span = sample_span(1);
    cotel_tracestate *tracestate = tracestate_of("foo=1");
    remote.tracestate = tracestate;
    cotel_token token = cotel_span_activate(&span);
    fails_in = 0;
    assert_ptr_equal(cotel_context_with_span(NULL, &span), cotel_context_empty());
    assert_ptr_equal(cotel_context_with_span_context(NULL, &remote), cotel_context_empty());
    assert_ptr_equal(cotel_context_capture(), cotel_context_empty());
    fails_in = -1;
    cotel_context_detach(token);
    cotel_tracestate_unref(tracestate);
}

static void a_tracestate_stays_as_it_was(void **state)
{
    cotel_tracestate *list = tracestate_of("foo=1,bar=2");
    fails_in = 0;
    assert_null(tracestate_of("foo=1"));
    assert_ptr_equal(cotel_tracestate_set(list, cotel_str_of("a"), cotel_str_of("1")), list);
    assert_ptr_equal(cotel_tracestate_remove(list, cotel_str_of("foo")), list);
    assert_null(cotel_tracestate_set(NULL, cotel_str_of("a"), cotel_str_of("1")));
    fails_in = -1;
    for (int i = 0; i < 3; i++)
        cotel_tracestate_unref(list);
}

static void a_baggage_stays_as_it_was(void **state)
{
    cotel_baggage *one = cotel_baggage_set(NULL, "a", "1");
    cotel_baggage *baggage = cotel_baggage_set(one, "b", "2");
    fails_in = 0;
    assert_null(cotel_baggage_set(NULL, "a", "1"));
    assert_ptr_equal(cotel_baggage_set(baggage, "c", "3"), baggage);
    assert_ptr_equal(cotel_baggage_set(baggage, "a\xff", "3"), baggage);
    assert_ptr_equal(cotel_baggage_remove(baggage, cotel_str_of("a")), baggage);
    fails_in = 1; /* the repaired name has its memory, the whole has none */
    assert_ptr_equal(cotel_baggage_set(baggage, "a\xff", "3"), baggage);
    fails_in = -1;
    for (int i = 0; i < 5; i++)
        cotel_baggage_unref(baggage);
    cotel_baggage_unref(one);
}

/* Whether the context that replaces or clears the old baggage is sure not to have it. */
static void baggage_that_was_taken_out_never_stays(void **state)
{
    static const cotel_context_key *other;
    int value;
    other = cotel_context_key_create("other");
    cotel_baggage *old = cotel_baggage_set(NULL, "secret", "1");
    cotel_baggage *new = cotel_baggage_set(NULL, "harmless", "2");
    cotel_context *base = cotel_context_with_baggage(cotel_context_empty(), old);
    cotel_context *more = cotel_context_with_value(base, other, &value, NULL);
    cotel_baggage *const next[] = {NULL, new, NULL, new};
    for (size_t i = 0; i < COUNT_OF(next); i++) {
        recovers = i < 2;
        for (int first = 0; first < 3; first++) {
            fails_in = first;
            cotel_context *context = cotel_context_with_baggage(more, next[i]);
            fails_in = -1;
            cotel_baggage *got = cotel_context_baggage(context);
            assert_true(got == next[i] || context == cotel_context_empty());
            cotel_baggage_unref(got);
            cotel_context_unref(context);
        }
    }
    cotel_context_unref(more);
    cotel_context_unref(base);
    cotel_baggage_unref(new);
    cotel_baggage_unref(old);
}

/* At each allocation: what the context had, or what the carrier says over it, or nothing. */
static void extracting_baggage_survives(void **state)
{
    const cotel_propagator *propagator = cotel_propagator_baggage();
    cotel_headers headers = {.count = 0};
    (void)cotel_headers_set(&headers, cotel_str_of("baggage"), cotel_str_of("b=2"));
    cotel_baggage *local = cotel_baggage_set(NULL, "a", "1");
    cotel_context *base = cotel_context_with_baggage(cotel_context_empty(), local);
    size_t count = 0;
    for (int first = 0; count < 2; first++) {
        fails_in = first;
        cotel_context *context =
            propagator->ops->extract(propagator, base, &cotel_headers_getter, &headers);
        fails_in = -1;
        cotel_baggage *got = cotel_context_baggage(context);
        count = cotel_baggage_count(got);
        assert_true(count == 2 || got == local || context == cotel_context_empty());
        cotel_baggage_unref(got);
        cotel_context_unref(context);
    }
    cotel_context_unref(base);
    cotel_baggage_unref(local);
}

static void injecting_baggage_needs_no_memory(void **state)
{
    const cotel_propagator *propagator = cotel_propagator_baggage();
    cotel_headers headers = {.count = 0};
    cotel_baggage *baggage = cotel_baggage_set(NULL, "a", "1");
    cotel_context *context = cotel_context_with_baggage(cotel_context_empty(), baggage);
    fails_in = 0;
    propagator->ops->inject(propagator, context, &cotel_headers_setter, &headers);
    fails_in = -1;
    assert_string_equal(cotel_headers_get(&headers, "baggage"), "a=1");
    cotel_context_unref(context);
    cotel_baggage_unref(baggage);
}

/* At each allocation: what the carrier says, or that without the debug flag, or nothing. */
static void extracting_b3_survives(void **state)
{
    const cotel_propagator *b3 = cotel_propagator_b3();
    const char header[] = TRACE_ID_HEX "-" SPAN_ID_HEX "-d";
    cotel_headers headers = {.count = 0};
    (void)cotel_headers_set(&headers, cotel_str_of("b3"), cotel_str_of(header));
    bool complete = false;
    for (int first = 0; !complete; first++) {
        cotel_headers sent = {.count = 0};
        fails_in = first;
        cotel_context *context =
            b3->ops->extract(b3, cotel_context_empty(), &cotel_headers_getter, &headers);
        b3->ops->inject(b3, context, &cotel_headers_setter, &sent); /* needs no memory */
        fails_in = -1;
        const char *value = cotel_headers_get(&sent, "b3");
        complete = value && strcmp(value, header) == 0;
        assert_true(complete || context == cotel_context_empty() ||
                    strcmp(value, TRACE_ID_HEX "-" SPAN_ID_HEX "-1") == 0);
        cotel_context_unref(context);
    }
}

/* At each allocation: span and baggage, or one of them, or nothing; never anything else. */
static void extracting_jaeger_survives(void **state)
{
    const cotel_propagator *jaeger = cotel_propagator_jaeger();
    cotel_headers headers = {.count = 0};
    (void)cotel_headers_set(&headers, cotel_str_of("uber-trace-id"),
                            cotel_str_of(TRACE_ID_HEX ":" SPAN_ID_HEX ":0:1"));
    (void)cotel_headers_set(&headers, cotel_str_of("uberctx-a"), cotel_str_of("1"));
    size_t written = 0;
    for (int first = 0; written < headers.count; first++) {
        cotel_headers sent = {.count = 0};
        fails_in = first;
        cotel_context *context =
            jaeger->ops->extract(jaeger, cotel_context_empty(), &cotel_headers_getter, &headers);
        jaeger->ops->inject(jaeger, context, &cotel_headers_setter, &sent); /* needs no memory */
        fails_in = -1;
        written = sent.count;
        for (size_t i = 0; i < sent.count; i++)
            assert_string_equal(sent.items[i].value,
                                cotel_headers_get(&headers, sent.items[i].key));
        cotel_context_unref(context);
    }
}

static void a_composite_is_made_or_not(void **state)
{
    const cotel_propagator *const list[] = {cotel_propagator_b3()};
    cotel_propagator *composite = NULL;
    fails_in = 0;
    assert_int_equal(cotel_propagator_composite_create(list, 1, &composite),
                     COTEL_STATUS_OUT_OF_MEMORY);
    fails_in = -1;
    assert_null(composite);
}

static void extract_survives(void **state)
{
    cotel_headers headers = {.count = 0};
    (void)cotel_headers_set(&headers, cotel_str_of("traceparent"), cotel_str_of(TRACEPARENT));
    (void)cotel_headers_set(&headers, cotel_str_of("tracestate"), cotel_str_of("foo=1"));
    for (int i = 0; i < 2; i++) {
        fails_in = i;
        cotel_context *context = cotel_extract(NULL, &cotel_headers_getter, &headers);
        fails_in = -1;
        assert_ptr_equal(context, cotel_context_empty());
    }
}

static void inject_needs_no_memory(void **state)
{
    cotel_headers headers = {.count = 0};
    cotel_span_context remote = sample_context();
    cotel_tracestate *tracestate = tracestate_of("foo=1");
    remote.tracestate = tracestate;
    cotel_context *context = cotel_context_with_span_context(NULL, &remote);
    fails_in = 0;
    cotel_inject(context, &cotel_headers_setter, &headers);
    fails_in = -1;
    assert_string_equal(cotel_headers_get(&headers, "traceparent"), TRACEPARENT);
    assert_string_equal(cotel_headers_get(&headers, "tracestate"), "foo=1");
    cotel_context_unref(context);
    cotel_tracestate_unref(tracestate);
}

static void a_tracer_that_can_t_be_made_is_the_shared_one(void **state)
{
    static struct fake_provider provider = FAKE_PROVIDER_INIT;
    cotel_tracer_provider_set_global(&provider.base);
    fails_in = 0;
    cotel_tracer *shared = cotel_tracer_get("needs memory", NULL);
    fails_in = -1;
    assert_non_null(shared);
    assert_false(cotel_tracer_enabled(shared));
    cotel_tracer *tracer = cotel_tracer_get("needs memory", NULL);
    assert_ptr_not_equal(tracer, shared);
    assert_true(cotel_tracer_enabled(tracer));
    fails_in = 0;
    assert_ptr_equal(cotel_tracer_get("needs memory", NULL), tracer);
    fails_in = -1;
}

static void an_environment_is_made_whole_or_not_at_all(void **state)
{
    char a[] = "A=1", b[] = "B=2";
    char *const base[] = {a, b, NULL};
    cotel_span span = sample_span(1);
    cotel_context *context = cotel_context_with_span(NULL, &span);
    for (int i = 0;; i++) {
        cotel_environment *environment = NULL;
        fails_in = i;
        cotel_status status = cotel_environment_create(context, base, &environment);
        fails_in = -1;
        if (status == COTEL_STATUS_OK) {
            assert_true(i > 3);
            assert_string_equal(cotel_environment_variables(environment)[1], "B=2");
            cotel_environment_destroy(environment);
            break;
        }
        assert_int_equal(status, COTEL_STATUS_OUT_OF_MEMORY);
        assert_null(environment);
    }
    cotel_context_unref(context);
}

#define MEMORY_TEST(name) cmocka_unit_test_setup(name, start_afresh)

int main(void)
{
    const struct CMUnitTest tests[] = {
        MEMORY_TEST(the_first_attach_is_refused_and_the_next_one_works),
        MEMORY_TEST(beyond_the_inline_levels_attach_is_refused),
        MEMORY_TEST(contexts_become_the_empty_one),
        MEMORY_TEST(a_tracestate_stays_as_it_was),
        MEMORY_TEST(a_baggage_stays_as_it_was),
        MEMORY_TEST(baggage_that_was_taken_out_never_stays),
        MEMORY_TEST(extracting_baggage_survives),
        MEMORY_TEST(injecting_baggage_needs_no_memory),
        MEMORY_TEST(extracting_b3_survives),
        MEMORY_TEST(extracting_jaeger_survives),
        MEMORY_TEST(a_composite_is_made_or_not),
        MEMORY_TEST(extract_survives),
        MEMORY_TEST(inject_needs_no_memory),
        MEMORY_TEST(a_tracer_that_can_t_be_made_is_the_shared_one),
        MEMORY_TEST(an_environment_is_made_whole_or_not_at_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
