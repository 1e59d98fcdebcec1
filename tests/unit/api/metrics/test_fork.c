/* SPDX-License-Identifier: Apache-2.0 */
/* Children that are forked while a thread of the parent holds the registry of meters, by fork() and
 * by _Fork(), which tells nobody. */
#include "suite.h"

#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

#include "api/metrics/list.h"
#include "fake_metrics.h"

enum { DEADLINE_S = 20 };

/* ThreadSanitizer does not see _Fork(), and so believes an inherited mutex to be locked. */
#ifdef __SANITIZE_THREAD__
#define FORK_UNSEEN fork
#else
#define FORK_UNSEEN _Fork
#endif

static struct fake_provider first, second;
static cotel_counter *counters[2];
static cotel_bound_counter *bounds[2];
static cotel_observable *observable;
static cotel_callback *callback;
static unsigned runs;

static void count_runs(cotel_observer *observer, void *user)
{
    runs++;
    cotel_observe(observer, observable, 1, NULL, 0);
}

static int start_afresh(void **state)
{
    cotel_meter_provider_forget(&first.base);
    cotel_meter_provider_forget(&second.base);
    fake_provider_init(&first);
    fake_provider_init(&second);
    runs = 0;
    return 0;
}

/* Whether `body` holds in a child; one that hangs is ended by its alarm. */
static bool holds_in_child(pid_t (*fork_function)(void), bool (*body)(void))
{
    pid_t child = fork_function();
    if (child == 0) {
        alarm(DEADLINE_S);
        _exit(body() ? 0 : 1);
    }
    int status;
    return child > 0 && waitpid(child, &status, 0) == child && status == 0;
}

static pthread_barrier_t inside, leave;
static bool was_held;

/* Holds the registry's lock, once, while the main thread forks. */
static void hold(void)
{
    if (was_held)
        return;
    was_held = true;
    pthread_barrier_wait(&inside);
    pthread_barrier_wait(&leave);
}

static void *set_first(void *unused)
{
    cotel_meter_provider_set_global(&first.base);
    return NULL;
}

/* The first lock in the child mends what the parent's thread had not finished. */
static bool all_follow_the_new_provider(void)
{
    fake_in_get_instrument = NULL;
    (void)cotel_meter_get("takes the lock", NULL);
    for (size_t i = 0; i < 2; i++) {
        if (cotel_meter_provider_global() != &first.base || !cotel_counter_enabled(counters[i]))
            return false;
        cotel_counter_add(counters[i], 1, NULL, 0);
        cotel_bound_counter_add(bounds[i], 1);
        if (fake_find(&first, counters[i])->records != 2)
            return false;
        cotel_bound_counter_unbind(bounds[i]);
    }
    fake_collect(&first);
    cotel_callback_remove(callback);
    fake_collect(&first);
    return runs == 1;
}

static void a_half_made_change_of_the_provider_is_finished(void **state)
{
    pthread_t thread;
    cotel_meter *meter = cotel_meter_get("early", NULL);
    for (size_t i = 0; i < 2; i++) {
        counters[i] = cotel_counter_get(meter, i ? "one" : "two", NULL);
        bounds[i] = cotel_counter_bind(counters[i], NULL, 0);
    }
    observable = cotel_observable_gauge_get(meter, "gauge", NULL, NULL, NULL);
    callback = cotel_observable_add_callback(&observable, 1, count_runs, NULL);
    cotel_meter_provider_set_global(&second.base);

    was_held = false;
    fake_in_get_instrument = hold;
    assert_int_equal(pthread_create(&thread, NULL, set_first, NULL), 0);
    pthread_barrier_wait(&inside);
    bool after_fork = holds_in_child(fork, all_follow_the_new_provider);
    bool after_unseen = holds_in_child(FORK_UNSEEN, all_follow_the_new_provider);
    pthread_barrier_wait(&leave);
    assert_int_equal(pthread_join(thread, NULL), 0);
    assert_true(after_fork);
    assert_true(after_unseen);
    assert_true(all_follow_the_new_provider()); /* in the parent too */
}

static void *get_instrument(void *meter)
{
    (void)cotel_counter_get(meter, "held", NULL);
    return NULL;
}

static bool instruments_are_made(void)
{
    fake_in_get_instrument = NULL;
    cotel_meter *meter = cotel_meter_provider_get_meter(&first.base, "held", NULL);
    cotel_counter *counter = cotel_counter_get(meter, "held", NULL);
    return cotel_counter_enabled(counter) && cotel_counter_get(meter, "held", NULL) == counter;
}

static void a_lock_that_another_thread_held_is_not_waited_for(void **state)
{
    pthread_t thread;
    was_held = false;
    fake_in_get_instrument = hold;
    cotel_meter *meter = cotel_meter_provider_get_meter(&first.base, "held", NULL);
    assert_int_equal(pthread_create(&thread, NULL, get_instrument, meter), 0);
    pthread_barrier_wait(&inside);
    bool after_fork = holds_in_child(fork, instruments_are_made);
    bool after_unseen = holds_in_child(FORK_UNSEEN, instruments_are_made);
    pthread_barrier_wait(&leave);
    assert_int_equal(pthread_join(thread, NULL), 0);
    assert_true(after_fork);
    assert_true(after_unseen);
}

/* What a child may find: forwards all is right, and one node points back to where it was. */
static void a_list_that_was_caught_half_changed_is_mended(void **state)
{
    struct ct_list list = {NULL};
    struct ct_node nodes[3];
    for (size_t i = 0; i < COUNT_OF(nodes); i++)
        ct_list_add(&list, &nodes[i]);
    nodes[1].at = &nodes[0].next;
    ct_list_mend(&list);
    ct_list_remove(&nodes[1]);
    assert_ptr_equal(ct_list_first(&list), &nodes[2]);
    assert_ptr_equal(ct_list_next(&nodes[2]), &nodes[0]);
    assert_null(ct_list_next(&nodes[0]));
}

#define FORK_TEST(name) cmocka_unit_test_setup(name, start_afresh)

int main(void)
{
    const struct CMUnitTest tests[] = {
        FORK_TEST(a_half_made_change_of_the_provider_is_finished),
        FORK_TEST(a_lock_that_another_thread_held_is_not_waited_for),
        FORK_TEST(a_list_that_was_caught_half_changed_is_mended),
    };
    if (pthread_barrier_init(&inside, NULL, 2) != 0 || pthread_barrier_init(&leave, NULL, 2) != 0)
        return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
