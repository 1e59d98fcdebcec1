/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdbool.h>
#include <stdlib.h>

#include "base/fork.h"
#include "children.h"

#ifdef WITHOUT_WIPEONFORK
/* A kernel or an emulator without MADV_WIPEONFORK: epochs must be as with it. */
int __wrap_madvise(void *at, size_t size, int advice);

int __wrap_madvise(void *at, size_t size, int advice)
{
    return -1;
}

static void the_page_is_not_wiped_here(void **state)
{
    (void)ct_fork_epoch();
    const struct ct_fork_page *page = atomic_load(&ct_fork_page);
    assert_int_equal(atomic_load(&page->epoch), 0);
}
#endif

static uint32_t parent_epoch;
static _Atomic uint32_t common_epoch;
static _Atomic bool epochs_differ;

static void agree_on_the_epoch(void)
{
    uint32_t unset = 0;
    uint32_t epoch = ct_fork_epoch();
    if (!atomic_compare_exchange_strong(&common_epoch, &unset, epoch) && unset != epoch)
        atomic_store(&epochs_differ, true);
}

static bool threads_agree(void)
{
    atomic_store(&common_epoch, 0);
    return run_together(agree_on_the_epoch) == 0 && !atomic_load(&epochs_differ) &&
           atomic_load(&common_epoch) == ct_fork_epoch();
}

/* First of all tests: nobody has asked for an epoch before. */
static void the_first_use_may_come_from_many_threads(void **state)
{
    assert_true(threads_agree());
    assert_int_not_equal(ct_fork_epoch(), 0);
}

static void the_epoch_stays(void **state)
{
    uint32_t epoch = ct_fork_epoch();
    for (int i = 0; i < 1000; i++)
        assert_int_equal(ct_fork_epoch(), epoch);
}

static int has_an_epoch_of_its_own(void)
{
    uint32_t epoch = ct_fork_epoch();
    return epoch != 0 && epoch != parent_epoch && epoch == ct_fork_epoch() ? 0 : 1;
}

static void a_child_has_another_however_forked(void **state)
{
    parent_epoch = ct_fork_epoch();
    for (size_t i = 0; i < WAYS_TO_FORK; i++)
        assert_int_equal(in_child(ways_to_fork[i], has_an_epoch_of_its_own), 0);
    assert_int_equal(ct_fork_epoch(), parent_epoch);
}

static int has_a_child_with_another(void)
{
    uint32_t grandparent_epoch = parent_epoch;
    parent_epoch = ct_fork_epoch();
    if (parent_epoch == grandparent_epoch)
        return 2;
    int failed = in_child(_Fork, has_an_epoch_of_its_own);
    return failed || ct_fork_epoch() != parent_epoch;
}

static void a_grandchild_has_a_third(void **state)
{
    parent_epoch = ct_fork_epoch();
    assert_int_equal(in_child(fork, has_a_child_with_another), 0);
}

static int skips_a_generation(void)
{
    return in_child(fork, has_an_epoch_of_its_own);
}

static void a_grandchild_of_a_child_that_never_asked_has_another(void **state)
{
    parent_epoch = ct_fork_epoch();
    assert_int_equal(in_child(fork, skips_a_generation), 0);
}

static int threads_agree_in_the_child(void)
{
    return threads_agree() && ct_fork_epoch() != parent_epoch ? 0 : 1;
}

static void threads_of_a_child_agree(void **state)
{
    parent_epoch = ct_fork_epoch();
    for (int i = 0; i < 100; i++)
        assert_int_equal(in_child(fork, threads_agree_in_the_child), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#ifdef WITHOUT_WIPEONFORK
        cmocka_unit_test(the_page_is_not_wiped_here),
#endif
        cmocka_unit_test(the_first_use_may_come_from_many_threads),
        cmocka_unit_test(the_epoch_stays),
        cmocka_unit_test(a_child_has_another_however_forked),
        cmocka_unit_test(a_grandchild_has_a_third),
        cmocka_unit_test(a_grandchild_of_a_child_that_never_asked_has_another),
        cmocka_unit_test(threads_of_a_child_agree),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
