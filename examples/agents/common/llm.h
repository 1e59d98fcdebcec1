/* SPDX-License-Identifier: Apache-2.0 */
/* A client of the chat completions API. Every request that goes out has a span `chat MODEL`, and
 * carries that span's ids in its HTTP headers.
 *
 * The environment says whom to ask:
 *     LLM_URL      such as http://127.0.0.1:8000/v1 (required)
 *     LLM_MODEL    default gpt-4o
 *     LLM_STREAM   1: let the answer come in pieces
 *     LLM_API_KEY  sent as a bearer token; never recorded */
#ifndef AGENTS_COMMON_LLM_H
#define AGENTS_COMMON_LLM_H

/* The API that is spoken; for the attribute gen_ai.provider.name. */
#define LLM_PROVIDER "openai"

/* The model that is asked for. */
const char *llm_model(void);

/* Asks the model, again after a failure that may pass. Returns the text of its answer, to be
 * freed, or NULL; *error_type is then a static text. */
char *llm_chat(const char *instructions, const char *prompt, const char **error_type);

#endif
