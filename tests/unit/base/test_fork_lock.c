/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <semaphore.h>
#include <stdbool.h>

#include "base/fork.h"
#include "children.h"

/* ThreadSanitizer lets a child of many threads start none, and believes an inherited mutex to be
 * locked when it has not seen the fork. */
#ifdef __SANITIZE_THREAD__
#define THREADS_IN_A_CHILD false
#define WAYS_SEEN 1
#else
#define THREADS_IN_A_CHILD true
#define WAYS_SEEN WAYS_TO_FORK
#endif

static struct ct_fork_lock lock = CT_FORK_LOCK_INIT;
static int guarded;
static _Atomic int renewals;

static void add_many(void)
{
    for (int i = 0; i < 10000; i++) {
        if (ct_fork_lock(&lock)) {
            guarded = 0;
            atomic_fetch_add(&renewals, 1);
        }
        guarded++;
        ct_fork_unlock(&lock);
    }
}

static void it_excludes_and_is_not_renewed_without_a_fork(void **state)
{
    guarded = 0;
    atomic_store(&renewals, 0);
    assert_int_equal(run_together(add_many), 0);
    assert_int_equal(guarded, CHILD_THREADS * 10000);
    assert_int_equal(atomic_load(&renewals), 0);
}

static void an_initialised_one_is_fresh(void **state)
{
    struct ct_fork_lock other;
    ct_fork_lock_init(&other);
    assert_false(ct_fork_lock(&other));
    ct_fork_unlock(&other);
}

static sem_t held, release;

static void *hold(void *argument)
{
    (void)ct_fork_lock(&lock);
    (void)sem_post(&held);
    (void)sem_wait(&release);
    ct_fork_unlock(&lock);
    return NULL;
}

static int child_adds(void)
{
    atomic_store(&renewals, 0);
    if (run_together(add_many) != 0)
        return 1;
    if (atomic_load(&renewals) != 1)
        return 2;
    return guarded == CHILD_THREADS * 10000 ? 0 : 3;
}

static void with_the_lock_held_elsewhere(fork_function *do_fork, int times, int (*body)(void))
{
    pthread_t holder;
    assert_int_equal(sem_init(&held, 0, 0), 0);
    assert_int_equal(sem_init(&release, 0, 0), 0);
    assert_int_equal(pthread_create(&holder, NULL, hold, NULL), 0);
    assert_int_equal(sem_wait(&held), 0);
    int failed = 0;
    for (int i = 0; i < times && !failed; i++)
        failed = in_child(do_fork, body);
    assert_int_equal(sem_post(&release), 0);
    assert_int_equal(pthread_join(holder, NULL), 0);
    assert_int_equal(failed, 0);
}

static void a_child_never_waits_for_a_thread_it_does_not_have(void **state)
{
    if (!THREADS_IN_A_CHILD)
        skip();
    with_the_lock_held_elsewhere(fork, 50, child_adds);
}

static int takes_it_once_anew(void)
{
    if (!ct_fork_lock(&lock))
        return 1;
    ct_fork_unlock(&lock);
    if (ct_fork_lock(&lock))
        return 2;
    ct_fork_unlock(&lock);
    return 0;
}

static void a_child_is_told_once_however_forked(void **state)
{
    for (size_t i = 0; i < WAYS_SEEN; i++)
        with_the_lock_held_elsewhere(ways_to_fork[i], 1, takes_it_once_anew);
}

static int takes_it_and_so_does_its_child(void)
{
    int failed = takes_it_once_anew();
    return failed ? failed : in_child(fork, takes_it_once_anew);
}

static void a_grandchild_is_told_too(void **state)
{
    with_the_lock_held_elsewhere(fork, 1, takes_it_and_so_does_its_child);
}

static int unlocks_what_its_parent_locked(void)
{
    ct_fork_unlock(&lock);
    return takes_it_once_anew();
}

static void the_holder_may_fork(void **state)
{
    assert_false(ct_fork_lock(&lock));
    int failed = in_child(fork, unlocks_what_its_parent_locked);
    ct_fork_unlock(&lock);
    assert_int_equal(failed, 0);
    assert_false(ct_fork_lock(&lock));
    ct_fork_unlock(&lock);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_excludes_and_is_not_renewed_without_a_fork),
        cmocka_unit_test(an_initialised_one_is_fresh),
        cmocka_unit_test(a_child_never_waits_for_a_thread_it_does_not_have),
        cmocka_unit_test(a_child_is_told_once_however_forked),
        cmocka_unit_test(a_grandchild_is_told_too),
        cmocka_unit_test(the_holder_may_fork),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
