/* SPDX-License-Identifier: Apache-2.0 */
#include "base/wildcard.h"

/* The end of the character at `at`: bytes that go on with a character are 10xxxxxx. */
static const char *next_character(const char *at, const char *end)
{
    for (at++; at < end && ((unsigned char)*at & 0xc0u) == 0x80u; at++)
        continue;
    return at;
}

static char small(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static inline bool is_same(char a, char b, bool case_counts)
{
    return a == b || (!case_counts && small(a) == small(b));
}

/* When a mismatch shows that a '*' stood for too little, only the last one has to give: whatever
 * an earlier one could take instead, the last one can take too. It may end within a character: what
 * follows in the pattern either begins one, and does not match there, or is a '?', which takes the
 * rest. */
static inline bool matches(const char *pattern, size_t pattern_size, const char *text,
                           size_t text_size, bool case_counts)
{
    const char *pattern_end = pattern + pattern_size, *text_end = text + text_size;
    const char *behind_star = NULL, *star_text = NULL;
    while (text < text_end) {
        if (pattern < pattern_end && *pattern == '*') {
            behind_star = ++pattern;
            star_text = text;
        } else if (pattern < pattern_end && *pattern == '?') {
            pattern++;
            text = next_character(text, text_end);
        } else if (pattern < pattern_end && is_same(*pattern, *text, case_counts)) {
            pattern++;
            text++;
        } else if (behind_star) {
            pattern = behind_star;
            text = ++star_text;
        } else {
            return false;
        }
    }
    while (pattern < pattern_end && *pattern == '*')
        pattern++;
    return pattern == pattern_end;
}

bool ct_wildcard_matches(const char *pattern, size_t pattern_size, const char *text,
                         size_t text_size)
{
    return matches(pattern, pattern_size, text, text_size, true);
}

bool ct_wildcard_matches_ascii(const char *pattern, size_t pattern_size, const char *text,
                               size_t text_size)
{
    return matches(pattern, pattern_size, text, text_size, false);
}
