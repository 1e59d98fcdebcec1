/* SPDX-License-Identifier: Apache-2.0 */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sdk/diagnostics/setting.h"

#define CHANGES 20000
#define READERS 2

/* Function, user and level of one setting carry the same number. */
static void first(void *user, cotel_log_level level, const char *component, const char *message) {}
static void second(void *user, cotel_log_level level, const char *component, const char *message) {}
static int marks[2];

static _Atomic bool stop;
static _Atomic int mixed;

static bool belongs_together(const struct ct_diagnostics_setting *setting)
{
    if (setting->function == first)
        return setting->user == &marks[0] && setting->level == COTEL_LOG_ERROR;
    return setting->function == second && setting->user == &marks[1] &&
           setting->level == COTEL_LOG_DEBUG;
}

static void *read_on(void *unused)
{
    while (!atomic_load(&stop)) {
        struct ct_diagnostics_setting setting = ct_diagnostics_setting_get();
        if (!belongs_together(&setting))
            atomic_fetch_add(&mixed, 1);
    }
    return NULL;
}

static void *change_on(void *unused)
{
    for (int i = 0; i < CHANGES; i++) {
        cotel_diagnostics_set(first, &marks[0], COTEL_LOG_ERROR);
        cotel_diagnostics_set(second, &marks[1], COTEL_LOG_DEBUG);
    }
    return NULL;
}

static void readers_never_see_parts_of_two_settings(void **state)
{
    pthread_t readers[READERS], writers[2];
    cotel_diagnostics_set(first, &marks[0], COTEL_LOG_ERROR);
    for (int i = 0; i < READERS; i++)
        assert_int_equal(pthread_create(&readers[i], NULL, read_on, NULL), 0);
    for (int i = 0; i < 2; i++)
        assert_int_equal(pthread_create(&writers[i], NULL, change_on, NULL), 0);
    for (int i = 0; i < 2; i++)
        assert_int_equal(pthread_join(writers[i], NULL), 0);
    atomic_store(&stop, true);
    for (int i = 0; i < READERS; i++)
        assert_int_equal(pthread_join(readers[i], NULL), 0);
    assert_int_equal(mixed, 0);
}

static void the_last_setting_is_the_one_in_force(void **state)
{
    cotel_diagnostics_set(first, &marks[0], COTEL_LOG_ERROR);
    cotel_diagnostics_set(second, &marks[1], COTEL_LOG_DEBUG);
    struct ct_diagnostics_setting setting = ct_diagnostics_setting_get();
    assert_true(setting.function == second);
    assert_true(ct_diagnostics_setting_wants(&setting, COTEL_LOG_DEBUG));
    cotel_diagnostics_set(NULL, NULL, COTEL_LOG_DEBUG);
    setting = ct_diagnostics_setting_get();
    assert_false(ct_diagnostics_setting_wants(&setting, COTEL_LOG_ERROR));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(readers_never_see_parts_of_two_settings),
        cmocka_unit_test(the_last_setting_is_the_one_in_force),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
