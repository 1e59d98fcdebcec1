/* SPDX-License-Identifier: Apache-2.0 */
/* The driver's loop, in its two halves: do what can be done, wait for more.
 *
 * While there is traffic the driver takes short naps instead of asking to be woken: a wake-up costs
 * the thread that ends a span some seven microseconds, a nap costs nobody but the worker. */
#include "base/deadline.h"
#include "sdk/pipeline/runtime_internal.h"

#include <unistd.h>

#define NAP_NS UINT64_C(50000)
#define NAPS_AFTER_WORK 20u

/* How long to sleep at most where no eventfd could be had to be woken by. */
#define BLIND_SLEEP_NS (50 * CT_NS_PER_MS)

static struct ct_pipeline *pipeline_at(cotel_runtime *runtime, size_t i)
{
    return atomic_load_explicit(&runtime->pipelines[i], memory_order_acquire);
}

void ct_runtime_step(cotel_runtime *runtime)
{
    runtime->progress = false;
    for (size_t i = 0; i < CT_MAX_PIPELINES; i++) {
        struct ct_pipeline *pipeline = pipeline_at(runtime, i);
        if (pipeline == NULL)
            continue;
        ct_pipeline_step(pipeline, ct_clock_monotonic_ns());
        runtime->progress |= pipeline->progress;
    }
}

/* Asks what may bring something to do, and then looks once more. */
static uint64_t ask_to_be_woken(struct ct_pipeline *pipeline, uint64_t now_ns)
{
    if (ct_pipeline_state(pipeline) != CT_PIPELINE_RUNNING || !ct_pipeline_has_capacity(pipeline))
        return COTEL_NEVER_NS;
    if (pipeline->input->prepare_sleep == NULL)
        return COTEL_NEVER_NS;
    return pipeline->input->prepare_sleep(pipeline, now_ns);
}

static void set_wake(struct ct_pipeline *pipeline, enum ct_wake wake)
{
    if (pipeline->input->set_wake != NULL)
        pipeline->input->set_wake(pipeline, wake);
}

static bool is_napping(cotel_runtime *runtime)
{
    if (runtime->progress)
        runtime->naps = 0;
    return runtime->naps++ < NAPS_AFTER_WORK;
}

uint64_t ct_runtime_prepare_sleep(cotel_runtime *runtime)
{
    uint64_t now_ns = ct_clock_monotonic_ns();
    int event_fd = atomic_load_explicit(&runtime->event_fd, memory_order_relaxed);
    uint64_t deadline_ns = event_fd < 0 ? now_ns + BLIND_SLEEP_NS : COTEL_NEVER_NS;
    bool napping = runtime->mode == COTEL_WORKER_THREAD && is_napping(runtime);
    if (napping)
        deadline_ns = now_ns + NAP_NS;
    runtime->polled[0] = (struct pollfd){.fd = event_fd, .events = POLLIN};
    for (size_t i = 0; i < CT_MAX_PIPELINES; i++) {
        struct ct_pipeline *pipeline = pipeline_at(runtime, i);
        runtime->polled[i + 1] = (struct pollfd){.fd = -1, .events = POLLIN};
        if (pipeline == NULL || ct_pipeline_state(pipeline) == CT_PIPELINE_STOPPED)
            continue;
        if (!napping)
            deadline_ns = ct_deadline_earlier(deadline_ns, ask_to_be_woken(pipeline, now_ns));
        deadline_ns = ct_deadline_earlier(deadline_ns, ct_pipeline_deadline(pipeline));
        runtime->polled[i + 1].fd = ct_pipeline_poll_fd(pipeline);
    }
    return runtime->progress ? 0 : deadline_ns;
}

void ct_runtime_end_sleep(cotel_runtime *runtime)
{
    if (runtime->polled[0].revents != 0) {
        uint64_t wakes;
        /* It may have been read already: then there is nothing to read. */
        ssize_t got = read(runtime->polled[0].fd, &wakes, sizeof wakes);
        (void)got;
    }
    for (size_t i = 0; i < CT_MAX_PIPELINES; i++) {
        struct ct_pipeline *pipeline = pipeline_at(runtime, i);
        if (pipeline == NULL)
            continue;
        set_wake(pipeline, CT_WAKE_NEVER);
        pipeline->ready |= runtime->polled[i + 1].revents != 0;
    }
}

void ct_runtime_sleep(cotel_runtime *runtime, uint64_t deadline_ns)
{
    deadline_ns = ct_deadline_earlier(deadline_ns, ct_runtime_prepare_sleep(runtime));
    uint64_t left_ns = ct_deadline_remaining_ns(deadline_ns);
    struct timespec left = {.tv_sec = (time_t)(left_ns / CT_NS_PER_SECOND),
                            .tv_nsec = (long)(left_ns % CT_NS_PER_SECOND)};
    int ready = ppoll(runtime->polled, CT_MAX_PIPELINES + 1,
                      deadline_ns == CT_DEADLINE_NEVER ? NULL : &left, NULL);
    if (ready < 0) {
        /* Interrupted, or short of kernel memory: what poll would have told, steps find out. */
        for (size_t i = 0; i <= CT_MAX_PIPELINES; i++)
            runtime->polled[i].revents = POLLIN;
    }
    ct_runtime_end_sleep(runtime);
}

void ct_runtime_ask_for_start(cotel_runtime *runtime)
{
    for (size_t i = 0; i < CT_MAX_PIPELINES; i++) {
        struct ct_pipeline *pipeline = pipeline_at(runtime, i);
        if (pipeline != NULL)
            set_wake(pipeline, CT_WAKE_FIRST);
    }
}

void ct_runtime_hand_over(cotel_runtime *runtime)
{
    bool thread = runtime->mode == COTEL_WORKER_THREAD;
    bool waiting = false;
    for (size_t i = 0; i < CT_MAX_PIPELINES; i++) {
        struct ct_pipeline *pipeline = pipeline_at(runtime, i);
        if (pipeline == NULL || ct_pipeline_state(pipeline) != CT_PIPELINE_RUNNING)
            continue;
        set_wake(pipeline, thread ? CT_WAKE_FIRST : CT_WAKE_FULL);
        waiting |= pipeline->input->needs_driver(pipeline, thread, ct_clock_monotonic_ns()) ||
                   (thread && pipeline->active > 0);
    }
    if (waiting)
        ct_runtime_wake(runtime);
}
