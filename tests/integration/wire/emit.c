/* SPDX-License-Identifier: Apache-2.0 */
/* Sends spans whose every value is known, through the whole library, and prints the ids that it
 * got: a line `name trace_id span_id flags` each. check.py knows the rest by heart. */
#include <cotel/cotel.h>
#include <cotel/sdk/auto.h>

#include <stdio.h>

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

#define START_NS 1700000000000000001u
#define END_NS 1700000000123456789u
#define EVENT_NS 1700000000000000777u

#define REMOTE_TRACEPARENT "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-03"
#define REMOTE_TRACESTATE "vendor=value,other=1"

static void report(const char *name, const cotel_span *span)
{
    char trace_id[COTEL_TRACE_ID_HEX_SIZE];
    char span_id[COTEL_SPAN_ID_HEX_SIZE];
    cotel_span_context context = cotel_span_get_context(span);
    cotel_trace_id_to_hex(&context.trace_id, trace_id);
    cotel_span_id_to_hex(&context.span_id, span_id);
    printf("%s %s %s %u\n", name, trace_id, span_id, (unsigned)context.trace_flags);
}

static void set(const cotel_span *span, const char *key, cotel_value value)
{
    const cotel_attribute attribute = cotel_attribute_of(key, value);
    cotel_span_set_attribute(span, &attribute);
}

/* ---- the spans ---------------------------------------------------------------------------- */

static void set_scalars(const cotel_span *span)
{
    cotel_span_set_string(span, "string", "gr\xc3\xbc\xc3\x9f \xe2\x82\xac \xf0\x9f\x98\x80");
    cotel_span_set_string(span, "string.empty", "");
    cotel_span_set_string_n(span, "string.nul", 10, "a\0b", 3);
    cotel_span_set_string(span, "string.bad", "a\xff z");
    cotel_span_set_bool(span, "bool.true", true);
    cotel_span_set_bool(span, "bool.false", false);
    cotel_span_set_int(span, "int.min", INT64_MIN);
    cotel_span_set_int(span, "int.max", INT64_MAX);
    cotel_span_set_int(span, "int.zero", 0);
    cotel_span_set_double(span, "double", -1.5e-300);
    cotel_span_set_double(span, "double.zero", 0.0);
    set(span, "bytes", cotel_value_bytes("\0\x01\xfe\xff", 4));
    set(span, "empty", cotel_value_empty());
}

static void set_arrays(const cotel_span *span)
{
    const cotel_str strings[] = {cotel_str_of("one"), cotel_str_of(""), cotel_str_of("three")};
    const bool booleans[] = {true, false};
    const int64_t integers[] = {-1, 0, 1};
    const double floatings[] = {0.25, -0.5};
    set(span, "strings", cotel_value_string_array(strings, COUNT_OF(strings)));
    set(span, "bools", cotel_value_bool_array(booleans, COUNT_OF(booleans)));
    set(span, "ints", cotel_value_int_array(integers, COUNT_OF(integers)));
    set(span, "doubles", cotel_value_double_array(floatings, COUNT_OF(floatings)));
    set(span, "array.empty", cotel_value_array(NULL, 0));
}

static void set_nested(const cotel_span *span)
{
    const cotel_attribute inner[] = {cotel_attribute_int("depth", 2),
                                     cotel_attribute_string("word", "deep")};
    const cotel_value mixed[] = {cotel_value_int(7), cotel_value_empty(),
                                 cotel_value_string(cotel_str_of("x")), cotel_value_map(inner, 2)};
    const cotel_attribute outer[] = {cotel_attribute_of("list", cotel_value_array(mixed, 4)),
                                     cotel_attribute_bool("flag", true)};
    set(span, "map", cotel_value_map(outer, COUNT_OF(outer)));
    set(span, "map.empty", cotel_value_map(NULL, 0));
}

static cotel_span start_values(cotel_tracer *tracer)
{
    const cotel_attribute first[] = {cotel_attribute_string("at.start", "yes"),
                                     cotel_attribute_string("replaced", "old")};
    cotel_span_options options = COTEL_SPAN_OPTIONS_INIT;
    options.root = true;
    options.kind = COTEL_SPAN_KIND_SERVER;
    options.start_unix_ns = START_NS;
    options.attributes = first;
    options.attribute_count = COUNT_OF(first);
    cotel_span span = cotel_span_start(tracer, "values", &options);
    set_scalars(&span);
    set_arrays(&span);
    set_nested(&span);
    cotel_span_set_int(&span, "replaced", 2);
    cotel_span_set_status(&span, COTEL_STATUS_CODE_OK, NULL);
    return span;
}

static void add_events(const cotel_span *span)
{
    const cotel_attribute attributes[] = {cotel_attribute_int("attempt", 2)};
    cotel_span_add_event_at(span, "retry", 5, EVENT_NS, attributes, COUNT_OF(attributes));
    cotel_span_record_error(span, "IOError", "it broke", NULL, 0);
}

static void add_links(const cotel_span *span, const cotel_span *local,
                      const cotel_context *remote_context)
{
    const cotel_attribute attributes[] = {cotel_attribute_string("why", "caused")};
    cotel_span remote = cotel_context_span(remote_context);
    cotel_tracestate *state = cotel_context_tracestate(remote_context);
    cotel_link to_local = {.context = cotel_span_get_context(local)};
    cotel_link to_remote = {.context = cotel_span_get_context(&remote),
                            .attributes = attributes,
                            .attribute_count = COUNT_OF(attributes)};
    to_remote.context.tracestate = state;
    cotel_span_add_link(span, &to_local);
    cotel_span_add_link(span, &to_remote);
    cotel_tracestate_unref(state);
}

/* A child, with events, links and an error. */
static void emit_troubled(cotel_tracer *tracer, const cotel_span *parent,
                          const cotel_context *remote)
{
    cotel_context *context = cotel_context_with_span(NULL, parent);
    cotel_span_options options = COTEL_SPAN_OPTIONS_INIT;
    options.parent = context;
    options.kind = COTEL_SPAN_KIND_CLIENT;
    options.start_unix_ns = START_NS + 1;
    cotel_span span = cotel_span_start(tracer, "working title", &options);
    cotel_span_update_name(&span, "troubled");
    add_events(&span);
    add_links(&span, parent, remote);
    cotel_span_set_status(&span, COTEL_STATUS_CODE_ERROR, "no luck");
    cotel_span_end_at(&span, END_NS);
    report("troubled", &span);
    cotel_context_unref(context);
}

/* A child of a span of another process, by a second scope. */
static void emit_continued(const cotel_context *remote)
{
    const cotel_attribute attributes[] = {cotel_attribute_string("scope.kind", "second")};
    cotel_tracer_options tracer_options = COTEL_TRACER_OPTIONS_INIT;
    tracer_options.version = "2.0";
    tracer_options.schema_url = "https://example.com/schema";
    tracer_options.attributes = attributes;
    tracer_options.attribute_count = COUNT_OF(attributes);
    cotel_tracer *tracer = cotel_tracer_get("wire.second", &tracer_options);

    cotel_span_options options = COTEL_SPAN_OPTIONS_INIT;
    options.parent = remote;
    options.kind = COTEL_SPAN_KIND_CONSUMER;
    options.start_unix_ns = START_NS;
    cotel_span span = cotel_span_start(tracer, "continued", &options);
    report("continued", &span);
    cotel_span_end_at(&span, END_NS);
}

/* Times of the library's own making; check.py holds them against its own clock. */
static void emit_plain(cotel_tracer *tracer, const char *name, cotel_span_kind kind)
{
    cotel_span_options options = COTEL_SPAN_OPTIONS_INIT;
    options.root = true;
    options.kind = kind;
    cotel_span span = cotel_span_start(tracer, name, &options);
    cotel_span_end(&span);
    report(name, &span);
}

static cotel_context *extract_remote(void)
{
    cotel_headers headers = {0};
    cotel_headers_set(&headers, cotel_str_of("traceparent"), cotel_str_of(REMOTE_TRACEPARENT));
    cotel_headers_set(&headers, cotel_str_of("tracestate"), cotel_str_of(REMOTE_TRACESTATE));
    return cotel_extract(cotel_context_empty(), &cotel_headers_getter, &headers);
}

int main(void)
{
    if (cotel_sdk_init_from_env() != COTEL_STATUS_OK)
        return 1;
    cotel_tracer *tracer = cotel_tracer_get("wire.first", NULL);
    cotel_context *remote = extract_remote();

    cotel_span values = start_values(tracer);
    report("values", &values);
    emit_troubled(tracer, &values, remote);
    cotel_span_end_at(&values, END_NS);
    emit_continued(remote);
    emit_plain(tracer, "internal", COTEL_SPAN_KIND_INTERNAL);
    emit_plain(tracer, "producer", COTEL_SPAN_KIND_PRODUCER);

    cotel_context_unref(remote);
    return cotel_sdk_shutdown(5000, NULL) == COTEL_STATUS_OK ? 0 : 1;
}
