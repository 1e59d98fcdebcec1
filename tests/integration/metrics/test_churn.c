/* SPDX-License-Identifier: Apache-2.0 */
/* Providers are made, become the global one, collect, are replaced and destroyed, while threads get
 * instruments, record, bind, and add and remove callbacks whose data they free at once. */
#include "totals.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#define WORKERS 4
#define PROVIDERS SANITIZED_SHARE(300)
#define COLLECTIONS 3

static atomic_bool done;
static atomic_size_t observations;
static cotel_bound_counter *bound_for_all; /* outlives every provider */

struct subject {
    cotel_observable *gauge;
    int64_t value;
};

static void observe(cotel_observer *observer, void *user)
{
    const struct subject *subject = user;
    cotel_observe(observer, subject->gauge, subject->value, NULL, 0);
    cotel_counter_add(cotel_counter_get(cotel_meter_get("churn", NULL), "observations", NULL), 1,
                      NULL, 0);
    atomic_fetch_add(&observations, 1);
}

static void add_and_remove(cotel_meter *meter, int64_t round)
{
    struct subject *subject = malloc(sizeof *subject);
    assert_non_null(subject);
    *subject = (struct subject){
        cotel_observable_gauge_get(meter, round % 2 ? "odd" : "even", NULL, NULL, NULL), round};
    cotel_callback *callback = cotel_observable_add_callback(&subject->gauge, 1, observe, subject);
    sched_yield();
    cotel_callback_remove(callback);
    free(subject);
}

static void *work(void *unused)
{
    const cotel_attribute attribute = cotel_attribute_string("key", "value");
    for (int64_t round = 0; !atomic_load(&done); round++) {
        cotel_meter *meter = cotel_meter_get("churn", NULL);
        cotel_counter *counter = cotel_counter_get(meter, "counter", NULL);
        cotel_bound_counter *bound = cotel_counter_bind(counter, &attribute, 1);
        for (int i = 0; i < 10; i++) {
            cotel_counter_add(counter, 1, &attribute, 1);
            cotel_bound_counter_add(bound, 1);
            cotel_bound_counter_add(bound_for_all, 1);
        }
        cotel_bound_counter_unbind(bound);
        add_and_remove(meter, round);
    }
    return NULL;
}

static void providers_come_and_go_under_those_who_use_them(void **state)
{
    pthread_t workers[WORKERS];
    bound_for_all =
        cotel_counter_bind(cotel_counter_get(cotel_meter_get("churn", NULL), "all", NULL), NULL, 0);
    for (size_t i = 0; i < WORKERS; i++)
        assert_int_equal(pthread_create(&workers[i], NULL, work, NULL), 0);

    cotel_meter_provider *replaced = NULL;
    for (int i = 0; i < PROVIDERS; i++) {
        cotel_metric_reader *reader = reader_with(COTEL_TEMPORALITY_CUMULATIVE, 0);
        cotel_meter_provider *provider = provider_with(&reader, 1, NULL, 0);
        cotel_meter_provider_set_global(provider);
        cotel_meter_provider_destroy(replaced);
        for (int j = 0; j < COLLECTIONS; j++)
            cotel_batch_unref(collect_now(reader));
        if (i % 3 == 0) /* while it is the global one */
            cotel_meter_provider_destroy(provider);
        replaced = i % 3 == 0 ? NULL : provider;
    }
    cotel_meter_provider_destroy(replaced);
    atomic_store(&done, true);
    for (size_t i = 0; i < WORKERS; i++)
        assert_int_equal(pthread_join(workers[i], NULL), 0);
    cotel_bound_counter_unbind(bound_for_all);
    assert_null(cotel_meter_provider_global());
    assert_true(atomic_load(&observations) > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(providers_come_and_go_under_those_who_use_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
