/* SPDX-License-Identifier: Apache-2.0 */
#include "suite.h"

static void an_id_is_valid_when_any_byte_is_not_zero(void **state)
{
    cotel_trace_id trace_id = {{0}};
    cotel_span_id span_id = {{0}};
    assert_false(cotel_trace_id_is_valid(&trace_id));
    assert_false(cotel_span_id_is_valid(&span_id));
    for (size_t i = 0; i < sizeof trace_id.bytes; i++) {
        memset(&trace_id, 0, sizeof trace_id);
        trace_id.bytes[i] = 1;
        assert_true(cotel_trace_id_is_valid(&trace_id));
    }
    for (size_t i = 0; i < sizeof span_id.bytes; i++) {
        memset(&span_id, 0, sizeof span_id);
        span_id.bytes[i] = 0x80;
        assert_true(cotel_span_id_is_valid(&span_id));
    }
}

static void null_is_not_valid(void **state)
{
    assert_false(cotel_trace_id_is_valid(NULL));
    assert_false(cotel_span_id_is_valid(NULL));
    assert_false(cotel_span_context_is_valid(NULL));
}

static void a_context_needs_both_ids(void **state)
{
    cotel_span_context context = sample_context();
    assert_true(cotel_span_context_is_valid(&context));
    memset(&context.span_id, 0, sizeof context.span_id);
    assert_false(cotel_span_context_is_valid(&context));
    context = sample_context();
    memset(&context.trace_id, 0, sizeof context.trace_id);
    assert_false(cotel_span_context_is_valid(&context));
}

static void hexadecimal_is_lower_case_and_closed(void **state)
{
    cotel_span_context context = sample_context();
    char trace_id[COTEL_TRACE_ID_HEX_SIZE];
    char span_id[COTEL_SPAN_ID_HEX_SIZE];
    cotel_trace_id_to_hex(&context.trace_id, trace_id);
    cotel_span_id_to_hex(&context.span_id, span_id);
    assert_string_equal(trace_id, TRACE_ID_HEX);
    assert_string_equal(span_id, SPAN_ID_HEX);
}

static void every_byte_survives_hexadecimal_both_ways(void **state)
{
    for (unsigned byte = 0; byte < 256; byte++) {
        cotel_span_id id, back;
        char hex[COTEL_SPAN_ID_HEX_SIZE], expected[3];
        memset(&id, (int)byte, sizeof id);
        cotel_span_id_to_hex(&id, hex);
        snprintf(expected, sizeof expected, "%02x", byte);
        assert_memory_equal(hex + 14, expected, 2);
        assert_true(cotel_span_id_from_hex(hex, 16, &back));
        assert_memory_equal(&back, &id, sizeof id);
    }
}

static void reading_takes_either_case(void **state)
{
    cotel_span_id upper, lower;
    assert_true(cotel_span_id_from_hex("ABCDEFabcdef0123", 16, &upper));
    assert_true(cotel_span_id_from_hex("abcdefABCDEF0123", 16, &lower));
    assert_memory_equal(&upper, &lower, sizeof upper);
}

static void reading_refuses_another_length_and_leaves_the_target(void **state)
{
    cotel_trace_id id;
    memset(&id, 7, sizeof id);
    const cotel_trace_id before = id;
    assert_false(cotel_trace_id_from_hex(TRACE_ID_HEX, 31, &id));
    assert_false(cotel_trace_id_from_hex(TRACE_ID_HEX "0", 33, &id));
    assert_false(cotel_trace_id_from_hex(TRACE_ID_HEX, 0, &id));
    assert_false(cotel_trace_id_from_hex(NULL, 32, &id));
    assert_memory_equal(&id, &before, sizeof id);
}

static void reading_refuses_every_character_that_is_no_digit(void **state)
{
    for (unsigned c = 0; c < 256; c++) {
        char hex[] = SPAN_ID_HEX;
        cotel_span_id id;
        memset(&id, 7, sizeof id);
        const cotel_span_id before = id;
        hex[c % 16] = (char)c;
        bool is_digit = strchr("0123456789abcdefABCDEF", (int)c) && c != 0;
        assert_int_equal(cotel_span_id_from_hex(hex, 16, &id), is_digit);
        if (!is_digit)
            assert_memory_equal(&id, &before, sizeof id);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_id_is_valid_when_any_byte_is_not_zero),
        cmocka_unit_test(null_is_not_valid),
        cmocka_unit_test(a_context_needs_both_ids),
        cmocka_unit_test(hexadecimal_is_lower_case_and_closed),
        cmocka_unit_test(every_byte_survives_hexadecimal_both_ways),
        cmocka_unit_test(reading_takes_either_case),
        cmocka_unit_test(reading_refuses_another_length_and_leaves_the_target),
        cmocka_unit_test(reading_refuses_every_character_that_is_no_digit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
