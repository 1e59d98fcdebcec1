/* SPDX-License-Identifier: Apache-2.0 */
#include "suite.h"

#define T32 TRACE_ID_HEX
#define T16 "8448eb211c80319c"
#define T16_PADDED "0000000000000000" T16
#define S SPAN_ID_HEX
#define P "05e3ac9a4f6e3b90"

enum state { DENIED, ACCEPTED, DEBUGGED, DEFERRED };

/* What the other form makes of each state. */
static const char *const single_of[] = {"-0", "-1", "-d", ""};
static const char *const sampled_of[] = {"0", "1", NULL, NULL};

struct header {
    const char *key, *value;
};

struct accepted {
    const char *name;
    struct header headers[6];
    const char *trace_id;
    enum state state;
};

static const struct accepted accepted_cases[] = {
    {"accept", {{"b3", T32 "-" S "-1"}}, T32, ACCEPTED},
    {"deny", {{"b3", T32 "-" S "-0"}}, T32, DENIED},
    {"debug", {{"b3", T32 "-" S "-d"}}, T32, DEBUGGED},
    {"deferred", {{"b3", T32 "-" S}}, T32, DEFERRED},
    {"64-bit trace id", {{"b3", T16 "-" S "-1"}}, T16_PADDED, ACCEPTED},
    {"64-bit trace id, deferred", {{"b3", T16 "-" S}}, T16_PADDED, DEFERRED},
    {"parent", {{"b3", T32 "-" S "-1-" P}}, T32, ACCEPTED},
    {"parent, debug", {{"b3", T16 "-" S "-d-" P}}, T16_PADDED, DEBUGGED},
    {"parent of a deferred one", {{"b3", T32 "-" S "-" P}}, T32, DEFERRED},
    {"parent of zeros", {{"b3", T32 "-" S "-1-0000000000000000"}}, T32, ACCEPTED},
    {"white space", {{"b3", " \t" T32 "-" S "-1 "}}, T32, ACCEPTED},
    {"upper case", {{"b3", "0AF7651916CD43DD8448EB211C80319C-B7AD6B7169203331-1"}}, T32, ACCEPTED},
    {"multi", {{"X-B3-TraceId", T32}, {"X-B3-SpanId", S}, {"X-B3-Sampled", "1"}}, T32, ACCEPTED},
    {"multi, deny",
     {{"x-b3-traceid", T32}, {"x-b3-spanid", S}, {"x-b3-sampled", "0"}},
     T32,
     DENIED},
    {"multi, true",
     {{"x-b3-traceid", T32}, {"x-b3-spanid", S}, {"x-b3-sampled", "True"}},
     T32,
     ACCEPTED},
    {"multi, false",
     {{"x-b3-traceid", T32}, {"x-b3-spanid", S}, {"x-b3-sampled", "false"}},
     T32,
     DENIED},
    {"multi, deferred", {{"x-b3-traceid", T16}, {"x-b3-spanid", S}}, T16_PADDED, DEFERRED},
    {"multi, empty is deferred",
     {{"x-b3-traceid", T32}, {"x-b3-spanid", S}, {"x-b3-sampled", ""}},
     T32,
     DEFERRED},
    {"multi, debug",
     {{"x-b3-traceid", T32}, {"x-b3-spanid", S}, {"x-b3-flags", "1"}},
     T32,
     DEBUGGED},
    {"multi, debug goes before the decision",
     {{"x-b3-traceid", T32}, {"x-b3-spanid", S}, {"x-b3-flags", "1"}, {"x-b3-sampled", "0"}},
     T32,
     DEBUGGED},
    {"multi, other flags are none",
     {{"x-b3-traceid", T32}, {"x-b3-spanid", S}, {"x-b3-flags", "3"}, {"x-b3-sampled", "0"}},
     T32,
     DENIED},
    {"multi, parent",
     {{"x-b3-traceid", T32}, {"x-b3-spanid", S}, {"x-b3-sampled", "1"}, {"x-b3-parentspanid", P}},
     T32,
     ACCEPTED},
    {"multi, upper case",
     {{"x-b3-traceid", "8448EB211C80319C"}, {"x-b3-spanid", S}, {"x-b3-sampled", "1"}},
     T16_PADDED,
     ACCEPTED},
    {"the one header goes first",
     {{"x-b3-traceid", "ffffffffffffffff"},
      {"x-b3-spanid", P},
      {"x-b3-sampled", "0"},
      {"b3", T32 "-" S "-1"}},
     T32,
     ACCEPTED},
    {"behind a malformed one",
     {{"b3", "bad"}, {"x-b3-traceid", T32}, {"x-b3-spanid", S}, {"x-b3-sampled", "1"}},
     T32,
     ACCEPTED},
    {"behind a bare decision",
     {{"b3", "0"}, {"x-b3-traceid", T32}, {"x-b3-spanid", S}, {"x-b3-sampled", "1"}},
     T32,
     ACCEPTED},
};

struct refused {
    const char *name;
    struct header headers[4];
    uint64_t malformed;
};

static const struct refused refused_cases[] = {
    {"nothing", {{NULL, NULL}}, 0},
    {"empty", {{"b3", " "}}, 0},
    {"deny alone", {{"b3", "0"}}, 0},
    {"accept alone", {{"b3", "1"}}, 0},
    {"debug alone", {{"b3", "d"}}, 0},
    {"no such state alone", {{"b3", "2"}}, 1},
    {"trace id alone", {{"b3", T32}}, 1},
    {"no such state", {{"b3", T32 "-" S "-2"}}, 1},
    {"upper-case debug", {{"b3", T32 "-" S "-D"}}, 1},
    {"empty state", {{"b3", T32 "-" S "-"}}, 1},
    {"empty state before a parent", {{"b3", T32 "-" S "--" P}}, 1},
    {"long state", {{"b3", T32 "-" S "-10"}}, 1},
    {"word for a state", {{"b3", T32 "-" S "-true"}}, 1},
    {"short parent", {{"b3", T32 "-" S "-1-05e3"}}, 1},
    {"parent that is no id", {{"b3", T32 "-" S "-1-05e3ac9a4f6e3b9z"}}, 1},
    {"two parents", {{"b3", T32 "-" S "-" P "-" P}}, 1},
    {"a field too many", {{"b3", T32 "-" S "-1-" P "-1"}}, 1},
    {"many fields too many", {{"b3", T32 "-" S "-1-" P "------"}}, 1},
    {"zero trace id", {{"b3", "00000000000000000000000000000000-" S "-1"}}, 1},
    {"zero short trace id", {{"b3", "0000000000000000-" S "-1"}}, 1},
    {"zero span id", {{"b3", T32 "-0000000000000000-1"}}, 1},
    {"trace id of another length", {{"b3", "448eb211c80319c-" S "-1"}}, 1},
    {"trace id too long", {{"b3", T32 "0-" S "-1"}}, 1},
    {"span id of another length", {{"b3", T32 "-7ad6b7169203331-1"}}, 1},
    {"span id too long", {{"b3", T32 "-" S S "-1"}}, 1},
    {"no digit in the trace id", {{"b3", "gaf7651916cd43dd8448eb211c80319c-" S "-1"}}, 1},
    {"no digit in the span id", {{"b3", T32 "-b7ad6b716920333g-1"}}, 1},
    {"multi, decision alone", {{"x-b3-sampled", "0"}}, 0},
    {"multi, debug alone", {{"x-b3-flags", "1"}}, 0},
    {"multi, trace id alone", {{"x-b3-traceid", T32}, {"x-b3-sampled", "1"}}, 1},
    {"multi, span id alone", {{"x-b3-spanid", S}, {"x-b3-sampled", "1"}}, 1},
    {"multi, no such decision",
     {{"x-b3-traceid", T32}, {"x-b3-spanid", S}, {"x-b3-sampled", "maybe"}},
     1},
    {"multi, debug is no decision",
     {{"x-b3-traceid", T32}, {"x-b3-spanid", S}, {"x-b3-sampled", "d"}},
     1},
    {"multi, bad trace id", {{"x-b3-traceid", "bad"}, {"x-b3-spanid", S}}, 1},
    {"both malformed", {{"b3", "bad"}, {"x-b3-traceid", "bad"}, {"x-b3-spanid", S}}, 2},
};

static uint64_t malformed(void)
{
    cotel_propagation_counts counts = {.size = sizeof counts};
    cotel_propagation_stats(&counts);
    return counts.malformed;
}

/* The list ends with a NULL key. */
static void set_all(cotel_headers *headers, const struct header *list)
{
    for (; list->key; list++)
        assert_true(cotel_headers_set(headers, cotel_str_of(list->key), cotel_str_of(list->value)));
}

static cotel_context *extract_with(const cotel_propagator *propagator, const cotel_context *base,
                                   const struct header *list)
{
    cotel_headers headers = {.count = 0};
    set_all(&headers, list);
    return propagator->ops->extract(propagator, base, &cotel_headers_getter, &headers);
}

static cotel_context *extract(const cotel_context *base, const struct header *list)
{
    return extract_with(cotel_propagator_b3(), base, list);
}

static void inject(const cotel_propagator *b3, const cotel_context *context, cotel_headers *headers)
{
    b3->ops->inject(b3, context, &cotel_headers_setter, headers);
}

static void assert_single(const cotel_context *context, const char *name, const char *expected)
{
    cotel_headers headers = {.count = 0};
    inject(cotel_propagator_b3(), context, &headers);
    const char *value = cotel_headers_get(&headers, "b3");
    if (headers.count != 1 || !value || strcmp(value, expected) != 0)
        fail_msg("%s: b3 is %s, not %s", name, value ? value : "missing", expected);
}

static void assert_header(const cotel_headers *headers, const char *key, const char *expected)
{
    if (expected)
        assert_string_equal(cotel_headers_get(headers, key), expected);
    else
        assert_null(cotel_headers_get(headers, key));
}

static void assert_multi(const cotel_context *context, const char *trace_id, enum state state)
{
    cotel_headers headers = {.count = 0};
    inject(cotel_propagator_b3_multi(), context, &headers);
    assert_header(&headers, "x-b3-traceid", trace_id);
    assert_header(&headers, "x-b3-spanid", S);
    assert_header(&headers, "x-b3-sampled", sampled_of[state]);
    assert_header(&headers, "x-b3-flags", state == DEBUGGED ? "1" : NULL);
    assert_null(cotel_headers_get(&headers, "x-b3-parentspanid"));
    assert_int_equal(headers.count, state == DEFERRED ? 2 : 3);
}

static void each_form_is_read_and_goes_on_in_both(void **state)
{
    for (size_t i = 0; i < COUNT_OF(accepted_cases); i++) {
        const struct accepted *c = &accepted_cases[i];
        char expected[64];
        snprintf(expected, sizeof expected, "%s-" S "%s", c->trace_id, single_of[c->state]);
        cotel_context *context = extract(cotel_context_empty(), c->headers);
        const cotel_span *span = cotel_context_span_pointer(context);
        bool sampled = c->state == ACCEPTED || c->state == DEBUGGED;
        assert_single(context, c->name, expected);
        assert_multi(context, c->trace_id, c->state);
        assert_int_equal(span->trace_flags, sampled ? COTEL_TRACE_FLAG_SAMPLED : 0);
        assert_true(cotel_span_get_context(span).is_remote);
        cotel_context_unref(context);
    }
}

static void what_is_no_span_leaves_the_context_and_what_is_malformed_is_counted(void **state)
{
    cotel_span span = sample_span(1);
    cotel_context *base = cotel_context_with_span(NULL, &span);
    for (size_t i = 0; i < COUNT_OF(refused_cases); i++) {
        const struct refused *c = &refused_cases[i];
        uint64_t before = malformed();
        cotel_context *context = extract(base, c->headers);
        if (context != base || malformed() - before != c->malformed)
            fail_msg("%s: %s, %d malformed", c->name, context == base ? "refused" : "accepted",
                     (int)(malformed() - before));
        cotel_context_unref(context);
    }
    cotel_context_unref(base);
}

static void both_propagators_read_both_forms(void **state)
{
    const struct header list[] = {{"b3", T32 "-" S "-1"}, {NULL, NULL}};
    cotel_context *context = extract_with(cotel_propagator_b3_multi(), NULL, list);
    assert_multi(context, T32, ACCEPTED);
    cotel_context_unref(context);
}

/* ---- the debug flag and the deferred decision ---- */

/* A span of this process, in a context that may have a mark. */
static cotel_context *with_span_of(const cotel_context *base, const char *trace_id)
{
    cotel_span_context identity = sample_context();
    assert_true(cotel_trace_id_from_hex(trace_id, 32, &identity.trace_id));
    identity.span_id.bytes[7] = 0xff;
    return cotel_context_with_span_context(base, &identity);
}

static void debug_goes_on_with_other_spans_of_the_trace(void **state)
{
    const struct header debug[] = {{"b3", T32 "-" S "-d"}, {NULL, NULL}};
    cotel_context *context = extract(cotel_context_empty(), debug);
    cotel_context *child = with_span_of(context, T32);
    assert_single(child, "child", T32 "-b7ad6b71692033ff-d");
    cotel_context_unref(child);
    cotel_context_unref(context);
}

static void debug_does_not_go_on_with_another_trace(void **state)
{
    const struct header debug[] = {{"b3", T32 "-" S "-d"}, {NULL, NULL}};
    cotel_context *context = extract(cotel_context_empty(), debug);
    cotel_context *root = with_span_of(context, T16_PADDED);
    assert_single(root, "root", T16_PADDED "-b7ad6b71692033ff-1");
    cotel_context_unref(root);
    cotel_context_unref(context);
}

static void a_later_header_without_debug_takes_it_back(void **state)
{
    const struct header debug[] = {{"b3", T32 "-" S "-d"}, {NULL, NULL}};
    const struct header plain[] = {{"b3", T32 "-" S "-1"}, {NULL, NULL}};
    const struct header bad[] = {{"b3", "bad"}, {NULL, NULL}};
    cotel_context *context = extract(cotel_context_empty(), debug);
    cotel_context *same = extract(context, bad);
    assert_single(same, "malformed", T32 "-" S "-d");
    cotel_context *later = extract(context, plain);
    assert_single(later, "later", T32 "-" S "-1");
    cotel_context_unref(later);
    cotel_context_unref(same);
    cotel_context_unref(context);
}

static void a_decision_of_this_process_is_not_deferred(void **state)
{
    const struct header deferred[] = {{"b3", T32 "-" S}, {NULL, NULL}};
    cotel_context *context = extract(cotel_context_empty(), deferred);
    cotel_context *child = with_span_of(context, T32);
    assert_single(child, "child", T32 "-b7ad6b71692033ff-1");
    cotel_context_unref(child);
    cotel_context_unref(context);
}

static void what_trace_context_said_of_the_same_span_stays(void **state)
{
    const cotel_propagator *const list[] = {cotel_propagator_tracecontext(), cotel_propagator_b3()};
    cotel_propagator *both;
    assert_int_equal(cotel_propagator_composite_create(list, 2, &both), COTEL_STATUS_OK);
    const struct header sent[] = {{"traceparent", "00-" T32 "-" S "-03"},
                                  {"tracestate", "foo=1"},
                                  {"b3", T32 "-" S "-d"},
                                  {NULL, NULL}};
    cotel_headers out = {.count = 0};
    cotel_context *context = extract_with(both, NULL, sent);
    both->ops->inject(both, context, &cotel_headers_setter, &out);
    for (const struct header *h = sent; h->key; h++)
        assert_header(&out, h->key, h->value);
    cotel_context_unref(context);
    cotel_propagator_composite_destroy(both);
}

static void another_span_does_not_get_its_tracestate(void **state)
{
    const struct header other[] = {{"b3", T32 "-" P "-1"}, {NULL, NULL}};
    const struct header sent[] = {
        {"traceparent", "00-" T32 "-" S "-03"}, {"tracestate", "foo=1"}, {NULL, NULL}};
    cotel_context *base = extract_with(cotel_propagator_tracecontext(), NULL, sent);
    cotel_context *context = extract(base, other);
    assert_null(cotel_context_tracestate(context));
    assert_int_equal(cotel_context_span_pointer(context)->trace_flags, COTEL_TRACE_FLAG_SAMPLED);
    cotel_context_unref(context);
    cotel_context_unref(base);
}

/* ---- the rest of the contract ---- */

static void only_what_is_injected_is_a_field(void **state)
{
    const char *const multi[] = {"x-b3-traceid", "x-b3-spanid", "x-b3-sampled", "x-b3-flags"};
    const cotel_propagator_ops *ops = cotel_propagator_b3()->ops;
    assert_string_equal(ops->field(cotel_propagator_b3(), 0), "b3");
    assert_null(ops->field(cotel_propagator_b3(), 1));
    ops = cotel_propagator_b3_multi()->ops;
    for (size_t i = 0; i < COUNT_OF(multi); i++)
        assert_string_equal(ops->field(cotel_propagator_b3_multi(), i), multi[i]);
    assert_null(ops->field(cotel_propagator_b3_multi(), COUNT_OF(multi)));
}

static void without_a_valid_span_nothing_is_injected(void **state)
{
    cotel_headers headers = {.count = 0};
    cotel_span_context half = sample_context();
    memset(&half.span_id, 0, sizeof half.span_id);
    cotel_context *context = cotel_context_with_span_context(NULL, &half);
    inject(cotel_propagator_b3(), NULL, &headers);
    inject(cotel_propagator_b3(), context, &headers);
    inject(cotel_propagator_b3_multi(), cotel_context_empty(), &headers);
    inject(cotel_propagator_b3_multi(), context, &headers);
    assert_int_equal(headers.count, 0);
    cotel_context_unref(context);
}

static void b3_takes_carriers_that_lack_functions(void **state)
{
    const cotel_getter no_get = {.size = sizeof no_get}, short_get = {.size = sizeof(size_t)};
    const cotel_setter no_set = {.size = sizeof no_set}, short_set = {.size = sizeof(size_t)};
    const cotel_propagator *const both[] = {cotel_propagator_b3(), cotel_propagator_b3_multi()};
    cotel_span span = sample_span(1);
    cotel_context *context = cotel_context_with_span(NULL, &span);
    for (size_t i = 0; i < COUNT_OF(both); i++) {
        both[i]->ops->inject(both[i], context, NULL, NULL);
        both[i]->ops->inject(both[i], context, &no_set, NULL);
        both[i]->ops->inject(both[i], context, &short_set, NULL);
        cotel_context_unref(both[i]->ops->extract(both[i], context, NULL, NULL));
        cotel_context_unref(both[i]->ops->extract(both[i], context, &no_get, NULL));
        cotel_context_unref(both[i]->ops->extract(both[i], context, &short_get, NULL));
    }
    cotel_context_unref(context);
}

/* A carrier that has nothing but one `b3`. */
static cotel_str get_b3(void *carrier, cotel_str key, size_t index)
{
    return key.size == 2 && index == 0 ? *(cotel_str *)carrier : cotel_str_n(NULL, 0);
}

static void every_cut_of_the_one_header_is_read_within_its_bounds(void **state)
{
    static const char whole[] = T32 "-" S "-1-" P;
    const cotel_getter getter = {.size = sizeof getter, .get = get_b3};
    const cotel_propagator *b3 = cotel_propagator_b3();
    for (size_t size = 0; size < strlen(whole); size++) {
        char *data = malloc(size ? size : 1); /* so that a read beyond it is seen */
        assert_non_null(data);
        memcpy(data, whole, size);
        cotel_str cut = cotel_str_n(data, size);
        cotel_context *context = b3->ops->extract(b3, cotel_context_empty(), &getter, &cut);
        bool ends_with_a_field = size == strlen(T32 "-" S) || size == strlen(T32 "-" S "-1");
        assert_int_equal(context != cotel_context_empty(), ends_with_a_field);
        cotel_context_unref(context);
        free(data);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_form_is_read_and_goes_on_in_both),
        cmocka_unit_test(what_is_no_span_leaves_the_context_and_what_is_malformed_is_counted),
        cmocka_unit_test(both_propagators_read_both_forms),
        cmocka_unit_test(debug_goes_on_with_other_spans_of_the_trace),
        cmocka_unit_test(debug_does_not_go_on_with_another_trace),
        cmocka_unit_test(a_later_header_without_debug_takes_it_back),
        cmocka_unit_test(a_decision_of_this_process_is_not_deferred),
        cmocka_unit_test(what_trace_context_said_of_the_same_span_stays),
        cmocka_unit_test(another_span_does_not_get_its_tracestate),
        cmocka_unit_test(only_what_is_injected_is_a_field),
        cmocka_unit_test(without_a_valid_span_nothing_is_injected),
        cmocka_unit_test(b3_takes_carriers_that_lack_functions),
        cmocka_unit_test(every_cut_of_the_one_header_is_read_within_its_bounds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
