/* SPDX-License-Identifier: Apache-2.0 */
/* An exporter that blocks, behind the interface of one that does not.
 *
 * The driver leaves a job in one place, the thread takes it, and leaves its answer in another; an
 * eventfd tells. Each job has a number, so an answer that comes after its operation was given up is
 * known as such. The thread holds a reference to the batch and one to all of this: if it never
 * comes back, these two stay with it, and nobody waits. */
#include "sdk/pipeline/blocking_exporter.h"

#include "base/clock.h"
#include "base/fork.h"
#include "sdk/pipeline/exporter_ops.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

struct job {
    uint64_t number; /* 0: none */
    cotel_batch *batch;
    uint64_t deadline_ns;
};

struct answer {
    uint64_t number; /* of the job; 0: none */
    cotel_export_result result;
};

struct blocking_adapter {
    cotel_exporter base;
    cotel_exporter_ops ops; /* under the name of the blocking exporter */
    cotel_blocking_exporter *blocking;
    _Atomic uint32_t references; /* the exporter's owner, and the thread */
    int event_fd;

    /* The driver's. */
    cotel_export *operation;
    uint64_t number; /* of the operation's job */
    bool has_thread;
    pthread_t thread;

    _Atomic(pthread_t) inside; /* the thread itself; 0: none */

    struct ct_fork_lock lock; /* guards what follows */
    pthread_cond_t changed;
    struct job next;
    struct answer answer;
    bool busy; /* inside the blocking exporter */
    bool stop;
};

#define ASK_NS (10 * CT_NS_PER_MS)

static const pthread_cond_t fresh_cond = PTHREAD_COND_INITIALIZER;

static struct blocking_adapter *adapter_of(cotel_exporter *self)
{
    return (struct blocking_adapter *)self;
}

static void unref(struct blocking_adapter *adapter)
{
    if (atomic_fetch_sub_explicit(&adapter->references, 1, memory_order_acq_rel) != 1)
        return;
    if (adapter->event_fd >= 0)
        close(adapter->event_fd);
    free(adapter);
}

static void destroy_blocking(cotel_blocking_exporter *blocking)
{
    if (CT_HAS_OP(blocking->ops, destroy))
        blocking->ops->destroy(blocking);
}

/* ---- the thread ---- */

static void announce(struct blocking_adapter *adapter)
{
    uint64_t one = 1;
    ssize_t written = write(adapter->event_fd, &one, sizeof one); /* full is readable too */
    (void)written;
}

/* With the lock held, but for the export. */
static void do_job(struct blocking_adapter *adapter)
{
    struct job job = adapter->next;
    cotel_export_result result = {.size = sizeof result, .outcome = COTEL_EXPORT_ACCEPTED};
    adapter->next = (struct job){0};
    adapter->busy = true;
    ct_fork_unlock(&adapter->lock);
    adapter->blocking->ops->export_batch(adapter->blocking, job.batch, job.deadline_ns, &result);
    cotel_batch_unref(job.batch);
    (void)ct_fork_lock(&adapter->lock);
    adapter->busy = false;
    adapter->answer = (struct answer){job.number, result};
    announce(adapter);
}

static void *work(void *argument)
{
    struct blocking_adapter *adapter = argument;
    (void)pthread_setname_np(pthread_self(), "cotel-export");
    atomic_store_explicit(&adapter->inside, pthread_self(), memory_order_relaxed);
    (void)ct_fork_lock(&adapter->lock);
    while (!adapter->stop) {
        if (adapter->next.number != 0)
            do_job(adapter);
        else
            (void)pthread_cond_wait(&adapter->changed, &adapter->lock.mutex);
    }
    ct_fork_unlock(&adapter->lock);
    destroy_blocking(adapter->blocking);
    unref(adapter);
    return NULL;
}

static bool start_thread(struct blocking_adapter *adapter)
{
    sigset_t all, before;
    sigfillset(&all);
    (void)pthread_sigmask(SIG_SETMASK, &all, &before);
    atomic_fetch_add_explicit(&adapter->references, 1, memory_order_relaxed);
    adapter->has_thread = pthread_create(&adapter->thread, NULL, work, adapter) == 0;
    if (!adapter->has_thread)
        atomic_fetch_sub_explicit(&adapter->references, 1, memory_order_relaxed);
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    return adapter->has_thread;
}

/* ---- the driver ---- */

static void finish(struct blocking_adapter *adapter, const cotel_export_result *result)
{
    cotel_export *operation = adapter->operation;
    adapter->operation = NULL;
    cotel_export_done(operation, result);
}

static void begin(cotel_exporter *self, cotel_export *operation, cotel_batch *batch,
                  uint64_t deadline_ns)
{
    struct blocking_adapter *adapter = adapter_of(self);
    adapter->operation = operation;
    if (!adapter->has_thread && !start_thread(adapter)) {
        cotel_export_result failed = {sizeof failed, COTEL_EXPORT_FAILED, 0,
                                      "no thread could be started"};
        finish(adapter, &failed);
        return;
    }
    (void)ct_fork_lock(&adapter->lock);
    adapter->next = (struct job){++adapter->number, cotel_batch_ref(batch), deadline_ns};
    (void)pthread_cond_signal(&adapter->changed);
    ct_fork_unlock(&adapter->lock);
}

static int poll_fd(cotel_exporter *self)
{
    return adapter_of(self)->event_fd;
}

/* Without a descriptor (in a child that is short of them) it must be asked. */
static uint64_t next_deadline_ns(cotel_exporter *self)
{
    struct blocking_adapter *adapter = adapter_of(self);
    if (adapter->event_fd >= 0 || adapter->operation == NULL)
        return COTEL_NEVER_NS;
    return ct_clock_monotonic_ns() + ASK_NS;
}

static void drive(cotel_exporter *self)
{
    struct blocking_adapter *adapter = adapter_of(self);
    uint64_t announced;
    ssize_t got = read(adapter->event_fd, &announced, sizeof announced);
    (void)got; /* nothing to read: nothing new, and the answer's number tells */
    (void)ct_fork_lock(&adapter->lock);
    struct answer answer = adapter->answer;
    ct_fork_unlock(&adapter->lock);
    if (adapter->operation != NULL && answer.number == adapter->number)
        finish(adapter, &answer.result);
}

/* The thread may go on with the batch, and its answer is to a number that is nobody's any more; one
 * that it has not begun with is taken back. */
static void cancel(cotel_exporter *self, cotel_export *operation)
{
    struct blocking_adapter *adapter = adapter_of(self);
    cotel_export_result result = {.size = sizeof result, .outcome = COTEL_EXPORT_CANCELLED};
    (void)ct_fork_lock(&adapter->lock);
    cotel_batch *batch = adapter->next.batch;
    adapter->next = (struct job){0};
    ct_fork_unlock(&adapter->lock);
    cotel_batch_unref(batch);
    finish(adapter, &result);
}

static void tell_to_stop(cotel_exporter *self)
{
    struct blocking_adapter *adapter = adapter_of(self);
    (void)ct_fork_lock(&adapter->lock);
    adapter->stop = true;
    (void)pthread_cond_signal(&adapter->changed);
    ct_fork_unlock(&adapter->lock);
}

/* The thread is not in this process. It may have held the lock; what it was doing is the
 * parent's. */
static void forked(cotel_exporter *self)
{
    struct blocking_adapter *adapter = adapter_of(self);
    if (adapter->event_fd >= 0)
        close(adapter->event_fd);
    adapter->event_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    ct_fork_lock_init(&adapter->lock);
    adapter->changed = fresh_cond;
    atomic_init(&adapter->references, 1);
    atomic_init(&adapter->inside, (pthread_t)0);
    adapter->operation = NULL;
    adapter->has_thread = false;
    adapter->next = (struct job){0};
    adapter->answer = (struct answer){0};
    adapter->busy = false;
}

static void destroy(cotel_exporter *self)
{
    struct blocking_adapter *adapter = adapter_of(self);
    if (!adapter->has_thread) {
        destroy_blocking(adapter->blocking);
    } else {
        tell_to_stop(self);
        (void)ct_fork_lock(&adapter->lock);
        bool busy = adapter->busy;
        ct_fork_unlock(&adapter->lock);
        /* An idle one ends at once, and its exporter with it: its owner may count on that. */
        if (busy)
            (void)pthread_detach(adapter->thread);
        else
            (void)pthread_join(adapter->thread, NULL);
    }
    unref(adapter);
}

static const cotel_exporter_ops adapter_ops = {
    .size = sizeof adapter_ops,
    .begin = begin,
    .poll_fd = poll_fd,
    .next_deadline_ns = next_deadline_ns,
    .drive = drive,
    .cancel = cancel,
    .forked = forked,
    .destroy = destroy,
};

cotel_status cotel_exporter_from_blocking(cotel_blocking_exporter *blocking, cotel_exporter **out)
{
    if (blocking == NULL || out == NULL || !CT_HAS_OP(blocking->ops, export_batch))
        return COTEL_STATUS_INVALID_ARGUMENT;
    struct blocking_adapter *adapter = calloc(1, sizeof *adapter);
    if (adapter == NULL)
        return COTEL_STATUS_OUT_OF_MEMORY;
    adapter->event_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (adapter->event_fd < 0) {
        free(adapter);
        return COTEL_STATUS_SYSTEM_ERROR;
    }
    adapter->ops = adapter_ops;
    adapter->ops.type = blocking->ops->type;
    adapter->base.ops = &adapter->ops;
    adapter->blocking = blocking;
    adapter->changed = fresh_cond;
    atomic_init(&adapter->references, 1);
    ct_fork_lock_init(&adapter->lock);
    *out = &adapter->base;
    return COTEL_STATUS_OK;
}

bool ct_blocking_exporter_is_inside(const cotel_exporter *exporter)
{
    if (exporter->ops->begin != begin)
        return false;
    const struct blocking_adapter *adapter = (const struct blocking_adapter *)exporter;
    return atomic_load_explicit(&adapter->inside, memory_order_relaxed) == pthread_self();
}
