/* SPDX-License-Identifier: Apache-2.0 */
#include "orchestrator/peer.h"
#include "common/message.h"

#include <stdio.h>
#include <string.h>

/* A model may think for long. */
#define ANSWER_TIMEOUT_MS 120000

static json_t *fail(char error[PEER_ERROR_SIZE], const char *type)
{
    snprintf(error, PEER_ERROR_SIZE, "%s", type ? type : "_OTHER");
    return NULL;
}

json_t *peer_ask(int fd, const char *kind, json_t *body, char error[PEER_ERROR_SIZE])
{
    struct message answer = {0};
    if (!message_send(fd, kind, body))
        return fail(error, message_result_name(MESSAGE_CLOSED));
    enum message_result result = message_receive(fd, ANSWER_TIMEOUT_MS, &answer);
    if (result != MESSAGE_OK)
        return fail(error, message_result_name(result));

    json_t *taken = strcmp(answer.kind, "answer") == 0
                        ? json_incref(answer.body)
                        : fail(error, json_string_value(json_object_get(answer.body, "type")));
    message_free(&answer);
    return taken;
}
