/* SPDX-License-Identifier: Apache-2.0 */
/* The frame of an agent: it serves one orchestrator, message by message, and gives each piece of
 * work a span `invoke_agent NAME` that continues the trace of whoever asked. */
#ifndef AGENTS_COMMON_AGENT_H
#define AGENTS_COMMON_AGENT_H

#include <cotel/trace.h>

#include <jansson.h>

/* One piece of work. */
struct agent_task {
    json_t *body;           /* what was asked for; borrowed */
    const cotel_span *span; /* current while the work is done: spans started now are its children */
    const char *error_type; /* to be set when there is no answer; static text */
};

struct agent {
    const char *name;
    const char *description;
    const char *kind; /* of the messages that it answers */
    /* Does the work and returns the body of the answer; NULL when it failed. */
    json_t *(*work)(void *user, struct agent_task *task);
    void *user;
};

/* Waits at the Unix socket `path` for the orchestrator, serves it until it hangs up, sends the
 * last spans, and only then closes: so whoever waits for that knows that they have arrived.
 * Returns the exit code of the program. */
int agent_run(const struct agent *agent, const char *path);

#endif
