/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <time.h>

#include "look.h"
#include "sdk/resource/process_start.h"

#define ENOUGH_SECONDS 300

static void the_start_is_the_22nd_field_whatever_the_command_is_called(void **state)
{
    const char *stat =
        "17 (a) b ) (c) S 1 17 17 0 -1 4194304 101 0 2 0 1 2 0 0 20 0 1 0 987654 10\n";
    uint64_t ticks = 0;
    assert_true(ct_process_start_ticks(stat, &ticks));
    assert_int_equal(ticks, 987654);
}

static void a_line_that_ends_too_soon_says_nothing(void **state)
{
    const char *wrong[] = {"",
                           "17",
                           "17 (a)",
                           "17 (a) ",
                           "17 (a) S 1 2 3",
                           "17 (a) S 1 17 17 0 -1 4194304 101 0 2 0 1 2 0 0 20 0 1 0",
                           "17 (a) S 1 17 17 0 -1 4194304 101 0 2 0 1 2 0 0 20 0 1 0 x"};
    uint64_t ticks;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_false(ct_process_start_ticks(wrong[i], &ticks));
}

static void the_boot_time_has_a_line_of_its_own(void **state)
{
    uint64_t seconds = 0;
    assert_true(ct_boot_seconds("cpu  1 2\nintr 5 btime 6\nbtime 1700000000\nx 1\n", &seconds));
    assert_int_equal(seconds, 1700000000);
    assert_false(ct_boot_seconds("cpu  1 2\nintr 5 btime 6\n", &seconds));
    assert_false(ct_boot_seconds("cpu  1 2\nbtime \n", &seconds));
}

static void this_process_was_made_a_moment_ago(void **state)
{
    char start[CT_PROCESS_START_SIZE];
    struct tm utc = {0};
    assert_true(ct_process_start(start));
    const char *rest = strptime(start, "%Y-%m-%dT%H:%M:%S", &utc);
    assert_non_null(rest);
    assert_int_equal(strlen(rest), strlen(".123Z"));
    assert_int_equal(rest[0], '.');
    assert_int_equal(rest[4], 'Z');
    time_t age = time(NULL) - timegm(&utc);
    assert_true(age >= -2 && age < ENOUGH_SECONDS);
}

static void every_look_says_the_same(void **state)
{
    char one[CT_PROCESS_START_SIZE], other[CT_PROCESS_START_SIZE];
    assert_true(ct_process_start(one));
    assert_true(ct_process_start(other));
    assert_string_equal(one, other);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_start_is_the_22nd_field_whatever_the_command_is_called),
        cmocka_unit_test(a_line_that_ends_too_soon_says_nothing),
        cmocka_unit_test(the_boot_time_has_a_line_of_its_own),
        cmocka_unit_test(this_process_was_made_a_moment_ago),
        cmocka_unit_test(every_look_says_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
