/* SPDX-License-Identifier: Apache-2.0 */
/* Any pattern and any text, against a matcher that is plain and slow: it fills the table of which
 * beginnings of the text match which beginnings of the pattern. */
#include "fuzz.h"

#include "base/wildcard.h"

#define MOST 64

/* Whether the text's byte goes on with a character. */
static bool goes_on(const char *text, size_t size, size_t at)
{
    return at > 0 && at < size && ((unsigned char)text[at] & 0xc0u) == 0x80u;
}

/* Where a character may end that begins at `from`. */
static size_t end_of_character(const char *text, size_t size, size_t from)
{
    size_t end = from + 1;
    while (goes_on(text, size, end))
        end++;
    return end;
}

static bool matches(const char *pattern, size_t pattern_size, const char *text, size_t text_size)
{
    bool table[MOST + 1][MOST + 1] = {{true}};
    for (size_t p = 0; p < pattern_size; p++) {
        bool star = pattern[p] == '*';
        for (size_t t = 0; t <= text_size; t++) {
            if (!table[p][t])
                continue;
            if (star) {
                for (size_t to = t; to <= text_size; to++)
                    table[p + 1][to] = true;
            } else if (t < text_size && pattern[p] == '?') {
                table[p + 1][end_of_character(text, text_size, t)] = true;
            } else if (t < text_size && pattern[p] == text[t]) {
                table[p + 1][t + 1] = true;
            }
        }
    }
    return table[pattern_size][text_size];
}

/* The text in small letters, in a room for MOST. */
static const char *lower(const char *text, size_t size, char *room)
{
    for (size_t i = 0; i < size; i++)
        room[i] = text[i] >= 'A' && text[i] <= 'Z' ? (char)(text[i] | 0x20) : text[i];
    return room;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input input = {data, size};
    size_t pattern_size, text_size;
    const char *pattern = take_text(&input, MOST, &pattern_size);
    const char *text = take_text(&input, MOST, &text_size);
    MUST(ct_wildcard_matches(pattern, pattern_size, text, text_size) ==
         matches(pattern, pattern_size, text, text_size));
    char low_pattern[MOST], low_text[MOST];
    MUST(ct_wildcard_matches_ascii(pattern, pattern_size, text, text_size) ==
         matches(lower(pattern, pattern_size, low_pattern), pattern_size,
                 lower(text, text_size, low_text), text_size));
    return 0;
}
