/* SPDX-License-Identifier: Apache-2.0 */
/* Patterns of configuration: `*` stands for any text, also none, `?` for one character of UTF-8,
 * all else for itself. */
#ifndef COTEL_SRC_BASE_WILDCARD_H
#define COTEL_SRC_BASE_WILDCARD_H

#include <stdbool.h>
#include <stddef.h>

/* Whether the whole text matches; case counts. Takes at most pattern_size * text_size steps. */
bool ct_wildcard_matches(const char *pattern, size_t pattern_size, const char *text,
                         size_t text_size);

/* The same, but for the case of ASCII letters. */
bool ct_wildcard_matches_ascii(const char *pattern, size_t pattern_size, const char *text,
                               size_t text_size);

#endif
