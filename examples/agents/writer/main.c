/* SPDX-License-Identifier: Apache-2.0 */
/* The writer: has the model write a draft and saves it.
 *
 *     writer SOCKET FOLDER        (and LLM_URL in the environment, see common/llm.h) */
#include "common/agent.h"
#include "common/brief.h"
#include "common/llm.h"
#include "writer/artifact.h"
#include "writer/prompt.h"

#include <cotel/trace.h>

#include <stdio.h>
#include <stdlib.h>

/* The spans of the model's call and of the saving become children of the task's span without
 * being told: that one is current here. */
static json_t *write_draft(void *folder, struct agent_task *task)
{
    char *prompt = writer_prompt(task->body);
    char *draft = prompt ? llm_chat(writer_instructions, prompt, &task->error_type) : NULL;
    free(prompt);
    if (!draft)
        return NULL;

    const json_t *brief = json_object_get(task->body, "brief");
    char *path = artifact_save(folder, brief_text(brief, "title"), draft);
    if (!path)
        task->error_type = "save_failed";
    json_t *answer = path ? json_pack("{s:s, s:s}", "draft", draft, "path", path) : NULL;
    cotel_span_set_int(task->span, "task.round", (int64_t)brief_number(task->body, "round"));
    free(path);
    free(draft);
    return answer;
}

int main(int argc, char **argv)
{
    if (argc != 3) {
        fprintf(stderr, "usage: %s SOCKET FOLDER\n", argv[0]);
        return 2;
    }
    const struct agent writer = {
        .name = "writer",
        .description = "Writes a text to a brief, and mends it by its review",
        .kind = "write",
        .work = write_draft,
        .user = argv[2],
    };
    return agent_run(&writer, argv[1]);
}
