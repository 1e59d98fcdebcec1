/* SPDX-License-Identifier: Apache-2.0 */
/* A forked child: the last strategy holds, and the first decision starts polling there. */
#include "polling.h"

#include <pthread.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

static int wait_for(pid_t child)
{
    int status = -1;
    assert_true(child >= 0);
    assert_int_equal(waitpid(child, &status, 0), child);
    return status;
}

static unsigned threads_named_as_ours(void)
{
    unsigned count = 0;
    char line[64] = "";
    FILE *list = popen("cat /proc/$PPID/task/*/comm", "r");
    while (list != NULL && fgets(line, sizeof line, list) != NULL)
        count += strcmp(line, "cotel-sampling\n") == 0;
    if (list != NULL)
        pclose(list);
    return count;
}

/* In the child; what it returns is its exit status. */
static int decide_and_follow(cotel_sampler *sampler, struct fault_server *server)
{
    if (threads_named_as_ours() != 0)
        return 2;
    if (!asks_yes(sampler, "a"))
        return 3;
    if (threads_named_as_ours() != 1)
        return 4;
    if (!comes_to(sampler, "a", false))
        return 5;
    if (counts_of(sampler).changes != 1)
        return 6;
    cotel_sampler_destroy(sampler);
    return threads_named_as_ours() == 0 ? 0 : 7;
}

static void a_child_keeps_the_strategy_and_polls_anew(void **state)
{
#ifdef __SANITIZE_THREAD__
    skip(); /* it takes the child's thread for one of the parent's (of the same id) and ends */
#endif
    struct fault_plan plan = plan_of(ALL);
    struct fault_server *server = fault_server_start(&plan);
    cotel_jaeger_remote_sampler_options options = quick_options();
    options.polling_interval_ms = 3600 * 1000; /* so that only the child sees what comes next */
    cotel_sampler *sampler = sampler_with(options, server);
    assert_true(comes_to(sampler, "a", true));
    plan = plan_of(NONE);
    fault_server_set_plan(server, &plan);
    pid_t child = fork();
    if (child == 0)
        _exit(decide_and_follow(sampler, server));
    assert_int_equal(wait_for(child), 0);
    assert_true(asks_yes(sampler, "a"));
    assert_int_equal(counts_of(sampler).changes, 1);
    cotel_sampler_destroy(sampler);
    fault_server_stop(server);
}

static void a_child_may_destroy_what_it_never_used(void **state)
{
    struct fault_server *server = fault_server_start(&(struct fault_plan){.fault = FAULT_SILENT});
    cotel_sampler *sampler = sampler_of(server);
    sleep_ms(50);
    pid_t child = fork();
    if (child == 0) {
        alarm(PATIENCE_MS / 1000);
        cotel_sampler_destroy(sampler);
        _exit(0);
    }
    assert_int_equal(wait_for(child), 0);
    uint64_t polls = counts_of(sampler).polls;
    struct fault_plan plan = plan_of(ALL);
    fault_server_set_plan(server, &plan);
    assert_true(comes_to(sampler, "a", true)); /* the parent's poll was not disturbed */
    assert_true(counts_of(sampler).polls >= polls);
    cotel_sampler_destroy(sampler);
    fault_server_stop(server);
}

static atomic_bool stop;

static void *decide_all_the_time(void *sampler)
{
    while (!atomic_load(&stop))
        (void)asks_yes(sampler, "a");
    return NULL;
}

/* Forks at any moment of polls, of changes and of decisions. */
static void children_of_a_busy_parent_go_on_too(void **state)
{
#ifdef __SANITIZE_THREAD__
    skip(); /* it takes the child's thread for one of the parent's (of the same id) and ends */
#endif
    static const char *const bodies[] = {ALL, "{\"operationSampling\":{\"defaultSamplingProbability"
                                              "\":1,\"defaultLowerBoundTracesPerSecond\":1}}"};
    enum { THREADS = 3, CHILDREN = 40 };
    struct fault_plan plan = plan_of(ALL);
    struct fault_server *server = fault_server_start(&plan);
    cotel_jaeger_remote_sampler_options options = quick_options();
    options.polling_interval_ms = 1;
    cotel_sampler *sampler = sampler_with(options, server);
    pthread_t threads[THREADS];
    assert_true(comes_to(sampler, "a", true));
    atomic_store(&stop, false);
    for (size_t i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, decide_all_the_time, sampler), 0);
    for (unsigned i = 0; i < CHILDREN; i++) {
        plan = plan_of(bodies[i % 2]);
        fault_server_set_plan(server, &plan);
        pid_t child = fork();
        if (child == 0) {
            alarm(PATIENCE_MS / 1000);
            bool good = asks_yes(sampler, "a") && polls_more(sampler, 2) && asks_yes(sampler, "a");
            cotel_sampler_destroy(sampler);
            _exit(good ? 0 : 1);
        }
        assert_int_equal(wait_for(child), 0);
    }
    atomic_store(&stop, true);
    for (size_t i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    cotel_sampler_destroy(sampler);
    fault_server_stop(server);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_child_keeps_the_strategy_and_polls_anew),
        cmocka_unit_test(a_child_may_destroy_what_it_never_used),
        cmocka_unit_test(children_of_a_busy_parent_go_on_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
