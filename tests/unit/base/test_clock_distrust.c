/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"

/* The kernel's answer to what it keeps time by; NULL: it does not say. */
static const char *clock_source;

int __real_open64(const char *path, int flags, ...);
int __wrap_open64(const char *path, int flags, ...);

int __wrap_open64(const char *path, int flags, ...)
{
    int ends[2];
    if (!strstr(path, "current_clocksource"))
        return __real_open64(path, flags, 0);
    if (!clock_source || pipe(ends) != 0)
        return -1;
    ssize_t written = write(ends[1], clock_source, strlen(clock_source));
    (void)close(ends[1]);
    return written < 0 ? -1 : ends[0];
}

static void assert_the_clock_itself_is_read(void)
{
    uint64_t last = 0;
    for (int i = 0; i < 30; i++) {
        uint64_t before = ct_clock_monotonic_ns();
        uint64_t fast = ct_clock_fast_ns();
        assert_true(before <= fast && fast <= ct_clock_monotonic_ns());
        assert_true(last <= fast);
        last = fast;
        (void)usleep(1000); /* in all longer than the counter takes to be measured */
    }
    assert_int_equal(atomic_load(&ct_clock_timeline.version), 0);
}

static void a_kernel_that_left_the_counter_is_followed(void **state)
{
    clock_source = *state;
    assert_the_clock_itself_is_read();
}

int main(void)
{
    /* The answer is asked for once in a process: a process for each. */
    static const char *answers[] = {NULL, "", "hpet\n", "tsc_unstable\n", "tsc-early\n"};
    int failed = 0;
    for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
        pid_t child = fork();
        if (child == 0) {
            const struct CMUnitTest tests[] = {cmocka_unit_test_prestate(
                a_kernel_that_left_the_counter_is_followed, (void *)(uintptr_t)answers[i])};
            return cmocka_run_group_tests(tests, NULL, NULL);
        }
        int status = 1;
        failed += child < 0 || waitpid(child, &status, 0) != child || status != 0;
    }
    return failed;
}
