/* SPDX-License-Identifier: Apache-2.0 */
/* What the agents measure: how much they work, what the model takes, and what it costs. Each value
 * is recorded in the span that it belongs to, so that a number leads to traces behind it. */
#ifndef AGENTS_COMMON_MEASURE_H
#define AGENTS_COMMON_MEASURE_H

#include <stdbool.h>
#include <stdint.h>

/* Makes the instruments; once, before anything is measured. Until then nothing is recorded. */
void measure_start(void);

/* A piece of work begins: it is one of those under way until measure_work_end(). `error_type`
 * is NULL, or what the span has as error.type. */
void measure_work_begin(const char *what);
void measure_work_end(const char *what, const char *error_type);

/* A message went out or came in. */
void measure_message(const char *kind, bool is_sent);

/* One request to the model. Texts may be NULL when they are not known. */
struct measured_call {
    const char *model;          /* that was asked for */
    const char *response_model; /* that answered */
    const char *address;        /* of the server */
    int64_t port;
    const char *error_type; /* NULL: none */
    double duration_s;
    double first_chunk_s;  /* 0: not streamed */
    int64_t input_tokens;  /* below 0: not told */
    int64_t output_tokens; /* below 0: not told */
};
void measure_call(const struct measured_call *call);

#endif
