/* SPDX-License-Identifier: Apache-2.0 */
/* The ways in which cotel env writes the variables. Whether it could all be written, the stream
 * knows. */
#ifndef COTEL_TOOLS_COTEL_ENV_RENDER_H
#define COTEL_TOOLS_COTEL_ENV_RENDER_H

#include <cotel/sdk/auto.h>

#include <stdio.h>

/* "environment", "default", ... */
const char *ct_env_source_name(cotel_env_source source);

/* Gives each variable in turn, only those that are set if so asked: begin with *index = 0. */
bool ct_env_next(size_t *index, bool only_set, cotel_env_variable *variable);

/* What is read as a table, what is not as another, and the names of what begins like them and is
 * none of them, which may be misspelt. False when there was nothing to write. */
bool ct_env_render_text(FILE *out, bool only_set);

/* False when memory is out. */
bool ct_env_render_json(FILE *out, bool only_set);

/* docs/environment.md; nothing of it hangs on the environment. */
void ct_env_render_markdown(FILE *out);

#endif
