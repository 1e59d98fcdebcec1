/* SPDX-License-Identifier: Apache-2.0 */
/* Composites that the environment asks for: made once, found again, whichever thread asks. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <cotel/propagation.h>

#include "exporters/auto/from_env.h"

enum { THREADS = 4, ROUNDS = 500, LISTS = 3 };

/* Three different lists of two. */
static struct ct_env asking_for(size_t which)
{
    static const int words[LISTS][2] = {{CT_ENV_B3, CT_ENV_BAGGAGE},
                                        {CT_ENV_BAGGAGE, CT_ENV_B3},
                                        {CT_ENV_TRACECONTEXT, CT_ENV_JAEGER}};
    static const struct ct_env_variable any;
    struct ct_env env = {.propagators = {.decided_by = &any}};
    env.propagators.list =
        (struct ct_env_list){.count = 2, .items = {words[which][0], words[which][1]}};
    return env;
}

static const cotel_propagator *global_for(size_t which)
{
    struct ct_env env = asking_for(which);
    assert_int_equal(ct_propagators_from_env(&env), COTEL_STATUS_OK);
    return cotel_propagator_global();
}

static void the_same_list_finds_the_same_composite_and_another_list_another(void **state)
{
    const cotel_propagator *first = global_for(0);
    const cotel_propagator *second = global_for(1);
    assert_ptr_not_equal(first, second);
    assert_ptr_equal(global_for(0), first);
    assert_ptr_equal(global_for(1), second);
}

static void *ask_and_use(void *user)
{
    uintptr_t broken = 0;
    for (size_t i = 0; i < ROUNDS; i++) {
        struct ct_env env = asking_for((i + (uintptr_t)user) % LISTS);
        broken += ct_propagators_from_env(&env) != COTEL_STATUS_OK;
        const cotel_propagator *global = cotel_propagator_global();
        broken += global->ops->field(global, 0) == NULL;
    }
    return (void *)broken;
}

static void threads_that_ask_at_once_get_whole_composites(void **state)
{
    pthread_t threads[THREADS];
    for (uintptr_t i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, ask_and_use, (void *)i), 0);
    for (size_t i = 0; i < THREADS; i++) {
        void *broken;
        assert_int_equal(pthread_join(threads[i], &broken), 0);
        assert_null(broken);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(threads_that_ask_at_once_get_whole_composites),
        cmocka_unit_test(the_same_list_finds_the_same_composite_and_another_list_another),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
