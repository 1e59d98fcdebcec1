/* SPDX-License-Identifier: Apache-2.0 */
/* Stands in for a language model: the same prompt always gives the same text, and another prompt
 * another one. It knows two kinds of prompt, those of the writer and of the critic. */
#ifndef AGENTS_MODEL_SERVER_COMPOSE_H
#define AGENTS_MODEL_SERVER_COMPOSE_H

/* The answer to a prompt, to be freed; NULL when memory is out. */
char *compose(const char *prompt);

#endif
