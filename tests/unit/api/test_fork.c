/* SPDX-License-Identifier: Apache-2.0 */
/* Children that are forked at the worst moment, by fork() and by _Fork(), which tells nobody. */
#include "suite.h"

#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fake_sdk.h"

enum { DEADLINE_S = 20 };

/* ThreadSanitizer does not see _Fork(), and so believes an inherited mutex to be locked. */
#ifdef __SANITIZE_THREAD__
#define FORK_UNSEEN fork
#else
#define FORK_UNSEEN _Fork
#endif

static struct fake_provider providers[2] = {FAKE_PROVIDER_INIT, FAKE_PROVIDER_INIT};

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

static bool inherited_context_is_current(void)
{
    cotel_span expected = sample_span(1);
    if (!same_span_id(cotel_context_span_pointer(NULL), &expected))
        return false;
    cotel_headers out = {.count = 0};
    cotel_inject(NULL, &cotel_headers_setter, &out);
    return cotel_headers_get(&out, "traceparent") != NULL;
}

static void an_inherited_span_still_propagates(void **state)
{
    cotel_span span = sample_span(1);
    cotel_token token = cotel_span_activate(&span);
    assert_true(holds_in_child(fork, inherited_context_is_current));
    assert_true(holds_in_child(FORK_UNSEEN, inherited_context_is_current));
    cotel_context_detach(token);
}

static pthread_barrier_t inside, leave;

/* Holds the registry's lock while the main thread forks. */
static struct ct_tracer_impl *get_tracer_slowly(cotel_tracer_provider *provider,
                                                const struct ct_scope *scope)
{
    pthread_barrier_wait(&inside);
    pthread_barrier_wait(&leave);
    return NULL;
}

static const struct ct_provider_ops slow_ops = {.size = sizeof slow_ops,
                                                .get_tracer = get_tracer_slowly};
static struct fake_provider slow_provider = {.base = {&slow_ops}};

static void *hold_lock(void *unused)
{
    (void)cotel_tracer_provider_get_tracer(&slow_provider.base, "slow", NULL);
    return NULL;
}

static bool registry_works(void)
{
    cotel_tracer_provider_set_global(&providers[0].base);
    cotel_tracer *tracer = cotel_tracer_get("child", NULL);
    return cotel_tracer_enabled(tracer) && cotel_tracer_get("child", NULL) == tracer;
}

static void a_lock_that_another_thread_held_is_not_waited_for(void **state)
{
    pthread_t thread;
    assert_int_equal(pthread_barrier_init(&inside, NULL, 2), 0);
    assert_int_equal(pthread_barrier_init(&leave, NULL, 2), 0);
    assert_int_equal(pthread_create(&thread, NULL, hold_lock, NULL), 0);
    pthread_barrier_wait(&inside);
    bool after_fork = holds_in_child(fork, registry_works);
    bool after_unseen = holds_in_child(FORK_UNSEEN, registry_works);
    pthread_barrier_wait(&leave);
    assert_int_equal(pthread_join(thread, NULL), 0);
    assert_true(after_fork);
    assert_true(after_unseen);
}

static void *set_slow_provider(void *unused)
{
    cotel_tracer_provider_set_global(&slow_provider.base);
    return NULL;
}

static cotel_tracer *early;

/* The first lock in the child mends what the parent's thread had not finished. */
static bool tracers_follow_the_new_provider(void)
{
    slow_provider.base.ops = &fake_provider_ops;
    (void)cotel_tracer_get("takes the lock", NULL);
    return cotel_tracer_provider_global() == &slow_provider.base && cotel_tracer_enabled(early);
}

static void a_half_made_change_of_the_provider_is_finished(void **state)
{
    pthread_t thread;
    cotel_tracer_provider_set_global(NULL);
    early = cotel_tracer_get("early", NULL);
    assert_int_equal(pthread_create(&thread, NULL, set_slow_provider, NULL), 0);
    pthread_barrier_wait(&inside);
    bool finished = holds_in_child(FORK_UNSEEN, tracers_follow_the_new_provider);
    pthread_barrier_wait(&leave);
    assert_int_equal(pthread_join(thread, NULL), 0);
    assert_true(finished);
    cotel_tracer_provider_set_global(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_inherited_span_still_propagates),
        cmocka_unit_test(a_lock_that_another_thread_held_is_not_waited_for),
        cmocka_unit_test(a_half_made_change_of_the_provider_is_finished),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
