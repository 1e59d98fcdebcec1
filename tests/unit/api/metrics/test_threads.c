/* SPDX-License-Identifier: Apache-2.0 */
/* Everything at once from several threads, while the provider is set, replaced and forgotten; the
 * sanitizers are the judges. Each thread uses names that others use too. */
#include "suite.h"

#include <pthread.h>
#include <stdatomic.h>

#include "fake_metrics.h"

enum { WORKERS = 4, ROUNDS = 1500, NAMES = 7, PROVIDERS = 2 };

static struct fake_provider providers[PROVIDERS];
static _Atomic bool stop;

static cotel_meter *meter_of(int round)
{
    char name[32];
    snprintf(name, sizeof name, "threads.%d", round % 2);
    return cotel_meter_get(name, NULL);
}

static const char *name_of(int round)
{
    static const char *const names[NAMES] = {"a", "b", "c", "d", "e", "f", "g"};
    return names[round % NAMES];
}

static cotel_bound_histogram *shared_bound; /* outlives all threads */

static void record(int round)
{
    const cotel_attribute attribute = cotel_attribute_int("round", round);
    cotel_counter *counter = cotel_counter_get(meter_of(round), name_of(round), NULL);
    cotel_bound_counter *bound = cotel_counter_bind(counter, &attribute, 1);
    for (int i = 0; i < 5; i++) {
        cotel_counter_add(counter, 1, &attribute, 1);
        cotel_bound_counter_add(bound, 1);
        cotel_bound_histogram_record(shared_bound, i);
    }
    cotel_bound_counter_unbind(bound);
}

struct subject {
    cotel_observable *observable;
    int *live; /* freed as soon as the callback was removed */
};

static void observe(cotel_observer *observer, void *user)
{
    const struct subject *subject = user;
    cotel_observe(observer, subject->observable, *subject->live, NULL, 0);
    (void)cotel_counter_get(meter_of(0), name_of(0), NULL);
}

static void add_and_remove(int round)
{
    struct subject *subject = malloc(sizeof *subject);
    subject->live = malloc(sizeof *subject->live);
    *subject->live = round;
    subject->observable =
        cotel_observable_gauge_get(meter_of(round), name_of(round), NULL, NULL, NULL);
    cotel_callback *callback =
        cotel_observable_add_callback(&subject->observable, 1, observe, subject);
    cotel_callback_remove(callback);
    free(subject->live);
    free(subject);
}

static void *work(void *unused)
{
    for (int round = 0; round < ROUNDS; round++) {
        record(round);
        add_and_remove(round);
    }
    return NULL;
}

/* As an SDK is: forgotten, and then another one is there. The objects that it gave stay. */
static void *change_providers(void *unused)
{
    for (unsigned i = 0; !atomic_load(&stop); i++) {
        cotel_meter_provider *provider = &providers[i % PROVIDERS].base;
        cotel_meter_provider_set_global(provider);
        cotel_meter_provider_set_global(i % 3 ? provider : NULL);
        if (i % 5 == 0)
            cotel_meter_provider_forget(provider);
    }
    return NULL;
}

static void *collect(void *provider)
{
    while (!atomic_load(&stop))
        fake_collect(provider);
    return NULL;
}

static void start(pthread_t *thread, void *(*body)(void *), void *argument)
{
    assert_int_equal(pthread_create(thread, NULL, body, argument), 0);
}

static void join(pthread_t *threads, size_t count)
{
    for (size_t i = 0; i < count; i++)
        assert_int_equal(pthread_join(threads[i], NULL), 0);
}

static void all_is_used_while_providers_come_and_go(void **state)
{
    pthread_t workers[WORKERS], others[1 + PROVIDERS];
    for (size_t i = 0; i < PROVIDERS; i++)
        fake_provider_init(&providers[i]);
    shared_bound = cotel_histogram_bind(cotel_histogram_get(meter_of(0), "shared", NULL), NULL, 0);

    start(&others[0], change_providers, NULL);
    for (size_t i = 0; i < PROVIDERS; i++)
        start(&others[1 + i], collect, &providers[i]);
    for (size_t i = 0; i < WORKERS; i++)
        start(&workers[i], work, NULL);
    join(workers, WORKERS);
    atomic_store(&stop, true);
    join(others, 1 + PROVIDERS);

    cotel_bound_histogram_unbind(shared_bound);
    for (size_t i = 0; i < PROVIDERS; i++) {
        cotel_meter_provider_forget(&providers[i].base);
        assert_int_equal(providers[i].bounds, providers[i].bounds_released);
        assert_int_equal(providers[i].callbacks_added, providers[i].callbacks_released);
        assert_int_equal(providers[i].callbacks_added, providers[i].callbacks_removed);
        assert_null(providers[i].callbacks);
    }
}

static cotel_counter *found[WORKERS][NAMES];

static void *get_all(void *into)
{
    cotel_counter **counters = into;
    for (int i = 0; i < NAMES; i++)
        counters[i] = cotel_counter_get(cotel_meter_get("raced", NULL), name_of(i), NULL);
    return NULL;
}

static void whoever_asks_first_all_get_the_same_instruments(void **state)
{
    pthread_t threads[WORKERS];
    for (size_t i = 0; i < WORKERS; i++)
        start(&threads[i], get_all, found[i]);
    join(threads, WORKERS);
    for (size_t i = 1; i < WORKERS; i++)
        assert_memory_equal(found[i], found[0], sizeof found[0]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_is_used_while_providers_come_and_go),
        cmocka_unit_test(whoever_asks_first_all_get_the_same_instruments),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
