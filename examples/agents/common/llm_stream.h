/* SPDX-License-Identifier: Apache-2.0 */
/* An answer that comes in pieces: server-sent events, each `data: {…}`, the last `data: [DONE]`. */
#ifndef AGENTS_COMMON_LLM_STREAM_H
#define AGENTS_COMMON_LLM_STREAM_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct llm_stream {
    uint64_t start_ns;       /* of the request */
    uint64_t first_chunk_ns; /* of the first piece of text; 0: none yet */
    FILE *line;              /* what came of the line that is not complete yet */
    char *line_text;
    size_t line_size;
    FILE *content; /* the pieces of text, joined */
    char *content_text;
    size_t content_size;
    json_t *completion; /* what the pieces say besides: id, model, usage, finish_reason */
};

/* To be called when the request goes out. False when memory is out; fini it all the same. */
bool llm_stream_init(struct llm_stream *stream);

/* Takes bytes as they come; they may end anywhere. */
void llm_stream_feed(struct llm_stream *stream, const char *data, size_t size);

/* Puts the pieces together to what an answer in one piece looks like; NULL when none came. */
json_t *llm_stream_finish(struct llm_stream *stream, double *first_chunk_s);

void llm_stream_fini(struct llm_stream *stream);

#endif
