/* SPDX-License-Identifier: Apache-2.0 */
/* Everything at once from several threads; the thread sanitizer is the judge. */
#include "suite.h"

#include <pthread.h>
#include <stdatomic.h>

#include "fake_sdk.h"

enum { THREADS = 8, ROUNDS = 300, NAMES = 20 };

static struct fake_provider providers[2] = {FAKE_PROVIDER_INIT, FAKE_PROVIDER_INIT};
static _Atomic bool stop;

static void run_all(void *(*body)(void *), void *arguments[THREADS])
{
    pthread_t threads[THREADS];
    for (size_t i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, body, arguments[i]), 0);
    for (size_t i = 0; i < THREADS; i++)
        assert_int_equal(pthread_join(threads[i], NULL), 0);
}

static void *get_and_use(void *found)
{
    cotel_tracer **tracers = found;
    for (int i = 0; i < ROUNDS; i++) {
        char name[32];
        snprintf(name, sizeof name, "threads.%d", i % NAMES);
        cotel_tracer *tracer = cotel_tracer_get(name, NULL);
        if (tracers[i % NAMES] && tracers[i % NAMES] != tracer)
            abort();
        tracers[i % NAMES] = tracer;
        COTEL_SPAN_SCOPE(scope, tracer, "work", NULL);
        cotel_span_set_int(&scope.span, "#", i);
    }
    return NULL;
}

static void *flip_providers(void *unused)
{
    for (unsigned i = 0; !atomic_load(&stop); i++)
        cotel_tracer_provider_set_global(i % 3 ? &providers[i % 2].base : NULL);
    return NULL;
}

static void tracers_are_the_same_for_all_while_the_provider_changes(void **state)
{
    static cotel_tracer *found[THREADS][NAMES];
    void *arguments[THREADS];
    for (size_t i = 0; i < THREADS; i++)
        arguments[i] = found[i];

    pthread_t flipper;
    atomic_store(&stop, false);
    assert_int_equal(pthread_create(&flipper, NULL, flip_providers, NULL), 0);
    run_all(get_and_use, arguments);
    atomic_store(&stop, true);
    assert_int_equal(pthread_join(flipper, NULL), 0);

    for (size_t i = 1; i < THREADS; i++)
        assert_memory_equal(found[i], found[0], sizeof found[0]);
    assert_int_equal(fake_calls.started, fake_calls.ended);
}

/* A ring of mailboxes: each thread attaches what the one before it captured. */
static _Atomic(cotel_context *) mailboxes[THREADS];

static void *pass_contexts(void *number)
{
    size_t self = (size_t)(uintptr_t)number;
    for (int i = 0; i < ROUNDS; i++) {
        cotel_context *received = atomic_exchange(&mailboxes[self], NULL);
        cotel_token token = cotel_context_attach(received ? received : cotel_context_empty());
        cotel_context_unref(received);
        cotel_span span = sample_span((uint8_t)i);
        cotel_context *next =
            i % 2 ? cotel_context_capture() : cotel_context_with_span(NULL, &span);
        cotel_context *old = atomic_exchange(&mailboxes[(self + 1) % THREADS], next);
        cotel_context_unref(old);
        cotel_context_detach(token);
    }
    return NULL;
}

static void contexts_travel_between_threads(void **state)
{
    cotel_span_context remote = sample_context();
    cotel_tracestate *tracestate = tracestate_of("foo=1");
    remote.tracestate = tracestate;
    void *arguments[THREADS];
    for (size_t i = 0; i < THREADS; i++) {
        arguments[i] = (void *)(uintptr_t)i;
        mailboxes[i] = cotel_context_with_span_context(NULL, &remote);
    }
    cotel_tracestate_unref(tracestate);
    run_all(pass_contexts, arguments);
    for (size_t i = 0; i < THREADS; i++)
        cotel_context_unref(mailboxes[i]);
}

static void *end_and_detach(void *argument)
{
    const cotel_span *span = argument;
    cotel_token token = cotel_span_activate(span);
    cotel_tracestate_unref(cotel_context_tracestate(NULL));
    cotel_span_set_int(span, "#", 1);
    cotel_span_end(span);
    cotel_context_detach(token);
    return NULL;
}

static void one_span_is_ended_by_one_of_many(void **state)
{
    cotel_tracer_provider_set_global(&providers[0].base);
    fake_reset();
    cotel_span span = cotel_span_start(cotel_tracer_get("threads", NULL), "work", NULL);
    void *arguments[THREADS];
    for (size_t i = 0; i < THREADS; i++)
        arguments[i] = &span;
    run_all(end_and_detach, arguments);
    assert_int_equal(fake_calls.ended, 1);
    assert_int_equal(fake_calls.stale_ends, THREADS - 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tracers_are_the_same_for_all_while_the_provider_changes),
        cmocka_unit_test(contexts_travel_between_threads),
        cmocka_unit_test(one_span_is_ended_by_one_of_many),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
