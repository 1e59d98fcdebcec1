/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AGENTS_WRITER_PROMPT_H
#define AGENTS_WRITER_PROMPT_H

#include <jansson.h>

/* What the model is to be told, always. */
extern const char writer_instructions[];

/* What it is to be told for this task; to be freed. `task` holds the brief and, from the second
 * round on, the last draft and its review. */
char *writer_prompt(const json_t *task);

#endif
