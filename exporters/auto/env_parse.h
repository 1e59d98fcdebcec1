/* SPDX-License-Identifier: Apache-2.0 */
/* Reading the values of environment variables, by the rules of the specification's
 * configuration/sdk-environment-variables.md. Nothing here says anything to anybody. */
#ifndef COTEL_EXPORTERS_AUTO_ENV_PARSE_H
#define COTEL_EXPORTERS_AUTO_ENV_PARSE_H

#include <cotel/attribute.h>

/* The largest number that a variable may hold. */
#define CT_ENV_NUMBER_MAX INT32_MAX

/* Without the spaces and tabs around it. */
cotel_str ct_env_trim(cotel_str text);

/* Takes the next member of a comma list, trimmed, off `rest`. False when there is none. */
bool ct_env_next_member(cotel_str *rest, cotel_str *member);

/* Whether it is the word, in either case; whether it is the text, to the letter. */
bool ct_env_is_word(cotel_str text, const char *word);
bool ct_env_is_text(cotel_str text, const char *expected);

/* Each returns false, with *out untouched, when the text is no such thing. A number is 0 to
 * CT_ENV_NUMBER_MAX, in decimal; a ratio 0 to 1, with a point whatever the locale is; a truth value
 * `true` or `false`, in either case. */
bool ct_env_parse_number(cotel_str text, uint32_t *out);
bool ct_env_parse_ratio(cotel_str text, double *out);
bool ct_env_parse_bool(cotel_str text, bool *out);

/* Whether it begins with http:// or https://, names a host, and has no blanks and no control
 * characters in it. */
bool ct_env_is_url(cotel_str text);

/* Whether it may be what OTLP over gRPC sends to: such a URL, unix:PATH, or HOST:PORT. */
bool ct_env_is_grpc_target(cotel_str text);

/* Without the slashes at its end. */
cotel_str ct_env_without_slashes(cotel_str text);

/* Whether it is `name=value`, with a name, and with two digits behind each percent sign. */
bool ct_env_is_pair(cotel_str text);

/* Replaces each %XX by the byte that it stands for, and ends it with a NUL; `out` has room for
 * in.size + 1 bytes. False for half an escape, and for a result with control characters. */
bool ct_env_percent_decode(cotel_str in, char *out);

#endif
