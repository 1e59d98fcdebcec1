/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "heard.h"

#define LONGEST 511

static int back_to_silence(void **state)
{
    stop_listening();
    return 0;
}

static void nothing_is_said_before_a_function_is_set(void **state)
{
    /* Would crash if it called anything. */
    cotel_diagnostics_report(COTEL_LOG_ERROR, "test", "nobody hears %d", 1);
}

static void a_message_arrives_as_it_was_formatted(void **state)
{
    struct heard heard = {0};
    cotel_diagnostics_set(hear, &heard, COTEL_LOG_DEBUG);
    cotel_diagnostics_report(COTEL_LOG_INFO, "batch_processor", "%s is %d", "it", 42);
    assert_int_equal(heard.count, 1);
    assert_int_equal(heard.level, COTEL_LOG_INFO);
    assert_string_equal(heard.component, "batch_processor");
    assert_string_equal(heard.message, "it is 42");
}

static void less_severe_messages_are_left_out(void **state)
{
    struct heard heard = {0};
    cotel_diagnostics_set(hear, &heard, COTEL_LOG_WARNING);
    cotel_diagnostics_report(COTEL_LOG_INFO, "test", "info");
    cotel_diagnostics_report(COTEL_LOG_DEBUG, "test", "debug");
    assert_int_equal(heard.count, 0);
    cotel_diagnostics_report(COTEL_LOG_WARNING, "test", "warning");
    cotel_diagnostics_report(COTEL_LOG_ERROR, "test", "error");
    assert_int_equal(heard.count, 2);
}

static void after_null_is_set_it_is_silent_again(void **state)
{
    struct heard heard = {0};
    cotel_diagnostics_set(hear, &heard, COTEL_LOG_DEBUG);
    cotel_diagnostics_set(NULL, NULL, COTEL_LOG_DEBUG);
    cotel_diagnostics_report(COTEL_LOG_ERROR, "test", "unheard");
    assert_int_equal(heard.count, 0);
}

static void a_long_message_is_cut_at_511_bytes(void **state)
{
    struct heard heard = {0};
    char text[LONGEST + 100];
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    cotel_diagnostics_set(hear, &heard, COTEL_LOG_DEBUG);
    cotel_diagnostics_report(COTEL_LOG_ERROR, "test", "%s", text);
    assert_int_equal(strlen(heard.message), LONGEST);
}

static void a_quoted_answer_cannot_forge_lines(void **state)
{
    struct heard heard = {0};
    cotel_diagnostics_set(hear, &heard, COTEL_LOG_DEBUG);
    cotel_diagnostics_report(COTEL_LOG_ERROR, "test", "peer said %s",
                             "no\r\nroot: logged in\x1b[1m");
    assert_string_equal(heard.message, "peer said no  root: logged in [1m");
}

static void complain_again(void *user, cotel_log_level level, const char *component,
                           const char *message)
{
    ++*(int *)user;
    cotel_diagnostics_report(COTEL_LOG_ERROR, "test", "from inside");
}

static void what_the_function_itself_causes_is_not_told(void **state)
{
    int count = 0;
    cotel_diagnostics_set(complain_again, &count, COTEL_LOG_DEBUG);
    cotel_diagnostics_report(COTEL_LOG_ERROR, "test", "first");
    assert_int_equal(count, 1);
    cotel_diagnostics_report(COTEL_LOG_ERROR, "test", "second");
    assert_int_equal(count, 2);
}

static void spoil_errno(void *user, cotel_log_level level, const char *component,
                        const char *message)
{
    errno = EBADF;
}

static void errno_is_as_before(void **state)
{
    cotel_diagnostics_set(spoil_errno, NULL, COTEL_LOG_DEBUG);
    errno = ENOSPC;
    cotel_diagnostics_report(COTEL_LOG_ERROR, "test", "trouble");
    assert_int_equal(errno, ENOSPC);
}

static void a_missing_component_is_cotel_itself(void **state)
{
    struct heard heard = {0};
    cotel_diagnostics_set(hear, &heard, COTEL_LOG_DEBUG);
    cotel_diagnostics_report(COTEL_LOG_ERROR, NULL, "x");
    assert_string_equal(heard.component, "cotel");
}

static void the_ready_made_function_writes_a_line_to_its_file(void **state)
{
    char *text = NULL;
    size_t size = 0;
    FILE *file = open_memstream(&text, &size);
    assert_non_null(file);
    cotel_diagnostics_set(cotel_diagnostics_to_file, file, COTEL_LOG_DEBUG);
    cotel_diagnostics_report(COTEL_LOG_WARNING, "resource", "no host");
    cotel_diagnostics_report(COTEL_LOG_DEBUG, "worker", "naps");
    cotel_diagnostics_to_file(file, (cotel_log_level)9, NULL, NULL);
    stop_listening();
    assert_int_equal(fclose(file), 0);
    assert_string_equal(text, "cotel: warning: resource: no host\n"
                              "cotel: debug: worker: naps\n"
                              "cotel: unknown: cotel: \n");
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_said_before_a_function_is_set),
        cmocka_unit_test_teardown(a_message_arrives_as_it_was_formatted, back_to_silence),
        cmocka_unit_test_teardown(less_severe_messages_are_left_out, back_to_silence),
        cmocka_unit_test_teardown(after_null_is_set_it_is_silent_again, back_to_silence),
        cmocka_unit_test_teardown(a_long_message_is_cut_at_511_bytes, back_to_silence),
        cmocka_unit_test_teardown(a_quoted_answer_cannot_forge_lines, back_to_silence),
        cmocka_unit_test_teardown(what_the_function_itself_causes_is_not_told, back_to_silence),
        cmocka_unit_test_teardown(errno_is_as_before, back_to_silence),
        cmocka_unit_test_teardown(a_missing_component_is_cotel_itself, back_to_silence),
        cmocka_unit_test_teardown(the_ready_made_function_writes_a_line_to_its_file,
                                  back_to_silence),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
