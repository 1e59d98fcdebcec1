/* SPDX-License-Identifier: Apache-2.0 */
/* A brief: what is to be written, for whom, and how good it must be. brief.txt shows the format.
 * In the program and in messages it is a JSON object:
 *     title, kind, audience: text    points, required: arrays of text
 *     min_words, max_words: integers    threshold: number from 0 to 1 */
#ifndef AGENTS_COMMON_BRIEF_H
#define AGENTS_COMMON_BRIEF_H

#include <jansson.h>

/* NULL, with a message on stderr, when the file cannot be read or is no brief. */
json_t *brief_load(const char *path);

/* A text of the brief; never NULL. */
const char *brief_text(const json_t *brief, const char *key);

/* A number of the brief; 0 when it is not there. */
double brief_number(const json_t *brief, const char *key);

#endif
