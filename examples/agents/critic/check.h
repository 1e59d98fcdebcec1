/* SPDX-License-Identifier: Apache-2.0 */
/* The critic's tool: how much of its brief a draft fulfils. Plain code, no model. */
#ifndef AGENTS_CRITIC_CHECK_H
#define AGENTS_CRITIC_CHECK_H

#include <jansson.h>

/* The most findings of one review: people, too, mend a few things at a time. */
#define CHECK_MAX_FINDINGS 3

struct check {
    double score; /* 0 to 1 */
    int points_covered;
    int words;
    json_t *findings; /* array of texts, what to mend; free with json_decref() */
};

/* Checks a draft, under a span `execute_tool check_draft`. */
struct check check_draft(const json_t *brief, const char *draft);

#endif
