/* SPDX-License-Identifier: Apache-2.0 */
#include "exporters/otlp/encode/response.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define READ(bytes, out) ct_otlp_response_read(bytes, sizeof bytes - 1, out)

static void an_empty_answer_is_a_whole_success(void **state)
{
    struct ct_otlp_response response;
    assert_true(ct_otlp_response_read("", 0, &response));
    assert_int_equal(response.rejected, 0);
    assert_string_equal(response.text, "");
}

static void a_partial_success_tells_how_many_and_why(void **state)
{
    struct ct_otlp_response response;
    assert_true(READ("\x0a\x09\x08\x03\x12\x05"
                     "quota",
                     &response));
    assert_int_equal(response.rejected, 3);
    assert_string_equal(response.text, "quota");
}

static void a_negative_count_is_none(void **state)
{
    struct ct_otlp_response response;
    assert_true(READ("\x0a\x0b\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", &response));
    assert_int_equal(response.rejected, 0);
}

static void words_from_outside_become_one_plain_line(void **state)
{
    struct ct_otlp_response response;
    assert_true(READ("\x0a\x09\x12\x07"
                     "a\nb\xc3\xa4\x1b"
                     "c",
                     &response));
    assert_string_equal(response.text, "a b?? c");
}

static void long_words_are_cut(void **state)
{
    char bytes[3 + 3 + 300] = "\x0a\xaf\x02\x12\xac\x02";
    memset(bytes + 6, 'w', 300);
    struct ct_otlp_response response;
    assert_true(ct_otlp_response_read(bytes, sizeof bytes, &response));
    assert_int_equal(strlen(response.text), CT_OTLP_TEXT_SIZE - 1);
}

static void garbage_is_no_answer(void **state)
{
    struct ct_otlp_response response;
    assert_false(READ("\x0a\x7f\x08\x03", &response));
    assert_false(READ("<html>", &response));
    assert_int_equal(response.rejected, 0);
}

static void a_status_gives_its_message(void **state)
{
    static const char bytes[] = "\x08\x03\x12\x03"
                                "bad\x1a\x02\x0a\x00";
    char text[64];
    assert_true(ct_otlp_status_read(bytes, sizeof bytes - 1, text, sizeof text));
    assert_string_equal(text, "bad");
    assert_false(ct_otlp_status_read("\x08\x03", 2, text, sizeof text));
    assert_false(ct_otlp_status_read("\x12\x7f", 2, text, sizeof text));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_empty_answer_is_a_whole_success),
        cmocka_unit_test(a_partial_success_tells_how_many_and_why),
        cmocka_unit_test(a_negative_count_is_none),
        cmocka_unit_test(words_from_outside_become_one_plain_line),
        cmocka_unit_test(long_words_are_cut),
        cmocka_unit_test(garbage_is_no_answer),
        cmocka_unit_test(a_status_gives_its_message),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
