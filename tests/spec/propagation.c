/* SPDX-License-Identifier: Apache-2.0 */
/* context/api-propagators.md "TextMap Propagator": carriers of the program's own. */
#include "../support/sdk_fixture.h"

#define LINES_MAX 8
#define LINE_SIZE 64

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
        cmocka_unit_test(a_format_can_search_the_keys_of_a_carrier),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
