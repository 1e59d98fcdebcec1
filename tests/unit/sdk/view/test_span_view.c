/* SPDX-License-Identifier: Apache-2.0 */
#include "text.h"

static cotel_span_view decoded(cotel_str bytes)
{
    cotel_span_view span;
    assert_true(cotel_span_view_decode(bytes, &span));
    return span;
}

static void no_bytes_are_a_span_of_defaults(void **state)
{
    const uint8_t zeros[16] = {0};
    cotel_span_view span = decoded(cotel_str_n(NULL, 0));
    assert_memory_equal(span.trace_id.bytes, zeros, 16);
    assert_int_equal(span.kind, COTEL_SPAN_KIND_INTERNAL);
    assert_int_equal(span.status, COTEL_STATUS_CODE_UNSET);
    assert_int_equal(span.name.size, 0);
}

static void fields_may_come_in_any_order_and_the_last_of_a_kind_counts(void **state)
{
    cotel_span_view span = decoded(LITERAL("\x30\x03\x2a\x01"
                                           "a\x30\x02\x2a\x01"
                                           "b"));
    assert_text(span.name, "b");
    assert_int_equal(span.kind, COTEL_SPAN_KIND_SERVER);
}

static void parts_of_a_status_are_put_together(void **state)
{
    /* status { code: 2 } status { message: "m" } */
    cotel_span_view span = decoded(LITERAL("\x7a\x02\x18\x02\x7a\x03\x12\x01m"));
    assert_int_equal(span.status, COTEL_STATUS_CODE_ERROR);
    assert_text(span.status_description, "m");
}

static void kinds_and_codes_that_nobody_knows_read_as_the_default(void **state)
{
    assert_int_equal(decoded(LITERAL("\x30\x00")).kind, COTEL_SPAN_KIND_INTERNAL);
    assert_int_equal(decoded(LITERAL("\x30\x06")).kind, COTEL_SPAN_KIND_INTERNAL);
    assert_int_equal(decoded(LITERAL("\x30\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01")).kind,
                     COTEL_SPAN_KIND_INTERNAL);
    assert_int_equal(decoded(LITERAL("\x7a\x02\x18\x03")).status, COTEL_STATUS_CODE_UNSET);
}

static void unknown_fields_are_passed_over(void **state)
{
    /* 100: varint, 101: fixed64, 102: bytes, 103: fixed32, then the name */
    cotel_span_view span = decoded(LITERAL("\xa0\x06\x05\xa9\x06"
                                           "12345678\xb2\x06\x02xy\xbd\x06"
                                           "1234\x2a\x01n"));
    assert_text(span.name, "n");
}

static void known_fields_of_the_wrong_type_are_refused(void **state)
{
    const struct {
        const char *bytes;
        size_t size;
    } wrong[] = {
        {"\x08\x01", 2},         /* trace_id as varint */
        {"\x28\x01", 2},         /* name as varint */
        {"\x32\x00", 2},         /* kind as bytes */
        {"\x38\x01", 2},         /* start as varint */
        {"\x48\x01", 2},         /* attributes as varint */
        {"\x52\x00", 2},         /* dropped attributes as bytes */
        {"\x78\x01", 2},         /* status as varint */
        {"\x80\x01\x01", 3},     /* flags as varint */
        {"\x7a\x02\x10\x01", 4}, /* status.message as varint */
        {"\x7a\x02\x1a\x00", 4}, /* status.code as bytes */
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        cotel_span_view span;
        assert_false(cotel_span_view_decode(cotel_str_n(wrong[i].bytes, wrong[i].size), &span));
    }
}

static void an_id_of_another_size_is_refused_and_an_empty_one_is_zeros(void **state)
{
    cotel_span_view span;
    assert_false(cotel_span_view_decode(LITERAL("\x0a\x08"
                                                "12345678"),
                                        &span));
    assert_false(cotel_span_view_decode(LITERAL("\x12\x10"
                                                "1234567812345678"),
                                        &span));
    span = decoded(LITERAL("\x12\x08"
                           "12345678\x12\x00\x22\x00"));
    assert_int_equal(span.span_id.bytes[0], 0);
}

static void what_is_cut_off_is_refused(void **state)
{
    cotel_span_view span;
    assert_false(cotel_span_view_decode(LITERAL("\x2a"), &span));
    assert_false(cotel_span_view_decode(LITERAL("\x2a\x05name"), &span));
    assert_false(cotel_span_view_decode(LITERAL("\x39\x01\x02"), &span));
    assert_false(cotel_span_view_decode(LITERAL("\x7a\x01\x18"), &span));
    assert_false(cotel_span_view_decode(LITERAL("\x00\x00"), &span));
}

static void null_is_harmless(void **state)
{
    cotel_attribute_view attribute;
    cotel_event_view event;
    cotel_value_view value;
    cotel_span_view span;
    assert_false(cotel_span_view_decode(LITERAL(""), NULL));
    assert_false(cotel_span_view_decode(cotel_str_n(NULL, 3), &span));
    cotel_iterator nothing = cotel_span_view_attributes(NULL);
    assert_false(cotel_iterator_next_attribute(&nothing, &attribute));
    nothing = cotel_span_view_events(NULL);
    assert_false(cotel_iterator_next_event(&nothing, &event));
    assert_false(cotel_iterator_next_event(NULL, &event));
    assert_false(cotel_span_view_get(NULL, cotel_str_of("k"), &value));
}

static void an_attribute_is_found_by_its_whole_key(void **state)
{
    /* attributes: { "ab": 1 }, { "a": 2 } */
    cotel_span_view span = decoded(LITERAL("\x4a\x08\x0a\x02"
                                           "ab\x12\x02\x18\x01"
                                           "\x4a\x07\x0a\x01"
                                           "a\x12\x02\x18\x02"));
    cotel_value_view value;
    assert_true(cotel_span_view_get(&span, cotel_str_of("a"), &value));
    assert_int_equal(value.integer, 2);
    assert_false(cotel_span_view_get(&span, cotel_str_of("abc"), &value));
    assert_false(cotel_span_view_get(&span, cotel_str_of(""), &value));
    assert_false(cotel_span_view_get(&span, cotel_str_of("a"), NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_bytes_are_a_span_of_defaults),
        cmocka_unit_test(fields_may_come_in_any_order_and_the_last_of_a_kind_counts),
        cmocka_unit_test(parts_of_a_status_are_put_together),
        cmocka_unit_test(kinds_and_codes_that_nobody_knows_read_as_the_default),
        cmocka_unit_test(unknown_fields_are_passed_over),
        cmocka_unit_test(known_fields_of_the_wrong_type_are_refused),
        cmocka_unit_test(an_id_of_another_size_is_refused_and_an_empty_one_is_zeros),
        cmocka_unit_test(what_is_cut_off_is_refused),
        cmocka_unit_test(null_is_harmless),
        cmocka_unit_test(an_attribute_is_found_by_its_whole_key),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
