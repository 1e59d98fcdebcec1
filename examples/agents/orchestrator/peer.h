/* SPDX-License-Identifier: Apache-2.0 */
/* An agent, as its orchestrator sees it: one that answers messages. */
#ifndef AGENTS_ORCHESTRATOR_PEER_H
#define AGENTS_ORCHESTRATOR_PEER_H

#include <jansson.h>

#define PEER_ERROR_SIZE 64

/* Sends `body` (taken over), with the current context, to the agent behind `fd` and waits for the
 * answer's body, which is returned. NULL when there is none: `error` then names what went wrong,
 * here or there. */
json_t *peer_ask(int fd, const char *kind, json_t *body, char error[PEER_ERROR_SIZE]);

#endif
