/* SPDX-License-Identifier: Apache-2.0 */
/* The orchestrator: has a brief written and reviewed until the review is good enough.
 *
 *     orchestrator BRIEF WRITER_SOCKET CRITIC_SOCKET [TIMES]        (default: once) */
#include "common/brief.h"
#include "common/telemetry.h"
#include "common/unix_socket.h"
#include "orchestrator/task.h"

#include <stdio.h>
#include <stdlib.h>

#define SERVICE "orchestrator"
#define CONNECT_TIMEOUT_MS 5000
/* What an agent may take to send its last spans. */
#define HANG_UP_TIMEOUT_MS 5000

static bool call_team(const char *writer_path, const char *critic_path, struct team *team)
{
    team->writer = socket_connect(writer_path, CONNECT_TIMEOUT_MS);
    team->critic = socket_connect(critic_path, CONNECT_TIMEOUT_MS);
    return team->writer >= 0 && team->critic >= 0;
}

/* The agents have sent their spans when this returns. Ours, and the root among them, go last: so
 * nobody sees a finished trace that lacks a part. */
static void dismiss_team(const struct team *team)
{
    if (team->writer >= 0)
        socket_hang_up(team->writer, HANG_UP_TIMEOUT_MS);
    if (team->critic >= 0)
        socket_hang_up(team->critic, HANG_UP_TIMEOUT_MS);
}

static bool execute(const json_t *brief, const struct team *team, long times)
{
    bool done = true;
    for (long i = 0; i < times; i++)
        done = task_execute(brief, team) && done;
    return done;
}

int main(int argc, char **argv)
{
    if (argc < 4 || argc > 5) {
        fprintf(stderr, "usage: %s BRIEF WRITER_SOCKET CRITIC_SOCKET [TIMES]\n", argv[0]);
        return 2;
    }
    long times = argc == 5 ? strtol(argv[4], NULL, 10) : 1;
    json_t *brief = brief_load(argv[1]);
    if (!brief)
        return 2;

    struct team team;
    telemetry_start(SERVICE);
    bool done = call_team(argv[2], argv[3], &team) && execute(brief, &team, times);
    dismiss_team(&team);
    telemetry_send(SERVICE);
    telemetry_end();
    json_decref(brief);
    return done ? 0 : 1;
}
