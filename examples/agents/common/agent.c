/* SPDX-License-Identifier: Apache-2.0 */
#include "common/agent.h"
#include "common/llm.h"
#include "common/measure.h"
#include "common/message.h"
#include "common/telemetry.h"
#include "common/unix_socket.h"

#include <cotel/cotel.h>

#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* How long an agent waits for its orchestrator, and then for something to do. */
#define IDLE_TIMEOUT_MS 60000

/* The span of one piece of work. It is started here, in the process that does the work, and its
 * parent is a span of the process that asked: `parent` came in with the message. */
static cotel_span start_invocation(const struct agent *agent, const cotel_context *parent)
{
    const cotel_attribute attributes[] = {
        cotel_attribute_string("gen_ai.operation.name", "invoke_agent"),
        cotel_attribute_string("gen_ai.agent.name", agent->name),
        cotel_attribute_string("gen_ai.agent.description", agent->description),
        cotel_attribute_string("gen_ai.provider.name", LLM_PROVIDER),
        cotel_attribute_string("gen_ai.request.model", llm_model()),
    };
    cotel_span_options options = COTEL_SPAN_OPTIONS_INIT;
    options.parent = parent;
    options.attributes = attributes;
    options.attribute_count = sizeof attributes / sizeof attributes[0];

    char name[128];
    snprintf(name, sizeof name, "invoke_agent %s", agent->name);
    return cotel_span_start(cotel_tracer_get("agents.agent", NULL), name, &options);
}

/* Returns the body of the answer, or NULL with task->error_type set. */
static json_t *do_task(const struct agent *agent, const char *kind, struct agent_task *task)
{
    if (strcmp(kind, agent->kind) != 0) {
        task->error_type = "unknown_kind";
        return NULL;
    }
    json_t *answer = agent->work(agent->user, task);
    if (!answer && !task->error_type)
        task->error_type = "_OTHER";
    return answer;
}

static bool serve_message(const struct agent *agent, int fd, const struct message *message)
{
    cotel_context *caller = message_context(message);
    cotel_span span = start_invocation(agent, caller);
    cotel_token token = cotel_span_activate(&span);
    measure_work_begin(agent->kind);

    struct agent_task task = {.body = message->body, .span = &span};
    json_t *answer = do_task(agent, message->kind, &task);
    if (!answer) {
        cotel_span_set_string(&span, "error.type", task.error_type);
        cotel_span_set_status(&span, COTEL_STATUS_CODE_ERROR, NULL);
    }
    measure_work_end(agent->kind, answer ? NULL : task.error_type);
    bool sent = answer ? message_send(fd, "answer", answer)
                       : message_send(fd, "error", json_pack("{s:s}", "type", task.error_type));

    cotel_context_detach(token);
    cotel_span_end(&span);
    cotel_context_unref(caller);
    return sent;
}

static bool serve(const struct agent *agent, int fd)
{
    for (;;) {
        struct message message = {0};
        enum message_result result = message_receive(fd, IDLE_TIMEOUT_MS, &message);
        if (result == MESSAGE_CLOSED)
            return true;
        if (result != MESSAGE_OK) {
            fprintf(stderr, "%s: %s\n", agent->name, message_result_name(result));
            return false;
        }
        bool answered = serve_message(agent, fd, &message);
        message_free(&message);
        if (!answered)
            return false;
    }
}

int agent_run(const struct agent *agent, const char *path)
{
    telemetry_start(agent->name);
    int fd = socket_accept_one(path, IDLE_TIMEOUT_MS);
    bool served = fd >= 0 && serve(agent, fd);
    telemetry_send(agent->name);
    if (fd >= 0)
        close(fd);
    telemetry_end();
    return served ? 0 : 1;
}
