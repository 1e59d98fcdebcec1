/* SPDX-License-Identifier: Apache-2.0 */
/* grpc-status, grpc-message and grpc-status-details-bin. */
#include "exporters/otlp/grpc/status.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static int code_of(const char *text)
{
    return ct_grpc_code_read(text, strlen(text));
}

static void a_status_is_a_number(void **state)
{
    assert_int_equal(code_of("0"), CT_GRPC_OK);
    assert_int_equal(code_of("16"), CT_GRPC_UNAUTHENTICATED);
    assert_int_equal(code_of("08"), CT_GRPC_RESOURCE_EXHAUSTED);
    static const char *const none[] = {"", "-1", "17", "1 ", "x", "0x1", "99999999999999999999"};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        assert_int_equal(code_of(none[i]), CT_GRPC_UNKNOWN);
}

static void a_status_has_a_name(void **state)
{
    assert_string_equal(ct_grpc_code_name(CT_GRPC_OK), "OK");
    assert_string_equal(ct_grpc_code_name(CT_GRPC_UNAUTHENTICATED), "UNAUTHENTICATED");
    assert_string_equal(ct_grpc_code_name(-1), "UNKNOWN");
    assert_string_equal(ct_grpc_code_name(17), "UNKNOWN");
}

static void only_an_exhausted_peer_is_asked_again_because_it_said_when(void **state)
{
    for (int code = -1; code <= CT_GRPC_CODES; code++) {
        enum ct_otlp_verdict without = ct_grpc_verdict(code, false);
        enum ct_otlp_verdict with = ct_grpc_verdict(code, true);
        if (code == CT_GRPC_RESOURCE_EXHAUSTED) {
            assert_int_equal(without, CT_OTLP_TOO_LARGE);
            assert_int_equal(with, CT_OTLP_RETRY);
        } else {
            assert_int_equal(with, without);
        }
    }
}

static const char *message_of(const char *text)
{
    static char out[32];
    ct_grpc_message_read(text, strlen(text), out, sizeof out);
    return out;
}

static void a_message_is_decoded_and_printable(void **state)
{
    assert_string_equal(message_of(""), "");
    assert_string_equal(message_of("a%20b%25"), "a b%");
    assert_string_equal(message_of("%c3%A4"), "??");
    assert_string_equal(message_of("%00%0a%7f"), "   ");
    assert_string_equal(message_of("%"), "%");
    assert_string_equal(message_of("%4"), "%4");
    assert_string_equal(message_of("%4g%zz%%41"), "%4g%zz%A");
}

static void a_message_is_cut_where_room_ends(void **state)
{
    char out[4] = "zzz";
    ct_grpc_message_read("%41%42%43%44", 12, out, sizeof out);
    assert_string_equal(out, "ABC");
    ct_grpc_message_read("%41", 2, out, sizeof out); /* and never read beyond its end */
    assert_string_equal(out, "%4");
}

/* The details below are google.rpc.Status messages in base64, encoded by hand. */
static uint64_t delay_of(const char *header)
{
    return ct_grpc_retry_delay_ns(header, strlen(header));
}

static void the_delay_of_a_retry_info_is_found(void **state)
{
    /* {code 8, details {RetryInfo {retry_delay 0.3 s}}}, without and with padding */
    assert_true(delay_of("CAgaNAoodHlwZS5nb29nbGVhcGlzLmNvbS9nb29nbGUucnBjLlJldHJ5SW5mbxIICgYQgMaG"
                         "jwE") == 300000000);
    assert_true(delay_of("CAgaNAoodHlwZS5nb29nbGVhcGlzLmNvbS9nb29nbGUucnBjLlJldHJ5SW5mbxIICgYQgMaG"
                         "jwE=") == 300000000);
    /* behind another detail, of another host */
    assert_true(delay_of("CAgaLwoodHlwZS5nb29nbGVhcGlzLmNvbS9nb29nbGUucnBjLkVycm9ySW5m"
                         "bxIDCgF4GiAKFmgvZ29vZ2xlLnJwYy5SZXRyeUluZm8SBgoECAIQBQ") == 2000000005);
    /* none in it, or less than nothing: at once */
    assert_true(delay_of("CAgaLAoodHlwZS5nb29nbGVhcGlzLmNvbS9nb29nbGUucnBjLlJldHJ5SW5m"
                         "bxIA") == 0);
    assert_true(delay_of("CAgaOQoodHlwZS5nb29nbGVhcGlzLmNvbS9nb29nbGUucnBjLlJldHJ5SW5m"
                         "bxINCgsI////////////AQ") == 0);
    assert_true(delay_of("CAgaOwoodHlwZS5nb29nbGVhcGlzLmNvbS9nb29nbGUucnBjLlJldHJ5SW5m"
                         "bxIPCg0IARD///////////8B") == 0);
    /* longer than time */
    assert_true(delay_of("CAgaPgoodHlwZS5nb29nbGVhcGlzLmNvbS9nb29nbGUucnBjLlJldHJ5SW5m"
                         "bxISChAI//////////9/EP+T69wD") == CT_OTLP_NOT_SAID - 1);
    /* malformed, or another type */
    assert_true(delay_of("CAgaLgoodHlwZS5nb29nbGVhcGlzLmNvbS9nb29nbGUucnBjLlJldHJ5SW5m"
                         "bxICCn8") == CT_OTLP_NOT_SAID);
    assert_true(delay_of("CAgaIwoZeC9nb29nbGUucnBjLlF1b3RhRmFpbHVyZRIGCgQIAhAF") ==
                CT_OTLP_NOT_SAID);
    assert_true(delay_of("CAg") == CT_OTLP_NOT_SAID);
}

static void what_is_no_status_has_no_delay(void **state)
{
    static const char *const none[] = {"",     "=",        "!",        "CAg",      "////", "A",
                                       "CAga", "CAg aNAo", "CAgaAgoA", "\xff\xfe", "CAgS", "CAg=A"};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        assert_true(delay_of(none[i]) == CT_OTLP_NOT_SAID);
}

static void details_without_end_are_left_alone(void **state)
{
    static char endless[20000];
    memset(endless, 'A', sizeof endless);
    assert_true(ct_grpc_retry_delay_ns(endless, sizeof endless) == CT_OTLP_NOT_SAID);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_status_is_a_number),
        cmocka_unit_test(a_status_has_a_name),
        cmocka_unit_test(only_an_exhausted_peer_is_asked_again_because_it_said_when),
        cmocka_unit_test(a_message_is_decoded_and_printable),
        cmocka_unit_test(a_message_is_cut_where_room_ends),
        cmocka_unit_test(the_delay_of_a_retry_info_is_found),
        cmocka_unit_test(what_is_no_status_has_no_delay),
        cmocka_unit_test(details_without_end_are_left_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
