/* SPDX-License-Identifier: Apache-2.0 */
#include <fcntl.h>
#include <stdlib.h>
#include <time.h>

#include "capture.h"

#define MANY (3 * CT_OUTPUT_BUFFER_SIZE + 17)

static void what_is_put_arrives_in_order(void **state)
{
    struct ct_output output;
    capture_begin(&output);
    ct_output_put(&output, "one ", 4);
    ct_output_format(&output, "%d ", 2);
    ct_output_text(&output, cotel_str_of("three"));
    assert_captured(&output, "one 2 three");
}

static void more_than_the_buffer_holds_arrives_too(void **state)
{
    struct ct_output output;
    char *text = malloc(MANY + 1);
    assert_non_null(text);
    for (size_t i = 0; i < MANY; i++)
        text[i] = (char)('a' + i % 26);
    text[MANY] = '\0';
    capture_begin(&output);
    ct_output_put(&output, text, 5);
    ct_output_put(&output, text + 5, MANY - 5);
    assert_captured(&output, text);
    free(text);
}

static void control_characters_never_reach_a_terminal(void **state)
{
    const struct {
        const char *in, *out;
    } rows[] = {
        {"a\nb\r\tc", "a\\nb\\r\\tc"},
        {"\x1b[31mred", "\\u001b[31mred"},
        {"\x7f", "\\u007f"},
        {"C1: \xc2\x9b"
         "31m",
         "C1: \\u009b31m"},
        {"\"quoted\\\"", "\\\"quoted\\\\\\\""},
        {"no-break \xc2\xa0 h\xc3\xa9llo", "no-break \xc2\xa0 h\xc3\xa9llo"},
        {"ends in \xc2", "ends in \xc2"},
        {"", ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct ct_output output;
        capture_begin(&output);
        ct_output_text(&output, cotel_str_of(rows[i].in));
        assert_captured(&output, rows[i].out);
    }
}

static void a_nul_is_shown(void **state)
{
    struct ct_output output;
    capture_begin(&output);
    ct_output_text(&output, cotel_str_n("a\0b", 3));
    assert_captured(&output, "a\\u0000b");
}

static void a_descriptor_that_cannot_be_written_to_fails_once_and_for_all(void **state)
{
    struct ct_output output;
    int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
    assert_true(fd >= 0);
    ct_output_init(&output, fd, UINT64_MAX);
    ct_output_put(&output, "x", 1);
    assert_false(ct_output_flush(&output));
    ct_output_put(&output, "x", 1);
    assert_false(ct_output_flush(&output));
    assert_int_equal(close(fd), 0);
}

static void a_full_pipe_is_given_up_at_the_deadline(void **state)
{
    int ends[2];
    char filling[4096] = {0};
    assert_int_equal(pipe2(ends, O_NONBLOCK | O_CLOEXEC), 0);
    while (write(ends[1], filling, sizeof filling) > 0) {
    }
    struct timespec now;
    assert_int_equal(clock_gettime(CLOCK_MONOTONIC, &now), 0);
    struct ct_output output;
    ct_output_init(&output, ends[1],
                   (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec + 30000000u);
    ct_output_put(&output, "x", 1);
    assert_false(ct_output_flush(&output));
    assert_int_equal(close(ends[0]), 0);
    assert_int_equal(close(ends[1]), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_put_arrives_in_order),
        cmocka_unit_test(more_than_the_buffer_holds_arrives_too),
        cmocka_unit_test(control_characters_never_reach_a_terminal),
        cmocka_unit_test(a_nul_is_shown),
        cmocka_unit_test(a_descriptor_that_cannot_be_written_to_fails_once_and_for_all),
        cmocka_unit_test(a_full_pipe_is_given_up_at_the_deadline),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
