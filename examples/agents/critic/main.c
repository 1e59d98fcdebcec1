/* SPDX-License-Identifier: Apache-2.0 */
/* The critic: measures a draft against its brief, and has the model say what to mend.
 *
 *     critic SOCKET        (and LLM_URL in the environment, see common/llm.h) */
#include "common/agent.h"
#include "common/brief.h"
#include "common/llm.h"
#include "critic/check.h"

#include <cotel/trace.h>

#include <stdio.h>
#include <stdlib.h>

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

static const char instructions[] =
    "You are an editor. Tell the writer what to mend, a line for each finding, in its words. "
    "If there is none, say that the draft is ready.";

static char *write_prompt(const json_t *findings)
{
    char *text = NULL;
    size_t size = 0;
    size_t index;
    json_t *finding;
    FILE *out = open_memstream(&text, &size);
    if (!out)
        return NULL;
    fputs("# Review\n\n## Findings\n", out);
    json_array_foreach(findings, index, finding) fprintf(out, "- %s\n", json_string_value(finding));
    fclose(out);
    return text;
}

static char *write_review(const struct check *check, const char **error_type)
{
    char *prompt = write_prompt(check->findings);
    char *review = prompt ? llm_chat(instructions, prompt, error_type) : NULL;
    free(prompt);
    return review;
}

/* The verdict is an event of the span that evaluates. */
static void record_verdict(const cotel_span *span, double score, bool passed)
{
    const cotel_attribute attributes[] = {
        cotel_attribute_string("gen_ai.evaluation.name", "brief_coverage"),
        cotel_attribute_double("gen_ai.evaluation.score.value", score),
        cotel_attribute_string("gen_ai.evaluation.score.label", passed ? "pass" : "fail"),
    };
    cotel_span_add_event(span, "gen_ai.evaluation.result", attributes, COUNT_OF(attributes));
}

static json_t *review_draft(void *user, struct agent_task *task)
{
    (void)user;
    const json_t *brief = json_object_get(task->body, "brief");
    struct check check = check_draft(brief, brief_text(task->body, "draft"));
    cotel_span_set_int(task->span, "task.round", (int64_t)brief_number(task->body, "round"));
    record_verdict(task->span, check.score, check.score >= brief_number(brief, "threshold"));

    char *review = write_review(&check, &task->error_type);
    json_t *answer =
        review ? json_pack("{s:f, s:s}", "score", check.score, "review", review) : NULL;
    free(review);
    json_decref(check.findings);
    return answer;
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        fprintf(stderr, "usage: %s SOCKET\n", argv[0]);
        return 2;
    }
    const struct agent critic = {
        .name = "critic",
        .description = "Reviews a draft against its brief",
        .kind = "review",
        .work = review_draft,
    };
    return agent_run(&critic, argv[1]);
}
