/* SPDX-License-Identifier: Apache-2.0 */
/* The background thread. */
#include "base/deadline.h"
#include "sdk/pipeline/runtime_internal.h"

#include <signal.h>
#include <string.h>

/* Room for a TLS handshake and a sanitizer's frames; what is not touched costs no memory. */
#define STACK_BYTES (1u << 20)

/* The worker never waits for a peer; an exporter that does is not waited for. */
#define JOIN_NS (CT_NS_PER_SECOND / 4)

static void *work(void *argument)
{
    cotel_runtime *runtime = argument;
    (void)pthread_setname_np(pthread_self(), "cotel");
    pthread_mutex_lock(&runtime->driving);
    atomic_store_explicit(&runtime->driver, pthread_self(), memory_order_relaxed);
    while (!atomic_load_explicit(&runtime->stopping, memory_order_acquire)) {
        ct_runtime_step(runtime);
        ct_runtime_sleep(runtime, CT_DEADLINE_NEVER);
    }
    atomic_store_explicit(&runtime->driver, (pthread_t)0, memory_order_relaxed);
    pthread_mutex_unlock(&runtime->driving);
    (void)ct_fork_lock(&runtime->lock);
    atomic_store_explicit(&runtime->worker, CT_WORKER_GONE, memory_order_relaxed);
    ct_runtime_tell_waiters(runtime);
    ct_fork_unlock(&runtime->lock);
    return NULL;
}

static int create_thread(cotel_runtime *runtime)
{
    pthread_attr_t attributes;
    int error = pthread_attr_init(&attributes);
    if (error != 0)
        return error;
    error = pthread_attr_setstacksize(&attributes, STACK_BYTES);
    if (error == 0)
        error = pthread_create(&runtime->thread, &attributes, work, runtime);
    (void)pthread_attr_destroy(&attributes);
    return error;
}

void ct_worker_start(cotel_runtime *runtime)
{
    if (atomic_load_explicit(&runtime->worker, memory_order_relaxed) != CT_WORKER_NONE ||
        atomic_load_explicit(&runtime->stopping, memory_order_relaxed))
        return;
    /* It inherits the mask: the program's signals are for the program's threads. */
    sigset_t all, before;
    sigfillset(&all);
    (void)pthread_sigmask(SIG_SETMASK, &all, &before);
    int error = create_thread(runtime);
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (error == 0) {
        atomic_store_explicit(&runtime->worker, CT_WORKER_RUNNING, memory_order_release);
        return;
    }
    cotel_diagnostics_limited(&runtime->start_limit, COTEL_LOG_ERROR, "worker",
                              "no thread could be started: %s", strerror(error));
    ct_runtime_ask_for_start(runtime);
}

static bool is_gone(cotel_runtime *runtime)
{
    return atomic_load_explicit(&runtime->worker, memory_order_relaxed) == CT_WORKER_GONE;
}

void ct_worker_join(cotel_runtime *runtime)
{
    if (atomic_load_explicit(&runtime->worker, memory_order_relaxed) == CT_WORKER_NONE)
        return;
    struct timespec until = ct_deadline_timespec(ct_deadline_after_ns(JOIN_NS));
    int error = 0;
    (void)ct_fork_lock(&runtime->lock);
    while (!is_gone(runtime) && error == 0)
        error = pthread_cond_clockwait(&runtime->changed, &runtime->lock.mutex, CLOCK_MONOTONIC,
                                       &until);
    runtime->stuck = !is_gone(runtime);
    ct_fork_unlock(&runtime->lock);
    if (runtime->stuck)
        (void)pthread_detach(runtime->thread);
    else
        (void)pthread_join(runtime->thread, NULL);
    runtime->joined = true;
}
