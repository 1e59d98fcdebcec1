/* SPDX-License-Identifier: Apache-2.0 */
#include "suite.h"

/* What must be read from which headers is in tests/spec/data; here is what else holds. */
#define T "12345678901234567890123456789012"
#define S "1234567890123456"
#define VALID "00-" T "-" S "-01"
#define MEMBERS_11(x)                                                                           \
    x "0=1," x "1=1," x "2=1," x "3=1," x "4=1," x "5=1," x "6=1," x "7=1," x "8=1," x "9=1," x \
      "a=1"

/* Headers as they come in, in order; the list ends with a NULL name. */
struct header_case {
    const char *name;
    const char *value;
};

/* A carrier that may hold a header several times, as HTTP does. */
static cotel_str get_case(void *carrier, cotel_str key, size_t index)
{
    const struct header_case *header = carrier;
    for (; header->name; header++) {
        if (strlen(header->name) == key.size &&
            strncasecmp(header->name, key.data, key.size) == 0 && index-- == 0)
            return cotel_str_of(header->value);
    }
    return cotel_str_n(NULL, 0);
}

static const cotel_getter case_getter = {.size = sizeof(cotel_getter), .get = get_case};

static cotel_context *extract(const struct header_case *headers)
{
    return cotel_extract(cotel_context_empty(), &case_getter, (void *)(uintptr_t)headers);
}

static cotel_context *extract_traceparent(const char *value)
{
    const struct header_case headers[] = {{"traceparent", value}, {NULL, NULL}};
    return extract(headers);
}

static void what_was_extracted_is_remote(void **state)
{
    cotel_context *context = extract_traceparent("00-" T "-" S "-00");
    cotel_span_context got = cotel_span_get_context(cotel_context_span_pointer(context));
    assert_true(got.is_remote);
    assert_int_equal(got.trace_flags, 0);
    cotel_context_unref(context);
}

static void known_flags_go_on_and_unknown_ones_are_cleared(void **state)
{
    const struct {
        const char *in, *out;
    } flags[] = {{"00", "00"}, {"01", "01"}, {"02", "02"}, {"03", "03"},
                 {"ff", "03"}, {"fc", "00"}, {"05", "01"}, {"0a", "02"}};
    for (size_t i = 0; i < COUNT_OF(flags); i++) {
        char in[64], expected[64];
        snprintf(in, sizeof in, "00-" T "-" S "-%s", flags[i].in);
        snprintf(expected, sizeof expected, "00-" T "-" S "-%s", flags[i].out);
        cotel_context *context = extract_traceparent(in);
        cotel_headers out = {.count = 0};
        cotel_inject(context, &cotel_headers_setter, &out);
        assert_string_equal(cotel_headers_get(&out, "traceparent"), expected);
        cotel_context_unref(context);
    }
}

static void a_later_version_goes_on_as_version_00(void **state)
{
    cotel_context *context = extract_traceparent("cc-" T "-" S "-01-what-the-future");
    cotel_headers out = {.count = 0};
    cotel_inject(context, &cotel_headers_setter, &out);
    assert_string_equal(cotel_headers_get(&out, "traceparent"), VALID);
    cotel_context_unref(context);
}

static void every_cut_of_a_traceparent_is_refused(void **state)
{
    for (size_t size = 0; size < strlen(VALID); size++) {
        char *cut = malloc(size ? size : 1); /* so that a read beyond it is seen */
        assert_non_null(cut);
        memcpy(cut, VALID, size);
        cotel_headers headers = {.count = 0};
        (void)cotel_headers_set(&headers, cotel_str_of("traceparent"), cotel_str_n(cut, size));
        cotel_context *context =
            cotel_extract(cotel_context_empty(), &cotel_headers_getter, &headers);
        assert_ptr_equal(context, cotel_context_empty());
        free(cut);
    }
}

static void what_is_malformed_leaves_the_context_as_it_was(void **state)
{
    cotel_span span = sample_span(1);
    cotel_context *base = cotel_context_with_span(NULL, &span);
    const struct header_case bad[] = {
        {"traceparent", "bad"}, {"tracestate", "foo=1"}, {NULL, NULL}};
    cotel_context *context = cotel_extract(base, &case_getter, (void *)(uintptr_t)bad);
    assert_ptr_equal(context, base);
    cotel_context_unref(context);
    cotel_context_unref(base);
}

static cotel_propagation_counts counts(void)
{
    cotel_propagation_counts now = {.size = sizeof now};
    cotel_propagation_stats(&now);
    return now;
}

/* What reading these headers adds to the counts. */
static void assert_counted(const struct header_case *headers, uint64_t malformed,
                           uint64_t over_limit)
{
    cotel_propagation_counts before = counts();
    cotel_context_unref(extract(headers));
    assert_int_equal(counts().malformed - before.malformed, malformed);
    assert_int_equal(counts().over_limit - before.over_limit, over_limit);
}

static void what_could_not_be_used_is_counted(void **state)
{
    const struct header_case nothing[] = {{NULL, NULL}};
    const struct header_case good[] = {
        {"traceparent", VALID}, {"tracestate", "foo=1"}, {NULL, NULL}};
    const struct header_case bad[] = {{"traceparent", "bad"}, {"tracestate", "!"}, {NULL, NULL}};
    const struct header_case twice[] = {
        {"traceparent", VALID}, {"traceparent", VALID}, {NULL, NULL}};
    const struct header_case bad_state[] = {
        {"traceparent", VALID}, {"tracestate", "foo=1,!"}, {NULL, NULL}};
    const struct header_case long_state[] = {
        {"traceparent", VALID},
        {"tracestate", MEMBERS_11("a") "," MEMBERS_11("b") "," MEMBERS_11("c")},
        {NULL, NULL}};
    assert_counted(nothing, 0, 0);
    assert_counted(good, 0, 0);
    assert_counted(bad, 1, 0);
    assert_counted(twice, 1, 0);
    assert_counted(bad_state, 1, 0);
    assert_counted(long_state, 0, 1);
}

static void a_tracestate_too_long_is_counted_as_over_the_limit(void **state)
{
    char *text = malloc(COTEL_TRACESTATE_MAX_SIZE + 2);
    assert_non_null(text);
    memset(text, ' ', COTEL_TRACESTATE_MAX_SIZE + 1);
    text[COTEL_TRACESTATE_MAX_SIZE + 1] = '\0';
    const struct header_case headers[] = {
        {"traceparent", VALID}, {"tracestate", text}, {NULL, NULL}};
    assert_counted(headers, 0, 1);
    free(text);
}

static void extract_takes_the_current_context_for_null(void **state)
{
    const struct header_case nothing[] = {{NULL, NULL}};
    cotel_span span = sample_span(1);
    cotel_token token = cotel_span_activate(&span);
    cotel_context *context = cotel_extract(NULL, &case_getter, (void *)(uintptr_t)nothing);
    assert_true(same_span_id(cotel_context_span_pointer(context), &span));
    cotel_context_unref(context);
    cotel_context_detach(token);
}

static void functions_that_are_missing_are_harmless(void **state)
{
    const cotel_getter no_get = {.size = sizeof no_get}, short_get = {.size = sizeof(size_t)};
    const cotel_setter no_set = {.size = sizeof no_set}, short_set = {.size = sizeof(size_t)};
    cotel_context *context = extract_traceparent(VALID);
    assert_ptr_equal(cotel_extract(cotel_context_empty(), NULL, NULL), cotel_context_empty());
    assert_ptr_equal(cotel_extract(cotel_context_empty(), &no_get, NULL), cotel_context_empty());
    assert_ptr_equal(cotel_extract(cotel_context_empty(), &short_get, NULL), cotel_context_empty());
    cotel_inject(context, NULL, NULL);
    cotel_inject(context, &no_set, NULL);
    cotel_inject(context, &short_set, NULL);
    cotel_context_unref(context);
}

static void without_a_valid_span_nothing_is_injected(void **state)
{
    cotel_headers out = {.count = 0};
    cotel_inject(NULL, &cotel_headers_setter, &out);
    cotel_span_context half = sample_context();
    memset(&half.span_id, 0, sizeof half.span_id);
    cotel_context *context = cotel_context_with_span_context(NULL, &half);
    cotel_inject(context, &cotel_headers_setter, &out);
    cotel_context_unref(context);
    half = sample_context();
    memset(&half.trace_id, 0, sizeof half.trace_id);
    context = cotel_context_with_span_context(NULL, &half);
    cotel_inject(context, &cotel_headers_setter, &out);
    cotel_context_unref(context);
    assert_int_equal(out.count, 0);
}

static void an_empty_tracestate_is_not_injected(void **state)
{
    cotel_context *context = extract_traceparent(VALID);
    cotel_headers out = {.count = 0};
    cotel_inject(context, &cotel_headers_setter, &out);
    assert_int_equal(out.count, 1);
    cotel_context_unref(context);
}

/* A getter that takes no notice of the index. */
static cotel_str get_for_ever(void *carrier, cotel_str key, size_t index)
{
    bool is_traceparent = key.size == strlen("traceparent");
    if (is_traceparent)
        return index == 0 ? cotel_str_of(VALID) : cotel_str_n(NULL, 0);
    return cotel_str_of("");
}

static void a_getter_that_never_ends_does_not_hang(void **state)
{
    const cotel_getter endless = {.size = sizeof endless, .get = get_for_ever};
    const cotel_propagator *self = cotel_propagator_tracecontext();
    uint64_t before = counts().over_limit;
    cotel_context *context = self->ops->extract(self, cotel_context_empty(), &endless, NULL);
    assert_ptr_not_equal(context, cotel_context_empty());
    assert_null(cotel_context_tracestate(context));
    assert_int_equal(counts().over_limit - before, 1);
    cotel_context_unref(context);
}

static void the_fields_are_listed(void **state)
{
    const cotel_propagator *propagator = cotel_propagator_tracecontext();
    assert_string_equal(propagator->ops->field(propagator, 0), "traceparent");
    assert_string_equal(propagator->ops->field(propagator, 1), "tracestate");
    assert_null(propagator->ops->field(propagator, 2));
}

static void inject_nothing(const cotel_propagator *self, const cotel_context *context,
                           const cotel_setter *setter, void *carrier)
{
    *(const cotel_propagator **)carrier = self;
}

static void the_global_propagator_can_be_replaced(void **state)
{
    static const cotel_propagator_ops ops = {.size = sizeof ops, .inject = inject_nothing};
    static const cotel_propagator own = {&ops};
    const cotel_propagator *used = NULL;
    assert_ptr_equal(cotel_propagator_global(), cotel_propagator_default());
    cotel_propagator_set_global(&own);
    assert_ptr_equal(cotel_propagator_global(), &own);
    cotel_inject(NULL, &cotel_headers_setter, &used);
    assert_ptr_equal(used, &own);
    /* It can't extract: the context stays. */
    assert_ptr_equal(cotel_extract(NULL, &cotel_headers_getter, NULL), cotel_context_empty());
    cotel_propagator_set_global(NULL);
    assert_ptr_equal(cotel_propagator_global(), cotel_propagator_default());
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_extracted_is_remote),
        cmocka_unit_test(known_flags_go_on_and_unknown_ones_are_cleared),
        cmocka_unit_test(a_later_version_goes_on_as_version_00),
        cmocka_unit_test(every_cut_of_a_traceparent_is_refused),
        cmocka_unit_test(what_is_malformed_leaves_the_context_as_it_was),
        cmocka_unit_test(what_could_not_be_used_is_counted),
        cmocka_unit_test(a_tracestate_too_long_is_counted_as_over_the_limit),
        cmocka_unit_test(extract_takes_the_current_context_for_null),
        cmocka_unit_test(functions_that_are_missing_are_harmless),
        cmocka_unit_test(without_a_valid_span_nothing_is_injected),
        cmocka_unit_test(an_empty_tracestate_is_not_injected),
        cmocka_unit_test(a_getter_that_never_ends_does_not_hang),
        cmocka_unit_test(the_fields_are_listed),
        cmocka_unit_test(the_global_propagator_can_be_replaced),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
