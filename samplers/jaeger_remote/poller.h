/* SPDX-License-Identifier: Apache-2.0 */
/* The thread that asks for the strategy and puts it in force.
 *
 * It runs in the process that last asked for it. Whether it does in this one is told by a page that
 * the kernel empties in a forked child (MADV_WIPEONFORK): there the first decision finds it empty,
 * closes what was inherited and starts a thread of the child's own. */
#ifndef COTEL_SAMPLERS_JAEGER_REMOTE_POLLER_H
#define COTEL_SAMPLERS_JAEGER_REMOTE_POLLER_H

#include "samplers/jaeger_remote/board.h"
#include "samplers/jaeger_remote/config.h"
#include "samplers/jaeger_remote/fetch.h"

#include <cotel/sdk/diagnostics.h>

#include <pthread.h>
#include <sys/types.h>

enum ct_jaeger_stage {
    CT_JAEGER_UNSTARTED = 0, /* what an emptied page says */
    CT_JAEGER_STARTING,
    CT_JAEGER_STARTED /* or failed to: it is not tried again */
};

struct ct_jaeger_poller {
    const struct ct_jaeger_config *config;
    struct ct_jaeger_board *board;
    _Atomic uint32_t *stage; /* in the page */
    pid_t pid;               /* where `thread` is; 0: nowhere */
    pthread_t thread;
    int wake_fd;
    atomic_bool stopping;
    struct ct_jaeger_fetch fetch;
    char *last; /* the answer that is in force */
    size_t last_size;
    cotel_diagnostics_limit failure_limit;
    cotel_diagnostics_limit crowd_limit;
    atomic_uint_fast64_t polls;
    atomic_uint_fast64_t failures;
    atomic_uint_fast64_t changes;
};

/* Config and board must outlive it. false: memory is out. */
bool ct_jaeger_poller_init(struct ct_jaeger_poller *poller, const struct ct_jaeger_config *config,
                           struct ct_jaeger_board *board);

/* Starts the thread, unless it runs or another is starting it. false: it could not be started;
 * then, and in a forked child that fails, the rules stay as they are. */
bool ct_jaeger_poller_start(struct ct_jaeger_poller *poller);

/* Whether start() has nothing to do. */
static inline bool ct_jaeger_poller_is_started(const struct ct_jaeger_poller *poller)
{
    /* Relaxed: nothing is read because of it. */
    return atomic_load_explicit(poller->stage, memory_order_relaxed) == CT_JAEGER_STARTED;
}

/* Ends the thread and waits for it, which is not long: whatever it waits for is interrupted. false:
 * it is the calling thread, from a callback of diagnostics; it ends after that, and all that it
 * uses must stay. */
bool ct_jaeger_poller_stop(struct ct_jaeger_poller *poller);

/* Of one that was stopped, or never started. */
void ct_jaeger_poller_fini(struct ct_jaeger_poller *poller);

/* An answer that has come: changes the rules if it is another than the last one. NULL: done; else
 * what is wrong with it, static. For the thread, and for tests of it. */
const char *ct_jaeger_poller_take(struct ct_jaeger_poller *poller, const char *json, size_t size);

#endif
