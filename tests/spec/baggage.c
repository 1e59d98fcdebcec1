/* SPDX-License-Identifier: Apache-2.0 */
/* baggage/api.md, and W3C Baggage where that says how it travels: data/baggage.cases has the
 * headers. No SDK is set up here: "fully functional in the absence of an installed SDK". */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <cotel/cotel.h>

#include <string.h>

#define BRIEFCASE "\xf0\x9f\x92\xbc"

/* ---- short forms ---- */

static bool text_is(cotel_str text, const char *expected)
{
    return text.size == strlen(expected) && memcmp(text.data, expected, text.size) == 0;
}

static bool has(const cotel_baggage *baggage, const char *name, const char *value)
{
    cotel_baggage_entry entry;
    return cotel_baggage_get(baggage, cotel_str_of(name), &entry) && text_is(entry.value, value);
}

/* The same baggage with one more; the reference to the old one is given back. */
static cotel_baggage *with(cotel_baggage *baggage, const char *name, const char *value)
{
    cotel_baggage *more = cotel_baggage_set(baggage, name, value);
    cotel_baggage_unref(baggage);
    return more;
}

/* A context of that baggage alone, which is taken over. */
static cotel_context *carrying(cotel_baggage *baggage)
{
    cotel_context *context = cotel_context_with_baggage(cotel_context_empty(), baggage);
    cotel_baggage_unref(baggage);
    return context;
}

static void inject(const cotel_context *context, cotel_headers *headers)
{
    const cotel_propagator *propagator = cotel_propagator_baggage();
    propagator->ops->inject(propagator, context, &cotel_headers_setter, headers);
}

static cotel_context *extract(const cotel_context *context, cotel_headers *headers)
{
    const cotel_propagator *propagator = cotel_propagator_baggage();
    return propagator->ops->extract(propagator, context, &cotel_headers_getter, headers);
}

static cotel_context *extract_header(const cotel_context *context, const char *header)
{
    cotel_headers headers = {.count = 0};
    assert_true(cotel_headers_set(&headers, cotel_str_of("baggage"), cotel_str_of(header)));
    return extract(context, &headers);
}

/* Extracts, and gives both contexts back. */
static cotel_baggage *baggage_after(cotel_context *base, const char *header)
{
    cotel_context *context = extract_header(base, header);
    cotel_baggage *baggage = cotel_context_baggage(context);
    cotel_context_unref(context);
    cotel_context_unref(base);
    return baggage;
}

/* ---- the baggage ---- */

static void names_and_values_are_any_utf8_and_case_sensitive(void **state)
{
    cotel_baggage *baggage = with(with(NULL, "a", "B% " BRIEFCASE), "A", "c");
    baggage = with(baggage, "name with blanks, " BRIEFCASE, "");
    assert_true(has(baggage, "a", "B% " BRIEFCASE));
    assert_true(has(baggage, "A", "c"));
    assert_true(has(baggage, "name with blanks, " BRIEFCASE, ""));
    cotel_baggage_unref(baggage);
}

static void a_name_has_exactly_one_value(void **state)
{
    cotel_baggage *baggage = with(with(with(NULL, "a", "1"), "b", "2"), "a", "3");
    assert_int_equal(cotel_baggage_count(baggage), 2);
    assert_true(has(baggage, "a", "3"));
    cotel_baggage_unref(baggage);
}

static void a_baggage_never_changes(void **state)
{
    cotel_baggage *baggage = with(NULL, "a", "1");
    cotel_baggage *set = cotel_baggage_set(baggage, "a", "2");
    cotel_baggage *removed = cotel_baggage_remove(baggage, cotel_str_of("a"));
    assert_int_equal(cotel_baggage_count(baggage), 1);
    assert_true(has(baggage, "a", "1"));
    cotel_baggage_unref(removed);
    cotel_baggage_unref(set);
    cotel_baggage_unref(baggage);
}

static void a_name_that_is_not_there_has_no_value(void **state)
{
    cotel_baggage *baggage = with(NULL, "a", "1");
    assert_false(cotel_baggage_get(baggage, cotel_str_of("b"), NULL));
    assert_false(cotel_baggage_get(NULL, cotel_str_of("a"), NULL));
    cotel_baggage_unref(baggage);
}

static void all_values_can_be_read(void **state)
{
    cotel_baggage *baggage = with(with(NULL, "a", "1"), "b", "2");
    size_t seen = 0;
    cotel_baggage_entry entry;
    for (; cotel_baggage_at(baggage, seen, &entry); seen++)
        assert_true(text_is(entry.value, seen == 0 ? "1" : "2"));
    assert_int_equal(seen, 2);
    cotel_baggage_unref(baggage);
}

static void a_value_can_be_removed(void **state)
{
    cotel_baggage *baggage = with(with(NULL, "a", "1"), "b", "2");
    cotel_baggage *rest = cotel_baggage_remove(baggage, cotel_str_of("a"));
    assert_false(cotel_baggage_get(rest, cotel_str_of("a"), NULL));
    assert_true(has(rest, "b", "2"));
    cotel_baggage_unref(rest);
    cotel_baggage_unref(baggage);
}

static void metadata_is_opaque(void **state)
{
    const char *const nonsense = "= ; anything, at " BRIEFCASE " all";
    const cotel_baggage_entry given = {cotel_str_of("a"), cotel_str_of("1"),
                                       cotel_str_of(nonsense)};
    cotel_baggage *baggage = cotel_baggage_set_entry(NULL, &given);
    cotel_baggage_entry entry;
    assert_true(cotel_baggage_at(baggage, 0, &entry));
    assert_true(text_is(entry.metadata, nonsense));
    cotel_baggage_unref(baggage);
}

/* ---- in contexts ---- */

static void a_context_gives_the_baggage_that_was_put_into_it(void **state)
{
    cotel_context *context = carrying(with(NULL, "a", "1"));
    cotel_baggage *baggage = cotel_context_baggage(context);
    assert_true(has(baggage, "a", "1"));
    cotel_baggage_unref(baggage);
    cotel_context_unref(context);
}

static void the_current_baggage_can_be_read_and_set(void **state)
{
    cotel_baggage *set = with(NULL, "a", "1");
    cotel_context *context = cotel_context_with_baggage(NULL, set);
    cotel_token token = cotel_context_attach(context);
    cotel_baggage *current = cotel_context_baggage(NULL);
    assert_ptr_equal(current, set);
    cotel_baggage_unref(current);
    cotel_context_detach(token);
    assert_null(cotel_context_baggage(NULL));
    cotel_context_unref(context);
    cotel_baggage_unref(set);
}

static void a_context_can_be_cleared_for_who_is_not_trusted(void **state)
{
    cotel_headers headers = {.count = 0};
    cotel_context *context = carrying(with(NULL, "a", "1"));
    cotel_context *cleared = cotel_context_with_baggage(context, NULL);
    inject(cleared, &headers);
    assert_int_equal(headers.count, 0);
    inject(context, &headers);
    assert_int_equal(headers.count, 1);
    cotel_context_unref(cleared);
    cotel_context_unref(context);
}

/* ---- from process to process ---- */

static void it_travels_in_the_header_baggage(void **state)
{
    cotel_headers headers = {.count = 0};
    cotel_context *context = carrying(with(with(NULL, "userId", "Am\xc3\xa9lie"), "isA", "b"));
    inject(context, &headers);
    cotel_context_unref(context);
    assert_string_equal(headers.items[0].key, "baggage");
    assert_string_equal(headers.items[0].value, "userId=Am%C3%A9lie,isA=b");
    context = extract(cotel_context_empty(), &headers);
    cotel_baggage *baggage = cotel_context_baggage(context);
    assert_true(has(baggage, "userId", "Am\xc3\xa9lie"));
    assert_true(has(baggage, "isA", "b"));
    cotel_baggage_unref(baggage);
    cotel_context_unref(context);
}

static void it_travels_in_the_variable_baggage_of_a_child(void **state)
{
    char *const nothing[] = {NULL};
    cotel_environment *environment = NULL;
    cotel_context *context = carrying(with(NULL, "a", "1 2"));
    assert_int_equal(cotel_environment_create(context, nothing, &environment), COTEL_STATUS_OK);
    cotel_context_unref(context);
    char *const *variables = cotel_environment_variables(environment);
    assert_string_equal(variables[0], "BAGGAGE=a=1%202");
    assert_null(variables[1]);
    context = cotel_extract(cotel_context_empty(), &cotel_environment_getter, (void *)variables);
    cotel_baggage *baggage = cotel_context_baggage(context);
    assert_true(has(baggage, "a", "1 2"));
    cotel_baggage_unref(baggage);
    cotel_context_unref(context);
    cotel_environment_destroy(environment);
}

static void metadata_is_one_piece_after_extract_and_sent_by_inject(void **state)
{
    cotel_headers headers = {.count = 0};
    cotel_context *context = extract_header(cotel_context_empty(), "a=1 ; ttl = 30 ; private");
    cotel_baggage *baggage = cotel_context_baggage(context);
    cotel_baggage_entry entry;
    assert_true(cotel_baggage_at(baggage, 0, &entry));
    assert_true(text_is(entry.metadata, "ttl=30;private"));
    inject(context, &headers);
    assert_string_equal(cotel_headers_get(&headers, "baggage"), "a=1;ttl=30;private");
    cotel_baggage_unref(baggage);
    cotel_context_unref(context);
}

static void a_remote_pair_takes_the_place_of_a_local_one(void **state)
{
    cotel_baggage *baggage =
        baggage_after(carrying(with(with(NULL, "a", "local"), "b", "local")), "a=remote");
    assert_true(has(baggage, "a", "remote"));
    assert_true(has(baggage, "b", "local"));
    cotel_baggage_unref(baggage);
}

static void a_local_pair_takes_the_place_of_a_remote_one(void **state)
{
    cotel_baggage *baggage = baggage_after(cotel_context_empty(), "a=remote;p");
    baggage = with(baggage, "a", "local");
    assert_int_equal(cotel_baggage_count(baggage), 1);
    assert_true(has(baggage, "a", "local"));
    cotel_baggage_unref(baggage);
}

static void a_header_that_says_nothing_changes_nothing(void **state)
{
    static const char *const headers[] = {"", " ", ",,", "nonsense", "=", "a b=c"};
    for (size_t i = 0; i < sizeof headers / sizeof headers[0]; i++) {
        cotel_baggage *baggage = baggage_after(carrying(with(NULL, "a", "1")), headers[i]);
        assert_int_equal(cotel_baggage_count(baggage), 1);
        assert_true(has(baggage, "a", "1"));
        cotel_baggage_unref(baggage);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_and_values_are_any_utf8_and_case_sensitive),
        cmocka_unit_test(a_name_has_exactly_one_value),
        cmocka_unit_test(a_baggage_never_changes),
        cmocka_unit_test(a_name_that_is_not_there_has_no_value),
        cmocka_unit_test(all_values_can_be_read),
        cmocka_unit_test(a_value_can_be_removed),
        cmocka_unit_test(metadata_is_opaque),
        cmocka_unit_test(a_context_gives_the_baggage_that_was_put_into_it),
        cmocka_unit_test(the_current_baggage_can_be_read_and_set),
        cmocka_unit_test(a_context_can_be_cleared_for_who_is_not_trusted),
        cmocka_unit_test(it_travels_in_the_header_baggage),
        cmocka_unit_test(it_travels_in_the_variable_baggage_of_a_child),
        cmocka_unit_test(metadata_is_one_piece_after_extract_and_sent_by_inject),
        cmocka_unit_test(a_remote_pair_takes_the_place_of_a_local_one),
        cmocka_unit_test(a_local_pair_takes_the_place_of_a_remote_one),
        cmocka_unit_test(a_header_that_says_nothing_changes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
