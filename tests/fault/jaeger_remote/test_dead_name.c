/* SPDX-License-Identifier: Apache-2.0 */
/* Behind a name server that never answers: tests/support/dead_resolver.c is linked in. */
#include "polling.h"

#include <dirent.h>

static size_t thread_count(void)
{
    DIR *folder = opendir("/proc/self/task");
    assert_non_null(folder);
    size_t count = 0;
    for (const struct dirent *entry; (entry = readdir(folder)) != NULL;)
        count += entry->d_name[0] != '.';
    closedir(folder);
    return count;
}

static void polls_end_and_one_thread_waits_for_the_name(void **state)
{
    cotel_jaeger_remote_sampler_options options = quick_options();
    options.endpoint = "http://jaeger.example:5778/sampling";
    options.timeout_ms = 100;
    cotel_sampler *sampler;
    assert_int_equal(cotel_jaeger_remote_sampler_create(&options, &sampler), COTEL_STATUS_OK);
    assert_true(polls_more(sampler, 1));
    size_t threads = thread_count(); /* with the one that waits */
    assert_true(polls_more(sampler, 4));
    assert_int_equal(thread_count(), threads);
    assert_false(asks_yes(sampler, "a"));
    assert_int_equal(counts_of(sampler).failures, counts_of(sampler).polls);
    uint64_t began = clock_ms();
    cotel_sampler_destroy(sampler);
    assert_in_range(clock_ms() - began, 0, PATIENCE_MS / 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(polls_end_and_one_thread_waits_for_the_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
