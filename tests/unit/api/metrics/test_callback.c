/* SPDX-License-Identifier: Apache-2.0 */
/* Observables and their callbacks: whose turn it is, and how they go. */
#include "suite.h"

#include <pthread.h>

#include "fake_metrics.h"

static struct fake_provider first, second;
static cotel_meter *meter;

static int start_afresh(void **state)
{
    static unsigned number;
    char name[32];
    cotel_meter_provider_forget(&first.base);
    cotel_meter_provider_forget(&second.base);
    fake_provider_init(&first);
    fake_provider_init(&second);
    snprintf(name, sizeof name, "callbacks.%u", number++);
    meter = cotel_meter_get(name, NULL);
    return 0;
}

static cotel_observable *gauge(const char *name)
{
    return cotel_observable_gauge_get(meter, name, NULL, NULL, NULL);
}

/* What a test's callback observes, and how often it ran. */
struct subject {
    cotel_observable *observables[2];
    cotel_callback *callback; /* to remove, from within */
    _Atomic unsigned runs;
};

static void observe_all(cotel_observer *observer, void *user)
{
    struct subject *subject = user;
    const cotel_attribute attribute = cotel_attribute_int("a", 1);
    subject->runs++;
    for (size_t i = 0; i < 2; i++)
        cotel_observe(observer, subject->observables[i], (int64_t)i + 1, &attribute, 1);
}

static cotel_callback *add(struct subject *subject)
{
    subject->callback = cotel_observable_add_callback(
        subject->observables, subject->observables[1] ? 2 : 1, observe_all, subject);
    return subject->callback;
}

static void one_callback_observes_several_instruments(void **state)
{
    struct subject subject = {.observables = {gauge("a"), gauge("b")}};
    cotel_meter_provider_set_global(&first.base);
    assert_non_null(add(&subject));
    fake_collect(&first);
    assert_int_equal(subject.runs, 1);
    assert_int_equal(fake_find(&first, subject.observables[0])->sum +
                         fake_find(&first, subject.observables[1])->sum,
                     1 + 2);
    assert_int_equal(fake_find(&first, subject.observables[0])->last_count, 1);
    cotel_callback_remove(subject.callback);
    fake_collect(&first);
    assert_int_equal(subject.runs, 1);
}

static void several_callbacks_observe_one_instrument(void **state)
{
    struct subject one = {.observables = {gauge("a")}}, other = {.observables = {gauge("a")}};
    cotel_meter_provider_set_global(&first.base);
    (void)add(&one);
    (void)add(&other);
    fake_collect(&first);
    assert_int_equal(fake_find(&first, one.observables[0])->observations, 2);
    cotel_callback_remove(one.callback);
    fake_collect(&first);
    assert_int_equal(fake_find(&first, one.observables[0])->observations, 3);
    cotel_callback_remove(other.callback);
}

static void one_that_is_given_at_creation_stays_and_is_there_once(void **state)
{
    static struct subject subject;
    for (int i = 0; i < 3; i++)
        subject.observables[0] =
            cotel_observable_counter_get(meter, "created", NULL, observe_all, &subject);
    cotel_meter_provider_set_global(&first.base);
    fake_collect(&first);
    assert_int_equal(subject.runs, 1);
    assert_int_equal(fake_find(&first, subject.observables[0])->observations, 1);

    static struct subject other; /* another user's is another */
    (void)cotel_observable_counter_get(meter, "created", NULL, observe_all, &other);
    fake_collect(&first);
    assert_int_equal(other.runs, 1);
}

static void a_callback_follows_the_provider_and_only_the_one_in_force_runs_it(void **state)
{
    struct subject subject = {.observables = {gauge("a")}};
    (void)add(&subject);
    for (int i = 0; i < 3; i++) {
        cotel_meter_provider_set_global(&first.base);
        fake_collect(&first);
        fake_collect(&second);
        cotel_meter_provider_set_global(&second.base);
        fake_collect(&first);
        fake_collect(&second);
        cotel_meter_provider_set_global(NULL);
        fake_collect(&first);
        fake_collect(&second);
    }
    assert_int_equal(subject.runs, 6);
    assert_int_equal(first.callbacks_added, 1);
    assert_int_equal(second.callbacks_added, 1);
    cotel_callback_remove(subject.callback);
    assert_int_equal(first.callbacks_released + second.callbacks_released, 2);
    assert_null(first.callbacks);
    assert_null(second.callbacks);
}

static void a_forgotten_providers_is_removed_at_once_and_released_at_the_end(void **state)
{
    struct subject subject = {.observables = {gauge("a")}};
    (void)add(&subject);
    cotel_meter_provider_set_global(&first.base);
    cotel_meter_provider_forget(&first.base);
    assert_int_equal(first.callbacks_removed, 1);
    fake_collect(&first);
    assert_int_equal(subject.runs, 0);
    cotel_meter_provider_set_global(&first.base);
    fake_collect(&first);
    assert_int_equal(subject.runs, 1);
    cotel_callback_remove(subject.callback);
    assert_int_equal(first.callbacks_removed, 2);
    assert_int_equal(first.callbacks_released, 2);
}

static void what_can_t_be_a_callback_is_none(void **state)
{
    cotel_meter *other = cotel_meter_get("another meter", NULL);
    cotel_observable *one = gauge("a");
    cotel_observable *const strangers[] = {
        one, cotel_observable_gauge_get(other, "a", NULL, NULL, NULL)};
    cotel_observable *const missing[] = {one, NULL};
    assert_null(cotel_observable_add_callback(NULL, 1, observe_all, NULL));
    assert_null(cotel_observable_add_callback(&one, 0, observe_all, NULL));
    assert_null(cotel_observable_add_callback(&one, 1, NULL, NULL));
    assert_null(cotel_observable_add_callback(strangers, 2, observe_all, NULL));
    assert_null(cotel_observable_add_callback(missing, 2, observe_all, NULL));
    cotel_callback_remove(NULL);
}

static void the_most_instruments_are_taken_and_one_more_is_not(void **state)
{
    cotel_observable *many[COTEL_CALLBACK_MAX_INSTRUMENTS + 1];
    struct subject subject = {.observables = {gauge("a")}};
    for (size_t i = 0; i < COUNT_OF(many); i++)
        many[i] = subject.observables[0];
    assert_null(cotel_observable_add_callback(many, COUNT_OF(many), observe_all, &subject));
    cotel_meter_provider_set_global(&first.base);
    subject.callback =
        cotel_observable_add_callback(many, COTEL_CALLBACK_MAX_INSTRUMENTS, observe_all, &subject);
    fake_collect(&first);
    assert_int_equal(subject.runs, 1);
    cotel_callback_remove(subject.callback);
}

static void instruments_that_do_nothing_go_with_any(void **state)
{
    cotel_observable *nothing = cotel_observable_gauge_get(NULL, "a", NULL, observe_all, NULL);
    struct subject with_another = {.observables = {nothing, gauge("a")}},
                   alone = {.observables = {nothing}};
    cotel_meter_provider_set_global(&first.base);
    assert_non_null(add(&with_another));
    assert_non_null(add(&alone));
    fake_collect(&first);
    assert_int_equal(with_another.runs, 1);
    assert_int_equal(alone.runs, 0);
    assert_int_equal(fake_find(&first, with_another.observables[1])->sum, 2);
    cotel_callback_remove(with_another.callback);
    cotel_callback_remove(alone.callback);
}

static void observe_strangely(cotel_observer *observer, void *user)
{
    cotel_observable *stranger = user;
    cotel_observe(NULL, stranger, 1, NULL, 0);
    cotel_observe_double(NULL, stranger, 1, NULL, 0);
    cotel_observe(observer, NULL, 1, NULL, 0);
    cotel_observe_double(observer, NULL, 1, NULL, 0);
    cotel_observe(observer, stranger, 1, NULL, 5);
}

static void observing_nothing_or_another_ones_instrument_is_harmless(void **state)
{
    cotel_observable *one = gauge("a");
    cotel_meter_provider_set_global(&first.base);
    cotel_observable *stranger = cotel_observable_gauge_get(
        cotel_meter_provider_get_meter(&second.base, "own", NULL), "a", NULL, NULL, NULL);
    cotel_callback *callback = cotel_observable_add_callback(&one, 1, observe_strangely, stranger);
    fake_collect(&first);
    assert_int_equal(first.refused_observations, 1);
    cotel_callback_remove(callback);
}

static int64_t observed_int;
static double observed_double;

static void keep_int(cotel_observer *observer, struct ct_instrument_impl *instrument, int64_t value,
                     const cotel_attribute *attributes, size_t count)
{
    observed_int = value;
}

static void keep_double(cotel_observer *observer, struct ct_instrument_impl *instrument,
                        double value, const cotel_attribute *attributes, size_t count)
{
    observed_double = value;
}

static void an_integer_becomes_a_double_on_an_instrument_of_doubles(void **state)
{
    struct ct_observer_ops ops = {
        .size = sizeof ops, .observe_int = keep_int, .observe_double = keep_double};
    cotel_observer observer = {&ops};
    cotel_meter_provider_set_global(&first.base);
    cotel_observable *of_doubles =
        cotel_observable_double_gauge_get(meter, "double", NULL, NULL, NULL);
    cotel_observe(&observer, of_doubles, 7, NULL, 0);
    assert_true(observed_double == 7.0);
    cotel_observe(&observer, gauge("int"), 8, NULL, 0);
    assert_int_equal(observed_int, 8);
    cotel_observe_double(&observer, gauge("int"), 9.5, NULL, 0); /* the SDK's to refuse */
    assert_true(observed_double == 9.5);

    ops.size = offsetof(struct ct_observer_ops, observe_int);
    cotel_observe(&observer, gauge("int"), 1, NULL, 0);
    cotel_observe_double(&observer, of_doubles, 1, NULL, 0);
    assert_int_equal(observed_int, 8);
    assert_true(observed_double == 9.5);
}

static void an_sdk_that_refuses_is_asked_again(void **state)
{
    struct subject subject = {.observables = {gauge("a")}};
    first.refuses_callbacks = true;
    cotel_meter_provider_set_global(&first.base);
    (void)add(&subject);
    fake_collect(&first);
    assert_int_equal(subject.runs, 0);
    first.refuses_callbacks = false;
    cotel_meter_provider_set_global(&first.base);
    fake_collect(&first);
    assert_int_equal(subject.runs, 1);
    cotel_callback_remove(subject.callback);
}

static void an_older_sdk_without_callbacks_runs_none(void **state)
{
    struct subject subject = {.observables = {gauge("a")}};
    fake_meter_ops.size = offsetof(struct ct_meter_ops, release_callback);
    cotel_meter_provider_set_global(&first.base);
    assert_non_null(add(&subject));
    assert_int_equal(first.callbacks_added, 0);
    cotel_callback_remove(subject.callback);
}

static void remove_and_go_on(cotel_observer *observer, void *user)
{
    struct subject *subject = user;
    cotel_callback_remove(subject->callback);
    observe_all(observer, subject);
}

static void a_callback_can_remove_itself(void **state)
{
    struct subject subject = {.observables = {gauge("a")}};
    cotel_meter_provider_set_global(&first.base);
    subject.callback =
        cotel_observable_add_callback(subject.observables, 1, remove_and_go_on, &subject);
    fake_collect(&first);
    fake_collect(&first);
    assert_int_equal(subject.runs, 1);
    assert_int_equal(fake_find(&first, subject.observables[0])->observations, 1);
    assert_null(first.callbacks);
}

/* Takes away the provider that is collecting, and uses all else of the API. */
static void do_everything(cotel_observer *observer, void *user)
{
    struct subject *subject = user, inner = {.observables = {gauge("a")}};
    cotel_meter_provider_set_global(&second.base);
    cotel_counter_add(cotel_counter_get(meter, "within", NULL), 1, NULL, 0);
    cotel_callback_remove(add(&inner));
    observe_all(observer, subject);
    cotel_meter_provider_forget(&first.base);
}

static void a_callback_may_call_all_of_the_api(void **state)
{
    struct subject subject = {.observables = {gauge("a")}};
    cotel_meter_provider_set_global(&first.base);
    subject.callback =
        cotel_observable_add_callback(subject.observables, 1, do_everything, &subject);
    fake_collect(&first);
    assert_int_equal(subject.runs, 1);
    assert_ptr_equal(cotel_meter_provider_global(), &second.base);
    cotel_callback_remove(subject.callback);
}

static pthread_barrier_t running;
static _Atomic bool may_end, has_ended;

static void run_long(cotel_observer *observer, void *user)
{
    pthread_barrier_wait(&running);
    while (!atomic_load(&may_end))
        sched_yield();
    atomic_store(&has_ended, true);
}

static void *collect_first(void *unused)
{
    fake_collect(&first);
    return NULL;
}

static void *let_end(void *unused)
{
    struct timespec moment = {.tv_nsec = 20000000};
    nanosleep(&moment, NULL);
    atomic_store(&may_end, true);
    return NULL;
}

static void removing_waits_for_a_callback_that_runs_elsewhere(void **state)
{
    for (int forgotten = 0; forgotten < 2; forgotten++) {
        pthread_t collecting, ending;
        cotel_observable *one = gauge("a");
        atomic_store(&may_end, false);
        atomic_store(&has_ended, false);
        assert_int_equal(pthread_barrier_init(&running, NULL, 2), 0);
        cotel_meter_provider_set_global(&first.base);
        cotel_callback *callback = cotel_observable_add_callback(&one, 1, run_long, NULL);
        assert_int_equal(pthread_create(&collecting, NULL, collect_first, NULL), 0);
        pthread_barrier_wait(&running);
        if (forgotten)
            cotel_meter_provider_forget(&first.base);
        else
            cotel_meter_provider_set_global(&second.base); /* neither waits */
        assert_false(atomic_load(&has_ended));
        assert_int_equal(pthread_create(&ending, NULL, let_end, NULL), 0);
        cotel_callback_remove(callback);
        assert_true(atomic_load(&has_ended));
        assert_int_equal(pthread_join(collecting, NULL), 0);
        assert_int_equal(pthread_join(ending, NULL), 0);
        assert_int_equal(pthread_barrier_destroy(&running), 0);
    }
}

#define CALLBACK_TEST(name) cmocka_unit_test_setup(name, start_afresh)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CALLBACK_TEST(one_callback_observes_several_instruments),
        CALLBACK_TEST(several_callbacks_observe_one_instrument),
        CALLBACK_TEST(a_callback_follows_the_provider_and_only_the_one_in_force_runs_it),
        CALLBACK_TEST(a_forgotten_providers_is_removed_at_once_and_released_at_the_end),
        CALLBACK_TEST(what_can_t_be_a_callback_is_none),
        CALLBACK_TEST(the_most_instruments_are_taken_and_one_more_is_not),
        CALLBACK_TEST(instruments_that_do_nothing_go_with_any),
        CALLBACK_TEST(observing_nothing_or_another_ones_instrument_is_harmless),
        CALLBACK_TEST(an_integer_becomes_a_double_on_an_instrument_of_doubles),
        CALLBACK_TEST(an_sdk_that_refuses_is_asked_again),
        CALLBACK_TEST(an_older_sdk_without_callbacks_runs_none),
        CALLBACK_TEST(a_callback_can_remove_itself),
        CALLBACK_TEST(a_callback_may_call_all_of_the_api),
        CALLBACK_TEST(removing_waits_for_a_callback_that_runs_elsewhere),
        /* The last one, since what it adds stays. */
        CALLBACK_TEST(one_that_is_given_at_creation_stays_and_is_there_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
