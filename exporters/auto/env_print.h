/* SPDX-License-Identifier: Apache-2.0 */
/* Variables as text for people, without the secrets in them. Everything is cut when it is longer
 * than `size`, the NUL included; control characters become question marks. */
#ifndef COTEL_EXPORTERS_AUTO_ENV_PRINT_H
#define COTEL_EXPORTERS_AUTO_ENV_PRINT_H

#include "env_value.h"

/* What stands for a secret. */
#define CT_ENV_SECRET "***"

/* "otlp, console, none" */
void ct_env_print_words(const struct ct_env_word *words, char *out, size_t size);

/* What the variable may hold, where that can be said in general; else nothing. */
void ct_env_print_accepts(const struct ct_env_variable *variable, char *out, size_t size);

/* A text that the environment has for it, be it good or not. */
void ct_env_print_text(const struct ct_env_variable *variable, cotel_str text, char *out,
                       size_t size);

/* The value that counts, as one would write it. */
void ct_env_print_value(const struct ct_env_variable *variable, const struct ct_env_value *value,
                        char *out, size_t size);

/* What is wrong: "OTEL_SDK_DISABLED=1 is neither true nor false"; nothing when nothing is. */
void ct_env_print_problem(const struct ct_env_variable *variable,
                          const struct ct_env_problem *problem, char *out, size_t size);

#endif
