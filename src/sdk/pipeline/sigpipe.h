/* SPDX-License-Identifier: Apache-2.0 */
/* Keeping SIGPIPE from the program while one of its own threads drives exporters. */
#ifndef COTEL_SRC_SDK_PIPELINE_SIGPIPE_H
#define COTEL_SRC_SDK_PIPELINE_SIGPIPE_H

#include <signal.h>
#include <stdbool.h>

struct ct_sigpipe {
    sigset_t mask;    /* the thread's, as it was */
    bool was_pending; /* one of the program's own: it stays */
};

void ct_sigpipe_block(struct ct_sigpipe *before);

/* Takes away one that came up in between, and restores the mask. */
void ct_sigpipe_unblock(const struct ct_sigpipe *before);

#endif
