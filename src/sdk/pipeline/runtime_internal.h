/* SPDX-License-Identifier: Apache-2.0 */
/* The runtime as its pipelines and its worker see it.
 *
 * Whoever holds `driving` is the driver: the worker for as long as it lives; without one, the
 * thread that calls drive(), or that waits for a flush. So the work of a flush is done even where
 * no thread can be had. */
#ifndef COTEL_SRC_SDK_PIPELINE_RUNTIME_INTERNAL_H
#define COTEL_SRC_SDK_PIPELINE_RUNTIME_INTERNAL_H

#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>

#include "base/fork.h"
#include "sdk/pipeline/pipeline.h"
#include "sdk/pipeline/runtime.h"

enum ct_worker_state { CT_WORKER_NONE, CT_WORKER_RUNNING, CT_WORKER_GONE };

struct cotel_runtime {
    cotel_worker_mode mode;
    pthread_mutex_t driving;
    _Atomic(pthread_t) driver; /* 0: nobody */
    _Atomic int event_fd;      /* wakes the driver; -1: could not be had in a child */

    struct ct_fork_lock lock; /* guards what follows, and parts of the pipelines */
    pthread_cond_t changed;   /* somebody who waits may be done */
    _Atomic uint32_t worker;  /* enum ct_worker_state; may be read without the lock */
    pthread_t thread;
    _Atomic bool stopping; /* the worker is to end, and none is to start */
    bool stuck;            /* it did not */
    bool joined;
    struct cotel_diagnostics_limit start_limit;

    /* Added at any time; taken out when there is no driver any more. */
    struct ct_pipeline *_Atomic pipelines[CT_MAX_PIPELINES];

    /* The driver's. */
    bool progress;
    uint32_t naps; /* since there was something to do */
    struct pollfd polled[CT_MAX_PIPELINES + 1];
};

/* Wakes whoever drives, and starts the worker if there is none. Any thread; keeps errno. */
void ct_runtime_wake(cotel_runtime *runtime);

/* Wakes whoever drives, to look at what was asked of it. */
void ct_runtime_interrupt(cotel_runtime *runtime);

/* With the lock held: waits until `done`, itself driving if nobody else does.
 * @return false when the deadline came first. */
bool ct_runtime_wait(cotel_runtime *runtime, bool (*done)(const void *), const void *argument,
                     uint64_t deadline_ns);

/* With the lock held: lets those who wait look again. */
void ct_runtime_tell_waiters(cotel_runtime *runtime);

/* @return false when it has the most already. */
bool ct_runtime_add(cotel_runtime *runtime, struct ct_pipeline *pipeline);
void ct_runtime_remove(cotel_runtime *runtime, struct ct_pipeline *pipeline);

/* ---- drive.c: the driver only ---- */

/* Everything that can be done now; sets runtime->progress. */
void ct_runtime_step(cotel_runtime *runtime);

/* Waits for something to do, at most until a deadline. */
void ct_runtime_sleep(cotel_runtime *runtime, uint64_t deadline_ns);

/* What to wait for: fills runtime->polled, asks producers to wake.
 * @return when to step at the latest; 0: at once. */
uint64_t ct_runtime_prepare_sleep(cotel_runtime *runtime);

/* The end of a sleep that took note of polled[].revents. */
void ct_runtime_end_sleep(cotel_runtime *runtime);

/* Without a worker: the next record is to start it. */
void ct_runtime_ask_for_start(cotel_runtime *runtime);

/* Before the last driver goes: producers are to start or wake the next one. */
void ct_runtime_hand_over(cotel_runtime *runtime);

/* ---- worker.c ---- */

/* With the lock held. */
void ct_worker_start(cotel_runtime *runtime);
void ct_worker_join(cotel_runtime *runtime);

#endif
