/* SPDX-License-Identifier: Apache-2.0 */
/* A runtime's life, and what other threads ask of it. */
#include "sdk/pipeline/runtime.h"

#include "base/deadline.h"
#include "sdk/pipeline/blocking_exporter.h"
#include "sdk/pipeline/runtime_internal.h"
#include "sdk/pipeline/sigpipe.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

/* So that an exporter that always has something to do does not keep the caller for ever. */
#define TURNS_A_DRIVE 16u

static const pthread_mutex_t fresh_mutex = PTHREAD_MUTEX_INITIALIZER;
static const pthread_cond_t fresh_cond = PTHREAD_COND_INITIALIZER;

static struct ct_pipeline *pipeline_at(const cotel_runtime *runtime, size_t i)
{
    return atomic_load_explicit(&runtime->pipelines[i], memory_order_acquire);
}

cotel_runtime *ct_runtime_create(cotel_worker_mode mode)
{
    cotel_runtime *runtime = calloc(1, sizeof *runtime);
    int event_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (runtime == NULL || event_fd < 0) {
        free(runtime);
        if (event_fd >= 0)
            close(event_fd);
        return NULL;
    }
    runtime->mode = mode;
    runtime->driving = fresh_mutex;
    runtime->changed = fresh_cond;
    runtime->naps = UINT32_MAX / 2;
    ct_fork_lock_init(&runtime->lock);
    atomic_init(&runtime->event_fd, event_fd);
    return runtime;
}

void ct_runtime_destroy(cotel_runtime *runtime)
{
    if (runtime == NULL || runtime->stuck)
        return;
    for (size_t i = 0; i < CT_MAX_PIPELINES; i++) {
        struct ct_pipeline *pipeline = pipeline_at(runtime, i);
        if (pipeline != NULL)
            ct_pipeline_detach(pipeline);
    }
    int event_fd = atomic_load_explicit(&runtime->event_fd, memory_order_relaxed);
    if (event_fd >= 0)
        close(event_fd);
    free(runtime);
}

bool ct_runtime_add(cotel_runtime *runtime, struct ct_pipeline *pipeline)
{
    size_t i = 0;
    (void)ct_fork_lock(&runtime->lock);
    while (i < CT_MAX_PIPELINES && pipeline_at(runtime, i) != NULL)
        i++;
    if (i < CT_MAX_PIPELINES)
        atomic_store_explicit(&runtime->pipelines[i], pipeline, memory_order_release);
    ct_fork_unlock(&runtime->lock);
    return i < CT_MAX_PIPELINES;
}

void ct_runtime_remove(cotel_runtime *runtime, struct ct_pipeline *pipeline)
{
    (void)ct_fork_lock(&runtime->lock);
    for (size_t i = 0; i < CT_MAX_PIPELINES; i++) {
        if (pipeline_at(runtime, i) == pipeline)
            atomic_store_explicit(&runtime->pipelines[i], NULL, memory_order_relaxed);
    }
    ct_fork_unlock(&runtime->lock);
}

/* ---- waking ---- */

void ct_runtime_interrupt(cotel_runtime *runtime)
{
    int saved = errno;
    uint64_t one = 1;
    /* It fails only when it is full of wake-ups already. */
    ssize_t written =
        write(atomic_load_explicit(&runtime->event_fd, memory_order_relaxed), &one, sizeof one);
    (void)written;
    errno = saved;
}

void ct_runtime_wake(cotel_runtime *runtime)
{
    int saved = errno;
    if (runtime->mode == COTEL_WORKER_THREAD &&
        atomic_load_explicit(&runtime->worker, memory_order_acquire) == CT_WORKER_NONE) {
        (void)ct_fork_lock(&runtime->lock);
        ct_worker_start(runtime);
        ct_fork_unlock(&runtime->lock);
    }
    ct_runtime_interrupt(runtime);
    errno = saved;
}

/* ---- waiting ---- */

void ct_runtime_tell_waiters(cotel_runtime *runtime)
{
    (void)pthread_cond_broadcast(&runtime->changed);
}

static void become_driver(cotel_runtime *runtime, struct ct_sigpipe *signals)
{
    ct_sigpipe_block(signals);
    atomic_store_explicit(&runtime->driver, pthread_self(), memory_order_relaxed);
}

static void end_driving(cotel_runtime *runtime, const struct ct_sigpipe *signals)
{
    ct_runtime_hand_over(runtime);
    atomic_store_explicit(&runtime->driver, (pthread_t)0, memory_order_relaxed);
    pthread_mutex_unlock(&runtime->driving);
    ct_sigpipe_unblock(signals);
}

/* A turn of one's own; the lock is not held. @return false when somebody else drives. */
static bool drive_for(cotel_runtime *runtime, bool (*done)(const void *), const void *argument,
                      uint64_t deadline_ns)
{
    struct ct_sigpipe signals;
    if (pthread_mutex_trylock(&runtime->driving) != 0)
        return false;
    become_driver(runtime, &signals);
    for (;;) {
        ct_runtime_step(runtime);
        (void)ct_fork_lock(&runtime->lock);
        bool end = done(argument);
        ct_fork_unlock(&runtime->lock);
        if (end || ct_deadline_passed(deadline_ns))
            break;
        ct_runtime_sleep(runtime, deadline_ns);
    }
    end_driving(runtime, &signals);
    return true;
}

/* Somebody else drives: the worker tells when it is done; of a thread that drives by the way one
 * can't know whether it will. */
static void wait_a_while(cotel_runtime *runtime, uint64_t deadline_ns)
{
    if (atomic_load_explicit(&runtime->worker, memory_order_relaxed) != CT_WORKER_RUNNING)
        deadline_ns = ct_deadline_earlier(deadline_ns, ct_deadline_after_ms(1));
    struct timespec until = ct_deadline_timespec(deadline_ns);
    (void)pthread_cond_clockwait(&runtime->changed, &runtime->lock.mutex, CLOCK_MONOTONIC, &until);
}

bool ct_runtime_wait(cotel_runtime *runtime, bool (*done)(const void *), const void *argument,
                     uint64_t deadline_ns)
{
    while (!done(argument)) {
        if (ct_deadline_passed(deadline_ns))
            return false;
        bool drove = false;
        if (atomic_load_explicit(&runtime->worker, memory_order_relaxed) != CT_WORKER_RUNNING) {
            ct_fork_unlock(&runtime->lock);
            drove = drive_for(runtime, done, argument, deadline_ns);
            (void)ct_fork_lock(&runtime->lock);
        }
        if (!drove && !done(argument))
            wait_a_while(runtime, deadline_ns);
    }
    return true;
}

void ct_runtime_start_flush(cotel_runtime *runtime)
{
    (void)ct_fork_lock(&runtime->lock);
    for (size_t i = 0; i < CT_MAX_PIPELINES; i++) {
        struct ct_pipeline *pipeline = pipeline_at(runtime, i);
        if (pipeline != NULL)
            pipeline->flush_soon = true;
    }
    ct_fork_unlock(&runtime->lock);
    ct_runtime_interrupt(runtime);
}

void ct_runtime_stop(cotel_runtime *runtime)
{
    (void)ct_fork_lock(&runtime->lock);
    atomic_store_explicit(&runtime->stopping, true, memory_order_release);
    ct_fork_unlock(&runtime->lock);
    if (runtime->joined)
        return;
    ct_runtime_interrupt(runtime);
    ct_worker_join(runtime);
}

/* ---- in a caller's event loop ---- */

size_t ct_runtime_poll(cotel_runtime *runtime, cotel_poll_item *items, size_t capacity,
                       uint64_t *deadline_ns)
{
    if (pthread_mutex_trylock(&runtime->driving) != 0) {
        *deadline_ns = ct_deadline_after_ms(1); /* somebody drives: ask again soon */
        return 0;
    }
    uint64_t latest_ns = ct_runtime_prepare_sleep(runtime);
    size_t count = 0;
    for (size_t i = 0; i <= CT_MAX_PIPELINES; i++) {
        if (runtime->polled[i].fd < 0)
            continue;
        if (count < capacity)
            items[count].fd = runtime->polled[i].fd;
        count++;
    }
    *deadline_ns =
        count > capacity ? ct_deadline_earlier(latest_ns, ct_deadline_after_ms(1)) : latest_ns;
    pthread_mutex_unlock(&runtime->driving);
    return count < capacity ? count : capacity;
}

cotel_status ct_runtime_drive(cotel_runtime *runtime)
{
    struct ct_sigpipe signals;
    if (ct_runtime_is_inside(runtime))
        return COTEL_STATUS_WOULD_DEADLOCK;
    if (pthread_mutex_trylock(&runtime->driving) != 0)
        return COTEL_STATUS_OK;
    become_driver(runtime, &signals);
    for (uint32_t turns = 0; turns < TURNS_A_DRIVE; turns++) {
        runtime->progress = false;
        ct_runtime_sleep(runtime, 0); /* without waiting: what is ready? */
        ct_runtime_step(runtime);
        if (!runtime->progress)
            break;
    }
    end_driving(runtime, &signals);
    return COTEL_STATUS_OK;
}

/* ---- questions ---- */

bool ct_runtime_is_inside(const cotel_runtime *runtime)
{
    if (runtime == NULL)
        return false;
    if (atomic_load_explicit(&runtime->driver, memory_order_relaxed) == pthread_self())
        return true;
    for (size_t i = 0; i < CT_MAX_PIPELINES; i++) {
        const struct ct_pipeline *pipeline = pipeline_at(runtime, i);
        if (pipeline != NULL && ct_blocking_exporter_is_inside(pipeline->exporter))
            return true;
    }
    return false;
}

size_t ct_runtime_stats(cotel_runtime *runtime, cotel_pipeline_stats *out, size_t capacity)
{
    size_t count = 0;
    (void)ct_fork_lock(&runtime->lock);
    for (size_t i = 0; i < CT_MAX_PIPELINES && count < capacity; i++) {
        struct ct_pipeline *pipeline = pipeline_at(runtime, i);
        if (pipeline != NULL)
            ct_pipeline_stats(pipeline, &out[count++]);
    }
    ct_fork_unlock(&runtime->lock);
    return count;
}

/* ---- fork ---- */

void ct_runtime_forked(cotel_runtime *runtime, cotel_resource *resource)
{
    int inherited = atomic_load_explicit(&runtime->event_fd, memory_order_relaxed);
    if (inherited >= 0)
        close(inherited);
    atomic_init(&runtime->event_fd, eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
    ct_fork_lock_init(&runtime->lock);
    runtime->driving = fresh_mutex;
    runtime->changed = fresh_cond;
    atomic_init(&runtime->driver, (pthread_t)0);
    atomic_init(&runtime->worker, CT_WORKER_NONE);
    for (size_t i = 0; i < CT_MAX_PIPELINES; i++) {
        struct ct_pipeline *pipeline = pipeline_at(runtime, i);
        if (pipeline != NULL)
            ct_pipeline_forked(pipeline, resource);
    }
}
