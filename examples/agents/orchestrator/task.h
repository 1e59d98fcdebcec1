/* SPDX-License-Identifier: Apache-2.0 */
/* The work as a whole: write, review, and again, until the review is good enough. */
#ifndef AGENTS_ORCHESTRATOR_TASK_H
#define AGENTS_ORCHESTRATOR_TASK_H

#include <jansson.h>
#include <stdbool.h>

/* Who does it: connections to the agents. */
struct team {
    int writer;
    int critic;
};

/* Carries the brief out under a root span `execute_task`; says on stdout how it goes. False when
 * an agent failed, or the text was never good enough. */
bool task_execute(const json_t *brief, const struct team *team);

#endif
