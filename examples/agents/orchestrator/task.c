/* SPDX-License-Identifier: Apache-2.0 */
#include "orchestrator/task.h"
#include "common/brief.h"
#include "common/measure.h"
#include "orchestrator/peer.h"

#include <cotel/cotel.h>

#include <stdio.h>
#include <string.h>

#define MAX_ROUNDS 5
#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

struct task {
    const json_t *brief;
    const struct team *team;
    const cotel_span *span;
    json_t *draft;  /* the writer's last answer */
    json_t *review; /* the critic's last answer */
    int rounds;
    char error[PEER_ERROR_SIZE]; /* empty: none */
};

/* ---- a round ------------------------------------------------------------------------------ */

/* Asks for a body that `answer` then holds instead of the last one. */
static bool ask(struct task *task, int peer, const char *kind, json_t *body, json_t **answer)
{
    json_decref(*answer);
    *answer = peer_ask(peer, kind, body, task->error);
    return *answer != NULL;
}

static bool write_draft(struct task *task)
{
    json_t *body =
        json_pack("{s:O, s:i, s:s, s:s}", "brief", task->brief, "round", task->rounds, "draft",
                  brief_text(task->draft, "draft"), "review", brief_text(task->review, "review"));
    return ask(task, task->team->writer, "write", body, &task->draft);
}

static bool review_draft(struct task *task)
{
    json_t *body = json_pack("{s:O, s:i, s:s}", "brief", task->brief, "round", task->rounds,
                             "draft", brief_text(task->draft, "draft"));
    return ask(task, task->team->critic, "review", body, &task->review);
}

static double last_score(const struct task *task)
{
    return brief_number(task->review, "score");
}

/* What the task itself has to tell of a round: an event, since it takes no time. */
static void report_round(const struct task *task)
{
    const cotel_attribute attributes[] = {
        cotel_attribute_int("task.round", task->rounds),
        cotel_attribute_double("task.score", last_score(task)),
    };
    cotel_span_add_event(task->span, "reviewed", attributes, COUNT_OF(attributes));
    printf("round %d: score %.2f\n", task->rounds, last_score(task));
}

/* ---- all rounds --------------------------------------------------------------------------- */

static bool run_rounds(struct task *task)
{
    double threshold = brief_number(task->brief, "threshold");
    for (task->rounds = 1; task->rounds <= MAX_ROUNDS; task->rounds++) {
        if (!write_draft(task) || !review_draft(task))
            return false;
        report_round(task);
        if (last_score(task) >= threshold)
            return true;
    }
    task->rounds = MAX_ROUNDS;
    strcpy(task->error, "threshold_not_reached");
    return false;
}

/* A root whatever surrounds it: one brief, one trace. */
static cotel_span start_root(const json_t *brief)
{
    const cotel_attribute attributes[] = {
        cotel_attribute_string("gen_ai.operation.name", "invoke_workflow"),
        cotel_attribute_string("gen_ai.workflow.name", "write_and_review"),
        cotel_attribute_string("task.title", brief_text(brief, "title")),
        cotel_attribute_double("task.threshold", brief_number(brief, "threshold")),
    };
    cotel_span_options options = COTEL_SPAN_OPTIONS_INIT;
    options.root = true;
    options.attributes = attributes;
    options.attribute_count = COUNT_OF(attributes);
    return cotel_span_start(cotel_tracer_get("agents.orchestrator", NULL), "execute_task",
                            &options);
}

static void record_outcome(const struct task *task)
{
    cotel_span_set_int(task->span, "task.rounds", task->rounds);
    if (task->review)
        cotel_span_set_double(task->span, "task.score", last_score(task));
    if (*task->error) {
        cotel_span_set_string(task->span, "error.type", task->error);
        cotel_span_set_status(task->span, COTEL_STATUS_CODE_ERROR, NULL);
    }
}

static void print_outcome(const struct task *task)
{
    char trace_id[COTEL_TRACE_ID_HEX_SIZE];
    cotel_span_context context = cotel_span_get_context(task->span);
    cotel_trace_id_to_hex(&context.trace_id, trace_id);
    if (task->draft)
        printf("artifact: %s\n", brief_text(task->draft, "path"));
    if (*task->error)
        printf("failed: %s\n", task->error);
    printf("trace: %s\n", trace_id);
}

bool task_execute(const json_t *brief, const struct team *team)
{
    cotel_span span = start_root(brief);
    struct task task = {.brief = brief, .team = team, .span = &span};

    /* While the root is current, every message that is sent carries it. */
    cotel_token token = cotel_span_activate(&span);
    measure_work_begin("task");
    bool done = run_rounds(&task);
    measure_work_end("task", *task.error ? task.error : NULL);
    cotel_context_detach(token);

    record_outcome(&task);
    cotel_span_end(&span);
    print_outcome(&task);
    json_decref(task.draft);
    json_decref(task.review);
    return done;
}
