/* SPDX-License-Identifier: Apache-2.0 */
#include "pattern.h"

#include <stdlib.h>

/* Where the character at `at` ends. */
static size_t next_character(cotel_str text, size_t at)
{
    at++;
    while (at < text.size && ((unsigned char)text.data[at] & 0xc0u) == 0x80u)
        at++;
    return at;
}

/* Goes back to the last star only: what an earlier one would take, that one can take too. */
bool ct_prom_pattern_matches(const char *pattern, cotel_str text)
{
    const char *after_star = NULL;
    size_t at = 0, retry = 0;
    while (at < text.size) {
        if (*pattern == '*') {
            after_star = ++pattern;
            retry = at;
        } else if (*pattern == '?') {
            pattern++;
            at = next_character(text, at);
        } else if (*pattern != '\0' && *pattern == text.data[at]) {
            pattern++;
            at++;
        } else if (after_star) {
            pattern = after_star;
            at = retry = next_character(text, retry);
        } else {
            return false;
        }
    }
    while (*pattern == '*')
        pattern++;
    return *pattern == '\0';
}

void ct_prom_patterns_fini(struct ct_prom_patterns *patterns)
{
    for (size_t i = 0; i < patterns->count; i++)
        free((void *)patterns->items[i]);
    free((void *)patterns->items);
    *patterns = (struct ct_prom_patterns){NULL, 0};
}

bool ct_prom_patterns_copy(struct ct_prom_patterns *out, const struct ct_prom_patterns *patterns)
{
    if (patterns->count == 0)
        return true;
    const char **items = calloc(patterns->count, sizeof *items);
    if (!items)
        return false;
    out->items = items;
    for (; out->count < patterns->count; out->count++) {
        items[out->count] = strdup(patterns->items[out->count]);
        if (!items[out->count])
            return false;
    }
    return true;
}

bool ct_prom_patterns_match(const struct ct_prom_patterns *patterns, cotel_str text)
{
    for (size_t i = 0; i < patterns->count; i++)
        if (ct_prom_pattern_matches(patterns->items[i], text))
            return true;
    return false;
}
