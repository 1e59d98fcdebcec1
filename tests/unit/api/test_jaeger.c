/* SPDX-License-Identifier: Apache-2.0 */
#include "suite.h"

#define T TRACE_ID_HEX
#define S SPAN_ID_HEX
#define ID T ":" S ":0:1"

struct header {
    const char *key, *value;
};

static const struct {
    const char *name, *value, *expected; /* NULL: refused */
} cases[] = {
    {"sampled", T ":" S ":0:1", T ":" S ":0:1"},
    {"not sampled", T ":" S ":0:0", T ":" S ":0:0"},
    {"debug", T ":" S ":0:3", T ":" S ":0:3"},
    {"debug alone means nothing", T ":" S ":0:2", T ":" S ":0:0"},
    {"two digits", T ":" S ":0:01", T ":" S ":0:1"},
    {"other flags are not kept", T ":" S ":0:fd", T ":" S ":0:1"},
    {"firehose alone", T ":" S ":0:08", T ":" S ":0:0"},
    {"64-bit trace id", "8448eb211c80319c:" S ":0:1", "00000000000000008448eb211c80319c:" S ":0:1"},
    {"ids without leading zeros", "1f:2:0:1",
     "0000000000000000000000000000001f:0000000000000002:0:1"},
    {"odd length", "abc:def:0:1", "00000000000000000000000000000abc:0000000000000def:0:1"},
    {"a parent", T ":" S ":05e3ac9a4f6e3b90:1", T ":" S ":0:1"},
    {"no parent", T ":" S "::1", T ":" S ":0:1"},
    {"a parent that is none", T ":" S ":?:1", T ":" S ":0:1"},
    {"upper case", "0AF7651916CD43DD8448EB211C80319C:B7AD6B7169203331:0:1", ID},
    {"white space", " " ID "\t", ID},
    {"encoded", T "%3A" S "%3a0%3A1", ID},
    {"encoded all over", "%31%66%3A%32%3A%30%3A%31",
     "0000000000000000000000000000001f:0000000000000002:0:1"},
    {"both encoded and not", T ":" S "%3A0:1", NULL},
    {"empty", "", NULL},
    {"blank", " ", NULL},
    {"a word", "bad", NULL},
    {"three fields", T ":" S ":1", NULL},
    {"five fields", T ":" S ":0:1:", NULL},
    {"empty trace id", ":" S ":0:1", NULL},
    {"empty span id", T "::0:1", NULL},
    {"empty flags", T ":" S ":0:", NULL},
    {"long flags", T ":" S ":0:001", NULL},
    {"no digit in the flags", T ":" S ":0:x", NULL},
    {"zero trace id", "0:" S ":0:1", NULL},
    {"zero span id", T ":0:0:1", NULL},
    {"trace id too long", "0" T ":" S ":0:1", NULL},
    {"span id too long", T ":0" S ":0:1", NULL},
    {"no digit in the trace id", "0x1f:" S ":0:1", NULL},
    {"no digit in the span id", T ":g:0:1", NULL},
    {"without end", T T T T T T T T, NULL},
};

static cotel_propagation_counts counts(void)
{
    cotel_propagation_counts now = {.size = sizeof now};
    cotel_propagation_stats(&now);
    return now;
}

static cotel_context *extract_from(const cotel_context *base, const cotel_getter *getter,
                                   void *carrier)
{
    const cotel_propagator *jaeger = cotel_propagator_jaeger();
    return jaeger->ops->extract(jaeger, base, getter, carrier);
}

/* The list ends with a NULL key. */
static cotel_context *extract(const cotel_context *base, const struct header *list)
{
    cotel_headers headers = {.count = 0};
    for (; list->key; list++)
        assert_true(
            cotel_headers_set(&headers, cotel_str_of(list->key), cotel_str_of(list->value)));
    return extract_from(base, &cotel_headers_getter, &headers);
}

static void inject(const cotel_context *context, cotel_headers *headers)
{
    const cotel_propagator *jaeger = cotel_propagator_jaeger();
    jaeger->ops->inject(jaeger, context, &cotel_headers_setter, headers);
}

/* ---- the span ---- */

static void check_id(const char *name, const char *value, const char *expected)
{
    const struct header list[] = {{"Uber-Trace-Id", value}, {NULL, NULL}};
    uint64_t before = counts().malformed;
    cotel_context *context = extract(cotel_context_empty(), list);
    if (counts().malformed - before != !expected || (context == cotel_context_empty()) != !expected)
        fail_msg("%s: %s", name, expected ? "refused" : "accepted");

    cotel_headers out = {.count = 0};
    inject(context, &out);
    const char *written = cotel_headers_get(&out, "uber-trace-id");
    if (expected && (out.count != 1 || !written || strcmp(written, expected) != 0))
        fail_msg("%s: goes on as %s", name, written ? written : "nothing");
    cotel_context_unref(context);
}

static void ids_are_read_leniently_and_written_in_full(void **state)
{
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        check_id(cases[i].name, cases[i].value, cases[i].expected);
}

static void what_is_read_is_remote_and_has_the_flags(void **state)
{
    const struct header debug[] = {{"uber-trace-id", T ":" S ":0:3"}, {NULL, NULL}};
    cotel_context *context = extract(cotel_context_empty(), debug);
    cotel_span_context identity = cotel_span_get_context(cotel_context_span_pointer(context));
    assert_true(identity.is_remote);
    assert_int_equal(identity.trace_flags, COTEL_TRACE_FLAG_SAMPLED);
    cotel_context_unref(context);
}

static void debug_goes_on_as_b3_too(void **state)
{
    const struct header debug[] = {{"uber-trace-id", T ":" S ":0:3"}, {NULL, NULL}};
    const cotel_propagator *b3 = cotel_propagator_b3();
    cotel_headers headers = {.count = 0};
    cotel_context *context = extract(cotel_context_empty(), debug);
    b3->ops->inject(b3, context, &cotel_headers_setter, &headers);
    assert_string_equal(cotel_headers_get(&headers, "b3"), T "-" S "-d");
    cotel_context_unref(context);
}

static void a_malformed_id_leaves_the_span_and_baggage_is_read_all_the_same(void **state)
{
    const struct header list[] = {{"uber-trace-id", "bad"}, {"uberctx-k", "v"}, {NULL, NULL}};
    cotel_span span = sample_span(1);
    cotel_context *base = cotel_context_with_span(NULL, &span);
    cotel_context *context = extract(base, list);
    cotel_baggage *baggage = cotel_context_baggage(context);
    assert_true(same_span_id(cotel_context_span_pointer(context), &span));
    assert_int_equal(cotel_baggage_count(baggage), 1);
    cotel_baggage_unref(baggage);
    cotel_context_unref(context);
    cotel_context_unref(base);
}

/* ---- baggage ---- */

/* Adds one entry to a context, and takes its reference. */
static cotel_context *with_entry(cotel_context *context, const char *name, const char *value)
{
    cotel_baggage *old = cotel_context_baggage(context);
    cotel_baggage *new = cotel_baggage_set(old, name, value);
    cotel_context *changed = cotel_context_with_baggage(context, new);
    cotel_baggage_unref(old);
    cotel_baggage_unref(new);
    cotel_context_unref(context);
    return changed;
}

static void assert_entry(const cotel_context *context, const char *name, const char *value)
{
    cotel_baggage *baggage = cotel_context_baggage(context);
    cotel_baggage_entry entry;
    if (!cotel_baggage_get(baggage, cotel_str_of(name), &entry))
        fail_msg("%s is missing", name);
    assert_str_is(entry.value, value);
    cotel_baggage_unref(baggage);
}

static size_t entries(const cotel_context *context)
{
    cotel_baggage *baggage = cotel_context_baggage(context);
    size_t count = cotel_baggage_count(baggage);
    cotel_baggage_unref(baggage);
    return count;
}

static void each_entry_has_a_header_of_its_own(void **state)
{
    cotel_context *context = cotel_context_empty();
    context = with_entry(context, "user", "ann");
    context = with_entry(context, "Session.Id", "a b%c+d,e;f=g\xc3\xbc\n");
    context = with_entry(context, "empty", "");
    cotel_headers out = {.count = 0};
    inject(context, &out);
    assert_int_equal(out.count, 3); /* no span: no uber-trace-id */
    assert_string_equal(out.items[0].key, "uberctx-user");
    assert_string_equal(out.items[0].value, "ann");
    assert_string_equal(out.items[1].key, "uberctx-session.id");
    assert_string_equal(out.items[1].value, "a%20b%25c%2Bd,e;f=g%C3%BC%0A");
    assert_string_equal(out.items[2].key, "uberctx-empty");
    assert_string_equal(out.items[2].value, "");

    cotel_context *received = extract_from(cotel_context_empty(), &cotel_headers_getter, &out);
    assert_int_equal(entries(received), 3);
    assert_entry(received, "session.id", "a b%c+d,e;f=g\xc3\xbc\n");
    assert_entry(received, "empty", "");
    cotel_context_unref(received);
    cotel_context_unref(context);
}

static void headers_of_entries_are_found_by_their_prefix(void **state)
{
    const struct header list[] = {
        {"UberCtx-UserId", " a%20b "}, {"uberctx-", "no name"},    {"uberctxx", "1"},
        {"xuberctx-a", "1"},           {"uberctx-raw", "50%+1%2"}, {NULL, NULL}};
    cotel_context *context = extract(cotel_context_empty(), list);
    assert_int_equal(entries(context), 2);
    assert_entry(context, "userid", "a b");
    assert_entry(context, "raw", "50%+1%2");
    cotel_context_unref(context);
}

static void a_list_given_by_hand_is_read(void **state)
{
    uint64_t before = counts().malformed;
    const struct header list[] = {{"jaeger-baggage", "k=v, K2 = a%2Cb=c ,,bad,=,no name=1,k3="},
                                  {NULL, NULL}};
    cotel_context *context = extract(cotel_context_empty(), list);
    assert_int_equal(entries(context), 3);
    assert_entry(context, "k", "v");
    assert_entry(context, "k2", "a,b=c");
    assert_entry(context, "k3", "");
    assert_int_equal(counts().malformed - before, 3);
    cotel_context_unref(context);
}

static void what_is_read_is_added_to_what_is_there(void **state)
{
    const struct header list[] = {
        {"jaeger-baggage", "k=list,l=list"}, {"uberctx-k", "own"}, {NULL, NULL}};
    cotel_context *base = cotel_context_empty();
    base = with_entry(base, "old", "kept");
    base = with_entry(base, "l", "older");
    cotel_context *context = extract(base, list);
    assert_int_equal(entries(context), 3);
    assert_entry(context, "old", "kept");
    assert_entry(context, "l", "list");
    assert_entry(context, "k", "own");
    cotel_context_unref(context);
    cotel_context_unref(base);
}

static void what_no_header_can_be_called_is_left_out_and_counted(void **state)
{
    cotel_context *context = cotel_context_empty();
    uint64_t before = counts().malformed;
    context = with_entry(context, "with blank", "1");
    context = with_entry(context, "a:b\r\nc", "1");
    context = with_entry(context, "gr\xc3\xbcn", "1");
    context = with_entry(context, "fine", "1");
    cotel_headers out = {.count = 0};
    inject(context, &out);
    assert_int_equal(out.count, 1);
    assert_int_equal(counts().malformed - before, 3);
    cotel_context_unref(context);
}

/* ---- limits; a carrier that counts only ---- */

struct tally {
    size_t headers, bytes;
};

static void tally_set(void *carrier, cotel_str key, cotel_str value)
{
    struct tally *tally = carrier;
    tally->headers++;
    tally->bytes += key.size + value.size;
}

static const cotel_setter tally_setter = {.size = sizeof tally_setter, .set = tally_set};

static struct tally inject_tally(const cotel_context *context)
{
    const cotel_propagator *jaeger = cotel_propagator_jaeger();
    struct tally tally = {0, 0};
    jaeger->ops->inject(jaeger, context, &tally_setter, &tally);
    return tally;
}

static void one_entry_more_than_the_limit_is_left_out_and_counted(void **state)
{
    cotel_context *context = cotel_context_empty();
    for (int i = 0; i < COTEL_BAGGAGE_HEADER_MAX_MEMBERS + 1; i++) {
        char name[16];
        snprintf(name, sizeof name, "k%d", i);
        if (i == COTEL_BAGGAGE_HEADER_MAX_MEMBERS)
            assert_int_equal(inject_tally(context).headers, i);
        context = with_entry(context, name, "v");
    }
    uint64_t before = counts().over_limit;
    assert_int_equal(inject_tally(context).headers, COTEL_BAGGAGE_HEADER_MAX_MEMBERS);
    assert_int_equal(counts().over_limit - before, 1);
    cotel_context_unref(context);
}

static void bytes_fit_to_the_last_and_not_beyond(void **state)
{
    static char value[COTEL_BAGGAGE_HEADER_MAX_SIZE];
    const size_t most = COTEL_BAGGAGE_HEADER_MAX_SIZE - strlen("uberctx-k");
    memset(value, 'v', most);
    cotel_context *context = with_entry(cotel_context_empty(), "k", value);
    struct tally tally = inject_tally(context);
    assert_int_equal(tally.bytes, COTEL_BAGGAGE_HEADER_MAX_SIZE);

    value[0] = ' '; /* takes three */
    context = with_entry(context, "k", value);
    uint64_t before = counts().over_limit;
    assert_int_equal(inject_tally(context).headers, 0);
    assert_int_equal(counts().over_limit - before, 1);
    cotel_context_unref(context);
}

/* Keys without end, each with a value. */
static cotel_str endless_key(void *carrier, size_t index)
{
    return cotel_str_of(index % 2 ? "uberctx-a" : "uberctx-b");
}

static cotel_str endless_get(void *carrier, cotel_str key, size_t index)
{
    return cotel_str_of(key.size == strlen("uber-trace-id") ? ID : "k=v");
}

static void a_getter_that_never_ends_does_not_hang(void **state)
{
    const cotel_getter endless = {.size = sizeof endless, .get = endless_get, .key = endless_key};
    uint64_t before = counts().over_limit;
    cotel_context *context = extract_from(cotel_context_empty(), &endless, NULL);
    assert_entry(context, "a", "k=v");
    assert_entry(context, "k", "v");
    assert_true(counts().over_limit - before >= 2);
    cotel_context_unref(context);
}

#define KEYS_MAX 4096

/* As many keys as *carrier says, of which only the last has the prefix. */
static cotel_str nth_key(void *carrier, size_t index)
{
    size_t count = *(size_t *)carrier;
    if (index >= count)
        return cotel_str_n(NULL, 0);
    return cotel_str_of(index == count - 1 ? "uberctx-last" : "other");
}

static cotel_str get_key_only(void *carrier, cotel_str key, size_t index)
{
    return key.size == strlen("uberctx-last") ? cotel_str_of("v") : cotel_str_n(NULL, 0);
}

static void keys_are_searched_up_to_the_limit_and_not_beyond(void **state)
{
    const cotel_getter getter = {.size = sizeof getter, .get = get_key_only, .key = nth_key};
    size_t count = KEYS_MAX;
    uint64_t before = counts().over_limit;
    cotel_context *context = extract_from(cotel_context_empty(), &getter, &count);
    assert_entry(context, "last", "v");
    assert_int_equal(counts().over_limit - before, 0);
    cotel_context_unref(context);

    count++;
    context = extract_from(cotel_context_empty(), &getter, &count);
    assert_int_equal(entries(context), 0);
    assert_int_equal(counts().over_limit - before, 1);
    cotel_context_unref(context);
}

static void without_keys_the_id_and_the_list_are_read(void **state)
{
    cotel_getter getter = cotel_headers_getter;
    cotel_headers headers = {.count = 0};
    getter.key = NULL;
    assert_true(cotel_headers_set(&headers, cotel_str_of("uber-trace-id"), cotel_str_of(ID)));
    assert_true(cotel_headers_set(&headers, cotel_str_of("uberctx-a"), cotel_str_of("1")));
    assert_true(cotel_headers_set(&headers, cotel_str_of("jaeger-baggage"), cotel_str_of("b=2")));
    cotel_context *context = extract_from(cotel_context_empty(), &getter, &headers);
    assert_int_equal(entries(context), 1);
    assert_entry(context, "b", "2");
    assert_true(cotel_span_id_is_valid(&cotel_context_span_pointer(context)->span_id));
    cotel_context_unref(context);
}

/* ---- the rest of the contract ---- */

static void only_the_id_is_a_field_and_the_rest_is_extra(void **state)
{
    const cotel_propagator *jaeger = cotel_propagator_jaeger();
    assert_string_equal(jaeger->ops->field(jaeger, 0), "uber-trace-id");
    assert_null(jaeger->ops->field(jaeger, 1));
    assert_string_equal(jaeger->ops->extra_field(jaeger, 0), "uberctx-*");
    assert_string_equal(jaeger->ops->extra_field(jaeger, 1), "jaeger-baggage");
    assert_null(jaeger->ops->extra_field(jaeger, 2));
}

static void a_child_finds_the_span_and_the_baggage_and_nothing_older(void **state)
{
    char stale[] = "UBERCTX_OLD=1", list[] = "JAEGER_BAGGAGE=old=1", path[] = "PATH=/bin";
    char *const base[] = {stale, list, path, NULL};
    cotel_environment *environment;
    const struct header sent[] = {{"uber-trace-id", ID}, {"uberctx-user.id", "a b"}, {NULL, NULL}};
    cotel_context *context = extract(cotel_context_empty(), sent);
    cotel_propagator_set_global(cotel_propagator_jaeger());
    assert_int_equal(cotel_environment_create(context, base, &environment), COTEL_STATUS_OK);
    char *const *variables = cotel_environment_variables(environment);
    assert_string_equal(variables[0], "PATH=/bin");
    assert_string_equal(variables[1], "UBER_TRACE_ID=" ID);
    assert_string_equal(variables[2], "UBERCTX_USER_ID=a%20b");
    assert_null(variables[3]);

    cotel_context *received = extract_from(cotel_context_empty(), &cotel_environment_getter,
                                           (void *)(uintptr_t)variables);
    assert_int_equal(entries(received), 1);
    assert_entry(received, "user_id", "a b"); /* what a variable's name has no room for is gone */
    cotel_context_unref(received);
    cotel_environment_destroy(environment);
    cotel_propagator_set_global(NULL);
    cotel_context_unref(context);
}

static void jaeger_takes_carriers_that_lack_functions(void **state)
{
    const cotel_propagator *jaeger = cotel_propagator_jaeger();
    const cotel_getter no_get = {.size = sizeof no_get}, short_get = {.size = sizeof(size_t)};
    const cotel_setter no_set = {.size = sizeof no_set}, short_set = {.size = sizeof(size_t)};
    cotel_context *context = with_entry(cotel_context_empty(), "k", "v");
    jaeger->ops->inject(jaeger, context, NULL, NULL);
    jaeger->ops->inject(jaeger, context, &no_set, NULL);
    jaeger->ops->inject(jaeger, context, &short_set, NULL);
    cotel_context_unref(extract_from(context, NULL, NULL));
    cotel_context_unref(extract_from(context, &no_get, NULL));
    cotel_context_unref(extract_from(context, &short_get, NULL));
    cotel_context_unref(context);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ids_are_read_leniently_and_written_in_full),
        cmocka_unit_test(what_is_read_is_remote_and_has_the_flags),
        cmocka_unit_test(debug_goes_on_as_b3_too),
        cmocka_unit_test(a_malformed_id_leaves_the_span_and_baggage_is_read_all_the_same),
        cmocka_unit_test(each_entry_has_a_header_of_its_own),
        cmocka_unit_test(headers_of_entries_are_found_by_their_prefix),
        cmocka_unit_test(a_list_given_by_hand_is_read),
        cmocka_unit_test(what_is_read_is_added_to_what_is_there),
        cmocka_unit_test(what_no_header_can_be_called_is_left_out_and_counted),
        cmocka_unit_test(one_entry_more_than_the_limit_is_left_out_and_counted),
        cmocka_unit_test(bytes_fit_to_the_last_and_not_beyond),
        cmocka_unit_test(a_getter_that_never_ends_does_not_hang),
        cmocka_unit_test(keys_are_searched_up_to_the_limit_and_not_beyond),
        cmocka_unit_test(without_keys_the_id_and_the_list_are_read),
        cmocka_unit_test(only_the_id_is_a_field_and_the_rest_is_extra),
        cmocka_unit_test(a_child_finds_the_span_and_the_baggage_and_nothing_older),
        cmocka_unit_test(jaeger_takes_carriers_that_lack_functions),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
