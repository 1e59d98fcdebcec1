/* SPDX-License-Identifier: Apache-2.0 */
/* The cases of data/ as a service has them: a request's headers are extracted, a span stands for
 * the request and one for each call, and what each call's inject sets is compared with what the
 * case asks for. HEADER_CASES names the folder. */
#include "../support/sdk_fixture.h"

#include "../support/baggage_text.h"
#include "../support/header_cases.h"

#include <stdlib.h>
#include <strings.h>

#define KEPT_TRACE_ID "0af7651916cd43dd8448eb211c80319c"
#define KEPT_IDS KEPT_TRACE_ID "-b7ad6b7169203331"

enum { MAX_CALLS = 3, VALUE_SIZE = 16 * 1024, TRACEPARENT_SIZE = 55 };

/* What one call carries; empty: nothing. */
struct call {
    char traceparent[TRACEPARENT_SIZE + 1];
    char tracestate[VALUE_SIZE];
    char baggage[VALUE_SIZE];
};

static struct sdk_fixture sdk;

/* ---- carriers ---- */

/* The value of a line `> NAME: VALUE`; NULL when that is not the name. */
static const char *value_under(const struct case_line *line, cotel_str name)
{
    if (strcmp(line->word, ">") != 0 || strncasecmp(line->rest, name.data, name.size) != 0 ||
        line->rest[name.size] != ':')
        return NULL;
    const char *value = line->rest + name.size + 1;
    return *value == ' ' ? value + 1 : value;
}

static cotel_str get_from_case(void *carrier, cotel_str key, size_t index)
{
    const struct header_case *c = carrier;
    for (size_t i = 0; i < c->line_count; i++) {
        const char *value = value_under(&c->lines[i], key);
        if (value && index-- == 0)
            return cotel_str_of(value);
    }
    return cotel_str_n(NULL, 0);
}

static char *place_for(struct call *call, cotel_str key, size_t *size)
{
    *size = sizeof call->tracestate;
    if (text_is(key, "tracestate"))
        return call->tracestate;
    if (text_is(key, "baggage"))
        return call->baggage;
    assert_true(text_is(key, "traceparent"));
    *size = sizeof call->traceparent;
    return call->traceparent;
}

static void set_in_call(void *carrier, cotel_str key, cotel_str value)
{
    size_t size;
    char *to = place_for(carrier, key, &size);
    assert_true(value.size < size);
    assert_int_equal(*to, '\0'); /* set once */
    memcpy(to, value.data, value.size);
    to[value.size] = '\0';
}

static const cotel_getter getter = {.size = sizeof getter, .get = get_from_case};
static const cotel_setter setter = {.size = sizeof setter, .set = set_in_call};

/* ---- the service ---- */

static cotel_context *start(const char *name, cotel_span_kind kind, const cotel_context *parent)
{
    cotel_span_options options = COTEL_SPAN_OPTIONS_INIT;
    options.parent = parent;
    options.kind = kind;
    cotel_span span = cotel_span_start(sdk.tracer, name, &options);
    return cotel_context_with_span(parent, &span);
}

static void end(cotel_context *context)
{
    cotel_span_end(cotel_context_span_pointer(context));
    cotel_context_unref(context);
}

static void serve(struct header_case *c, struct call *calls, size_t call_count)
{
    cotel_context *caller = cotel_extract(cotel_context_empty(), &getter, c);
    cotel_context *request = start("request", COTEL_SPAN_KIND_SERVER, caller);
    for (size_t i = 0; i < call_count; i++) {
        cotel_context *call = start("call", COTEL_SPAN_KIND_CLIENT, request);
        cotel_inject(call, &setter, &calls[i]);
        end(call);
    }
    end(request);
    cotel_context_unref(caller);
}

/* ---- what has to come out ---- */

static bool stands_in_request(const struct header_case *c, const char *text)
{
    for (size_t i = 0; i < c->line_count; i++) {
        if (strcmp(c->lines[i].word, ">") == 0 && strstr(c->lines[i].rest, text))
            return true;
    }
    return false;
}

/* A valid traceparent: reads its ids. */
static void read_traceparent(const struct header_case *c, const struct call *call,
                             char trace_id[COTEL_TRACE_ID_HEX_SIZE], cotel_span_id *span_id)
{
    const char *text = call->traceparent;
    cotel_trace_id id;
    if (strlen(text) != TRACEPARENT_SIZE || strncmp(text, "00-", 3) != 0 ||
        !cotel_trace_id_from_hex(text + 3, 32, &id) || !cotel_trace_id_is_valid(&id) ||
        !cotel_span_id_from_hex(text + 36, 16, span_id) || !cotel_span_id_is_valid(span_id))
        fail_msg("%s: traceparent is \"%s\"", c->name, text);
    cotel_trace_id_to_hex(&id, trace_id);
}

static bool keeps_trace(const struct header_case *c)
{
    return strcmp(case_text(c, "trace", "new"), "kept") == 0;
}

static void check_ids(const struct header_case *c, const struct call *call)
{
    char trace_id[COTEL_TRACE_ID_HEX_SIZE], span_hex[COTEL_SPAN_ID_HEX_SIZE];
    cotel_span_id span_id;
    read_traceparent(c, call, trace_id, &span_id);
    cotel_span_id_to_hex(&span_id, span_hex);
    bool kept = strcmp(trace_id, KEPT_TRACE_ID) == 0;
    if (kept != keeps_trace(c) || (!kept && stands_in_request(c, trace_id)))
        fail_msg("%s: the trace id is %s", c->name, trace_id);
    if (stands_in_request(c, span_hex))
        fail_msg("%s: the span id is the caller's", c->name);
}

static void check_state(const struct header_case *c, const struct call *call)
{
    const char *flags = call->traceparent + TRACEPARENT_SIZE - 2;
    if (strcmp(case_text(c, "flags", flags), flags) != 0)
        fail_msg("%s: the flags are %s", c->name, flags);
    if (strcmp(case_text(c, "tracestate", ""), call->tracestate) != 0)
        fail_msg("%s: tracestate is \"%s\"", c->name, call->tracestate);
}

static void check_baggage(const struct header_case *c, const struct call *call)
{
    static struct baggage_text wanted, found;
    baggage_text_of_case(&wanted, c);
    baggage_text_of_header(&found, call->baggage);
    if (!baggage_text_equal(&wanted, &found))
        fail_msg("%s: baggage is \"%s\"", c->name, call->baggage);
    size_t size = strtoul(case_text(c, "bytes", "0"), NULL, 10);
    if (size > 0 && strlen(call->baggage) != size)
        fail_msg("%s: baggage has %zu bytes", c->name, strlen(call->baggage));
}

static void check_calls_differ(const struct header_case *c, const struct call *calls, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        for (size_t k = 0; k < i; k++) {
            if (strcmp(calls[i].traceparent, calls[k].traceparent) == 0)
                fail_msg("%s: two calls have one span id", c->name);
            if (strncmp(calls[i].traceparent, calls[k].traceparent, strlen("00-") + 32) != 0)
                fail_msg("%s: two calls have different trace ids", c->name);
        }
    }
}

static void check_service(struct header_case *c)
{
    static struct call calls[MAX_CALLS];
    size_t count = strtoul(case_text(c, "calls", "1"), NULL, 10);
    assert_in_range(count, 1, MAX_CALLS);
    memset(calls, 0, sizeof calls);
    serve(c, calls, count);
    for (size_t i = 0; i < count; i++) {
        check_ids(c, &calls[i]);
        check_state(c, &calls[i]);
        check_baggage(c, &calls[i]);
    }
    check_calls_differ(c, calls, count);
}

/* A trace that is not to be kept is then no trace at all. */
static void check_without_spans(struct header_case *c)
{
    static struct call call;
    memset(&call, 0, sizeof call);
    cotel_context *context = cotel_extract(cotel_context_empty(), &getter, c);
    cotel_inject(context, &setter, &call);
    cotel_context_unref(context);
    if (!keeps_trace(c)) {
        assert_string_equal(call.traceparent, "");
        assert_string_equal(call.tracestate, "");
    } else {
        if (strncmp(call.traceparent, "00-" KEPT_IDS "-", strlen("00-" KEPT_IDS "-")) != 0)
            fail_msg("%s: traceparent is \"%s\"", c->name, call.traceparent);
        check_state(c, &call);
    }
    check_baggage(c, &call);
}

static void run_file(const char *name, size_t at_least)
{
    static struct header_case c;
    struct case_file file;
    size_t count = 0;
    case_file_open(&file, getenv("HEADER_CASES"), name);
    for (; case_file_next(&file, &c); count++) {
        check_service(&c);
        check_without_spans(&c);
    }
    case_file_close(&file);
    assert_true(count >= at_least);
}

static void traceparent_headers_are_read_as_the_recommendation_says(void **state)
{
    run_file("traceparent.cases", 24);
}

static void tracestate_headers_are_read_as_the_recommendation_says(void **state)
{
    run_file("tracestate.cases", 14);
}

static void all_calls_of_a_request_go_on_with_its_trace(void **state)
{
    run_file("several_calls.cases", 3);
}

static void baggage_headers_are_read_as_the_recommendation_says(void **state)
{
    run_file("baggage.cases", 24);
}

static int set_up(void **state)
{
    sdk_fixture_start(&sdk, NULL);
    return 0;
}

static int tear_down(void **state)
{
    sdk_fixture_stop(&sdk);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(traceparent_headers_are_read_as_the_recommendation_says),
        cmocka_unit_test(tracestate_headers_are_read_as_the_recommendation_says),
        cmocka_unit_test(baggage_headers_are_read_as_the_recommendation_says),
        cmocka_unit_test(all_calls_of_a_request_go_on_with_its_trace),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
