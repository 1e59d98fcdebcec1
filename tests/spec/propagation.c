/* SPDX-License-Identifier: Apache-2.0 */
/* context/api-propagators.md "TextMap Propagator": carriers of the program's own. */
#include "../support/sdk_fixture.h"

#define LINES_MAX 8
#define LINE_SIZE 128

/* A carrier such as a message format has it: lines of keys and values. */
struct lines {
    char keys[LINES_MAX][LINE_SIZE], values[LINES_MAX][LINE_SIZE];
    size_t count;
};

static void copy(char out[LINE_SIZE], cotel_str text)
{
    assert_true(text.size < LINE_SIZE);
    memcpy(out, text.data, text.size);
    out[text.size] = '\0';
}

static void set_line(void *carrier, cotel_str key, cotel_str value)
{
    struct lines *lines = carrier;
    assert_true(lines->count < LINES_MAX);
    copy(lines->keys[lines->count], key);
    copy(lines->values[lines->count], value);
    lines->count++;
}

static cotel_str get_line(void *carrier, cotel_str key, size_t index)
{
    struct lines *lines = carrier;
    for (size_t i = 0; i < lines->count; i++) {
        if (text_is(key, lines->keys[i]) && index-- == 0)
            return cotel_str_of(lines->values[i]);
    }
    return cotel_str_n(NULL, 0);
}

static cotel_str key_of_line(void *carrier, size_t index)
{
    struct lines *lines = carrier;
    return index < lines->count ? cotel_str_of(lines->keys[index]) : cotel_str_n(NULL, 0);
}

static const cotel_setter setter = {.size = sizeof setter, .set = set_line};
static const cotel_getter getter = {.size = sizeof getter, .get = get_line, .key = key_of_line};

static bool is_field(const char *key)
{
    const cotel_propagator *propagator = cotel_propagator_global();
    const char *field;
    for (size_t i = 0; (field = propagator->ops->field(propagator, i)) != NULL; i++) {
        if (strcmp(field, key) == 0)
            return true;
    }
    return false;
}

#define TRACEPARENT "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"

static void what_goes_into_a_carrier_comes_out_of_it(void **state)
{
    struct lines lines = {.count = 0};
    cotel_context *sent = remote_parent(TRACEPARENT, "vendor=value");
    cotel_inject(sent, &setter, &lines);
    cotel_context *received = cotel_extract(cotel_context_empty(), &getter, &lines);
    cotel_span before = cotel_context_span(sent), after = cotel_context_span(received);
    assert_memory_equal(&after.trace_id, &before.trace_id, sizeof before.trace_id);
    assert_memory_equal(&after.span_id, &before.span_id, sizeof before.span_id);
    cotel_tracestate *tracestate = cotel_context_tracestate(received);
    assert_text(cotel_tracestate_header(tracestate), "vendor=value");
    cotel_tracestate_unref(tracestate);
    cotel_context_unref(received);
    cotel_context_unref(sent);
}

static void inject_sets_no_header_but_the_fields(void **state)
{
    struct lines lines = {.count = 0};
    cotel_context *context = remote_parent(TRACEPARENT, "vendor=value");
    cotel_inject(context, &setter, &lines);
    assert_int_equal(lines.count, 2);
    for (size_t i = 0; i < lines.count; i++)
        assert_true(is_field(lines.keys[i]));
    cotel_context_unref(context);
}

static void a_header_of_several_lines_is_read_in_order(void **state)
{
    struct lines lines = {.count = 0};
    set_line(&lines, cotel_str_of("traceparent"), cotel_str_of(TRACEPARENT));
    set_line(&lines, cotel_str_of("tracestate"), cotel_str_of("a=1"));
    set_line(&lines, cotel_str_of("baggage"), cotel_str_of("k=first"));
    set_line(&lines, cotel_str_of("tracestate"), cotel_str_of("b=2"));
    set_line(&lines, cotel_str_of("baggage"), cotel_str_of("k=second"));
    cotel_context *context = cotel_extract(cotel_context_empty(), &getter, &lines);
    cotel_tracestate *tracestate = cotel_context_tracestate(context);
    cotel_baggage *baggage = cotel_context_baggage(context);
    cotel_baggage_entry entry;
    assert_text(cotel_tracestate_header(tracestate), "a=1,b=2");
    assert_true(cotel_baggage_get(baggage, cotel_str_of("k"), &entry));
    assert_text(entry.value, "second");
    cotel_baggage_unref(baggage);
    cotel_tracestate_unref(tracestate);
    cotel_context_unref(context);
}

/* ---- the global propagator ---- */

static cotel_context *with_baggage(const cotel_context *base)
{
    cotel_baggage *baggage = cotel_baggage_set(NULL, "tenant", "blue");
    cotel_context *context = cotel_context_with_baggage(base, baggage);
    cotel_baggage_unref(baggage);
    return context;
}

static void from_the_start_trace_context_and_baggage_are_handed_on(void **state)
{
    const char *const fields[] = {"traceparent", "tracestate", "baggage"};
    const cotel_propagator *global = cotel_propagator_global();
    for (size_t i = 0; i < COUNT_OF(fields); i++)
        assert_string_equal(global->ops->field(global, i), fields[i]);
    assert_null(global->ops->field(global, COUNT_OF(fields)));

    struct lines lines = {.count = 0};
    cotel_context *remote = remote_parent(TRACEPARENT, "vendor=value");
    cotel_context *context = with_baggage(remote);
    cotel_inject(context, &setter, &lines);
    assert_int_equal(lines.count, 3);
    assert_string_equal(lines.values[0], TRACEPARENT);
    assert_string_equal(lines.values[1], "vendor=value");
    assert_string_equal(lines.values[2], "tenant=blue");
    cotel_context_unref(context);
    cotel_context_unref(remote);
}

static void without_a_span_baggage_is_handed_on_alone(void **state)
{
    struct lines lines = {.count = 0};
    cotel_context *context = with_baggage(cotel_context_empty());
    cotel_inject(context, &setter, &lines);
    assert_int_equal(lines.count, 1);
    assert_string_equal(lines.keys[0], "baggage");
    cotel_context_unref(context);
}

static void what_cannot_be_read_takes_nothing_from_the_context(void **state)
{
    const cotel_context_key *key = cotel_context_key_create("own");
    int value;
    struct lines lines = {.count = 0};
    set_line(&lines, cotel_str_of("traceparent"), cotel_str_of("broken"));
    set_line(&lines, cotel_str_of("baggage"), cotel_str_of("broken"));
    cotel_context *remote = remote_parent(TRACEPARENT, NULL);
    cotel_context *tenant = with_baggage(remote);
    cotel_context *base = cotel_context_with_value(tenant, key, &value, NULL);
    cotel_context *context = cotel_extract(base, &getter, &lines);
    assert_ptr_equal(context, base);
    cotel_context_unref(context);
    cotel_context_unref(base);
    cotel_context_unref(tenant);
    cotel_context_unref(remote);
}

/* ---- B3 ---- */

#define B3 "0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-d-05e3ac9a4f6e3b90"

static void a_b3_span_is_the_parent_and_never_the_span_itself(void **state)
{
    static struct sdk_fixture fixture;
    struct lines in = {.count = 0}, out = {.count = 0};
    set_line(&in, cotel_str_of("b3"), cotel_str_of(B3));
    cotel_propagator_set_global(cotel_propagator_b3_multi());
    sdk_fixture_start(&fixture, NULL);
    cotel_context *context = cotel_extract(cotel_context_empty(), &getter, &in);
    cotel_span_options options = COTEL_SPAN_OPTIONS_INIT;
    options.parent = context;
    cotel_span span = cotel_span_start(fixture.tracer, "server", &options);
    cotel_context *current = cotel_context_with_span(context, &span);
    cotel_inject(current, &setter, &out);
    cotel_span_end(&span);
    cotel_span_view view = sdk_fixture_span(&fixture, "server");

    char hex[COTEL_SPAN_ID_HEX_SIZE];
    cotel_span_id_to_hex(&view.parent_span_id, hex);
    assert_string_equal(hex, "b7ad6b7169203331");
    cotel_span_id_to_hex(&view.span_id, hex);
    assert_string_not_equal(hex, "b7ad6b7169203331");
    assert_int_equal(out.count, 3);
    assert_string_equal(out.values[0], "0af7651916cd43dd8448eb211c80319c");
    assert_string_equal(out.values[1], hex);
    assert_string_equal(out.keys[2], "x-b3-flags");
    assert_string_equal(out.values[2], "1");
    cotel_context_unref(current);
    cotel_context_unref(context);
    sdk_fixture_stop(&fixture);
    cotel_propagator_set_global(NULL);
}

/* ---- environment variables ---- */

static void assert_through_the_environment(const cotel_propagator *propagator)
{
    char *const base[] = {NULL};
    cotel_environment *environment;
    cotel_context *remote = remote_parent(TRACEPARENT, NULL);
    cotel_propagator_set_global(propagator);
    cotel_context *sent = with_baggage(remote);
    assert_int_equal(cotel_environment_create(sent, base, &environment), COTEL_STATUS_OK);
    char *const *variables = cotel_environment_variables(environment);
    assert_non_null(variables[0]);
    cotel_context *received = cotel_extract(cotel_context_empty(), &cotel_environment_getter,
                                            (void *)(uintptr_t)variables);
    cotel_span before = cotel_context_span(sent), after = cotel_context_span(received);
    assert_memory_equal(&after.trace_id, &before.trace_id, sizeof before.trace_id);
    assert_memory_equal(&after.span_id, &before.span_id, sizeof before.span_id);
    assert_int_equal(after.trace_flags, before.trace_flags);
    cotel_context_unref(received);
    cotel_context_unref(sent);
    cotel_context_unref(remote);
    cotel_environment_destroy(environment);
    cotel_propagator_set_global(NULL);
}

static void every_format_goes_through_the_environment(void **state)
{
    assert_through_the_environment(cotel_propagator_default());
    assert_through_the_environment(cotel_propagator_b3());
    assert_through_the_environment(cotel_propagator_b3_multi());
    assert_through_the_environment(cotel_propagator_jaeger());
}

/* ---- a format of the program's own, which looks for keys with a prefix ---- */

static size_t found;

static cotel_context *search(const cotel_propagator *self, const cotel_context *context,
                             const cotel_getter *from, void *carrier)
{
    cotel_str key;
    found = 0;
    for (size_t i = 0; (key = from->key(carrier, i)).data != NULL; i++)
        found += key.size > 4 && memcmp(key.data, "own-", 4) == 0;
    return cotel_context_ref(context);
}

static void a_format_can_search_the_keys_of_a_carrier(void **state)
{
    static const cotel_propagator_ops ops = {.size = sizeof ops, .extract = search};
    static const cotel_propagator searching = {&ops};
    struct lines lines = {.count = 0};
    set_line(&lines, cotel_str_of("own-a"), cotel_str_of("1"));
    set_line(&lines, cotel_str_of("traceparent"), cotel_str_of(TRACEPARENT));
    set_line(&lines, cotel_str_of("own-b"), cotel_str_of("2"));
    cotel_propagator_set_global(&searching);
    cotel_context_unref(cotel_extract(cotel_context_empty(), &getter, &lines));
    cotel_propagator_set_global(NULL);
    assert_int_equal(found, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_goes_into_a_carrier_comes_out_of_it),
        cmocka_unit_test(inject_sets_no_header_but_the_fields),
        cmocka_unit_test(a_header_of_several_lines_is_read_in_order),
        cmocka_unit_test(from_the_start_trace_context_and_baggage_are_handed_on),
        cmocka_unit_test(without_a_span_baggage_is_handed_on_alone),
        cmocka_unit_test(what_cannot_be_read_takes_nothing_from_the_context),
        cmocka_unit_test(a_b3_span_is_the_parent_and_never_the_span_itself),
        cmocka_unit_test(every_format_goes_through_the_environment),
        cmocka_unit_test(a_format_can_search_the_keys_of_a_carrier),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
