/* SPDX-License-Identifier: Apache-2.0 */
/* A forked child: the last strategy holds, and the first decision starts polling there. */
#include "polling.h"

#include <dirent.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static int wait_for(pid_t child)
{
    int status = -1;
    assert_true(child >= 0);
    assert_int_equal(waitpid(child, &status, 0), child);
    return status;
}

static bool is_named_as_ours(const char *thread)
{
    char path[64], name[32] = "";
    snprintf(path, sizeof path, "/proc/self/task/%.16s/comm", thread);
    FILE *file = fopen(path, "r");
    if (file == NULL)
        return false;
    bool is_ours = fgets(name, sizeof name, file) != NULL && strcmp(name, "cotel-sampling\n") == 0;
    fclose(file);
    return is_ours;
}

static unsigned count_threads(void)
{
    unsigned count = 0;
    DIR *folder = opendir("/proc/self/task");
    assert_non_null(folder);
    for (const struct dirent *entry; (entry = readdir(folder)) != NULL;)
        count += is_named_as_ours(entry->d_name);
    closedir(folder);
    return count;
}

/* A thread names itself, and so a little later than it is started. */
static bool comes_to_have_threads(unsigned wanted)
{
    for (uint64_t end = clock_ms() + PATIENCE_MS; clock_ms() < end; sleep_ms(5)) {
        if (count_threads() == wanted)
            return true;
    }
    return false;
}

/* In the child; what it returns is its exit status. */
static int decide_and_follow(cotel_sampler *sampler, struct fault_server *server)
{
    if (count_threads() != 0)
        return 2;
    if (!asks_yes(sampler, "a"))
        return 3;
    if (!comes_to_have_threads(1))
        return 4;
    if (!comes_to(sampler, "a", false))
        return 5;
    if (!changes_reach(sampler, 1))
        return 6;
    cotel_sampler_destroy(sampler);
    return comes_to_have_threads(0) ? 0 : 7;
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
    assert_true(changes_reach(sampler, 1));
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

enum { MOST_FDS = 256 };

static bool is_connected_to(int fd, unsigned port, unsigned *local_port)
{
    struct sockaddr_in peer = {0}, local = {0};
    socklen_t size = sizeof peer, local_size = sizeof local;
    if (getpeername(fd, (struct sockaddr *)&peer, &size) != 0 || ntohs(peer.sin_port) != port)
        return false;
    if (getsockname(fd, (struct sockaddr *)&local, &local_size) != 0)
        return false;
    *local_port = ntohs(local.sin_port);
    return true;
}

/* The local port of a connection to the server; 0: there is none, or only that of `but`. */
static unsigned connection_to(const struct fault_server *server, unsigned but)
{
    unsigned port = (unsigned)strtoul(fault_server_port(server), NULL, 10), local_port;
    for (int fd = 0; fd < MOST_FDS; fd++) {
        if (is_connected_to(fd, port, &local_port) && local_port != but)
            return local_port;
    }
    return 0;
}

static bool has_connection(const struct fault_server *server, unsigned wanted)
{
    unsigned port = (unsigned)strtoul(fault_server_port(server), NULL, 10), local_port;
    for (int fd = 0; fd < MOST_FDS; fd++) {
        if (is_connected_to(fd, port, &local_port) && local_port == wanted)
            return true;
    }
    return false;
}

/* In the child, whose parent waits for an answer on the connection of that port. */
static int connect_anew(cotel_sampler *sampler, struct fault_server *server, unsigned parents)
{
    if (!has_connection(server, parents))
        return 2;
    (void)asks_yes(sampler, "a");
    if (has_connection(server, parents))
        return 3;
    for (uint64_t end = clock_ms() + PATIENCE_MS; clock_ms() < end; sleep_ms(5)) {
        if (connection_to(server, parents) != 0)
            return 0;
    }
    return 4;
}

static void a_child_lets_go_of_the_parents_connection(void **state)
{
#ifdef __SANITIZE_THREAD__
    skip(); /* as above */
#endif
    struct fault_server *server = fault_server_start(&(struct fault_plan){.fault = FAULT_SILENT});
    cotel_jaeger_remote_sampler_options options = quick_options();
    options.timeout_ms = 2 * PATIENCE_MS;
    cotel_sampler *sampler = sampler_with(options, server);
    unsigned port = 0;
    for (uint64_t end = clock_ms() + PATIENCE_MS; port == 0 && clock_ms() < end; sleep_ms(5))
        port = connection_to(server, 0);
    assert_int_not_equal(port, 0);
    pid_t child = fork();
    if (child == 0)
        _exit(connect_anew(sampler, server, port));
    assert_int_equal(wait_for(child), 0);
    const struct fault_plan plan = plan_of(ALL);
    fault_server_set_plan(server, &plan);
    assert_true(comes_to(sampler, "a", true)); /* by the poll that was under way */
    assert_int_equal(counts_of(sampler).failures, 0);
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
#if defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__)
    skip(); /* gcc's runtimes may hang in the child of a threaded process that starts a thread */
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
        cmocka_unit_test(a_child_lets_go_of_the_parents_connection),
        cmocka_unit_test(children_of_a_busy_parent_go_on_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
