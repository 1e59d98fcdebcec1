/* SPDX-License-Identifier: Apache-2.0 */
/* Answers in the shape of the chat completions API. */
#ifndef AGENTS_MODEL_SERVER_COMPLETION_H
#define AGENTS_MODEL_SERVER_COMPLETION_H

#include <jansson.h>
#include <stdbool.h>

/* One answer, to be freed with completion_fini(). */
struct completion {
    char id[40];
    char model[128];
    char *text;
    long long created; /* Unix time, seconds */
    json_int_t prompt_tokens;
    json_int_t completion_tokens;
};

/* Answers the request; false when that is not one. */
bool completion_make(const json_t *request, struct completion *completion);

void completion_fini(struct completion *completion);

/* The whole answer as JSON text, to be freed. */
char *completion_to_json(const struct completion *completion);

/* The answer as server-sent events, to be freed: the text in pieces, the usage, `[DONE]`. */
char *completion_to_events(const struct completion *completion);

/* What the API answers to a request that failed; to be freed. */
char *completion_error(const char *type, const char *message);

#endif
