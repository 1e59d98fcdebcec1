/* SPDX-License-Identifier: Apache-2.0 */
#include "sdk/pipeline/sigpipe.h"

#include <errno.h>
#include <time.h>

static sigset_t only_sigpipe(void)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGPIPE);
    return set;
}

static bool is_pending(void)
{
    sigset_t pending;
    return sigpending(&pending) == 0 && sigismember(&pending, SIGPIPE) == 1;
}

void ct_sigpipe_block(struct ct_sigpipe *before)
{
    sigset_t set = only_sigpipe();
    before->was_pending = is_pending();
    (void)pthread_sigmask(SIG_BLOCK, &set, &before->mask);
}

void ct_sigpipe_unblock(const struct ct_sigpipe *before)
{
    sigset_t set = only_sigpipe();
    struct timespec now = {0, 0};
    if (!before->was_pending && is_pending()) {
        while (sigtimedwait(&set, NULL, &now) < 0 && errno == EINTR)
            ;
    }
    (void)pthread_sigmask(SIG_SETMASK, &before->mask, NULL);
}
