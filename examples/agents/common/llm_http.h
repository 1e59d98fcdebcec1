/* SPDX-License-Identifier: Apache-2.0 */
/* One request to a chat completions server, over libcurl. */
#ifndef AGENTS_COMMON_LLM_HTTP_H
#define AGENTS_COMMON_LLM_HTTP_H

#include <jansson.h>
#include <stdbool.h>

struct llm_server {
    char url[512]; /* of the endpoint */
    char host[256];
    long port;
};

/* From LLM_URL; false, with a message on stderr, when that is missing or no URL. */
bool llm_server_from_env(struct llm_server *server);

struct llm_reply {
    json_t *completion;     /* NULL when there is none; a streamed one is put together */
    double first_chunk_s;   /* seconds until the first piece of text; 0: not streamed */
    const char *error_type; /* NULL, or a low-cardinality name: "503", "timeout"; static */
    char error_text[256];   /* a sentence for people */
    bool may_pass;          /* it is worth trying again */
};

/* Posts `request` with this thread's current context in the headers. Fills *reply, which must be
 * zero before; llm_reply_fini() it. */
void llm_http_post(const struct llm_server *server, const char *request, bool stream,
                   struct llm_reply *reply);

void llm_reply_fini(struct llm_reply *reply);

#endif
