/* SPDX-License-Identifier: Apache-2.0 */
#include "critic/check.h"
#include "common/brief.h"

#include <cotel/cotel.h>

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

/* Shares of the score. */
#define WEIGHT_POINTS 0.6
#define WEIGHT_TERMS 0.25
#define WEIGHT_LENGTH 0.15
/* A point is covered when this share of its words is there. */
#define COVERED_SHARE 0.7
/* Shorter words say little about what a sentence is about. */
#define MIN_WORD_BYTES 4
#define WORD_BYTES 64

/* ---- text --------------------------------------------------------------------------------- */

/* The next word at or behind *text, which moves behind it; false at the end. */
static bool next_word(const char **text, char word[WORD_BYTES])
{
    size_t size = 0;
    while (**text && !isalnum((unsigned char)**text))
        (*text)++;
    for (; isalnum((unsigned char)**text); (*text)++)
        if (size < WORD_BYTES - 1)
            word[size++] = **text;
    word[size] = '\0';
    return size > 0;
}

static int count_words(const char *text)
{
    int count = 0;
    for (char word[WORD_BYTES]; next_word(&text, word);)
        count++;
    return count;
}

static bool covers(const char *draft, const char *point)
{
    int there = 0;
    int all = 0;
    for (char word[WORD_BYTES]; next_word(&point, word);) {
        if (strlen(word) < MIN_WORD_BYTES)
            continue;
        all++;
        if (strcasestr(draft, word))
            there++;
    }
    return there >= COVERED_SHARE * all;
}

static bool mentions(const char *draft, const char *term)
{
    return strcasestr(draft, term) != NULL;
}

/* ---- findings ----------------------------------------------------------------------------- */

static void add_finding(struct check *check, const char *advice, const char *what)
{
    if (json_array_size(check->findings) < CHECK_MAX_FINDINGS)
        json_array_append_new(check->findings, json_sprintf("%s: %s", advice, what));
}

/* How many items of a list the draft has; a finding for each other one. */
static int check_list(struct check *check, const json_t *items, const char *draft,
                      bool (*has)(const char *, const char *), const char *advice)
{
    int count = 0;
    size_t index;
    json_t *item;
    json_array_foreach(items, index, item)
    {
        const char *text = json_string_value(item);
        if (has(draft, text))
            count++;
        else
            add_finding(check, advice, text);
    }
    return count;
}

static double share(int part, size_t whole)
{
    return whole ? part / (double)whole : 1.0;
}

static bool check_length(struct check *check, const json_t *brief)
{
    char words[32];
    double low = brief_number(brief, "min_words");
    double high = brief_number(brief, "max_words");
    if (check->words >= low && check->words <= high)
        return true;
    bool is_short = check->words < low;
    snprintf(words, sizeof words, "%.0f words", is_short ? low : high);
    add_finding(check, is_short ? "Write at least" : "Write at most", words);
    return false;
}

static struct check run_check(const json_t *brief, const char *draft)
{
    const json_t *points = json_object_get(brief, "points");
    const json_t *terms = json_object_get(brief, "required");
    struct check check = {.words = count_words(draft), .findings = json_array()};

    check.points_covered = check_list(&check, points, draft, covers, "Cover");
    int mentioned = check_list(&check, terms, draft, mentions, "Mention");
    bool fits = check_length(&check, brief);
    check.score = WEIGHT_POINTS * share(check.points_covered, json_array_size(points)) +
                  WEIGHT_TERMS * share(mentioned, json_array_size(terms)) + WEIGHT_LENGTH * fits;
    return check;
}

/* ---- the tool ----------------------------------------------------------------------------- */

static cotel_span start_tool(void)
{
    const cotel_attribute attributes[] = {
        cotel_attribute_string("gen_ai.operation.name", "execute_tool"),
        cotel_attribute_string("gen_ai.tool.name", "check_draft"),
        cotel_attribute_string("gen_ai.tool.type", "function"),
        cotel_attribute_string("gen_ai.tool.description",
                               "Measures how much of its brief a draft fulfils"),
        cotel_attribute_string("gen_ai.agent.name", "critic"),
    };
    cotel_span_options options = COTEL_SPAN_OPTIONS_INIT;
    options.attributes = attributes;
    options.attribute_count = COUNT_OF(attributes);
    return cotel_span_start(cotel_tracer_get("agents.critic", NULL), "execute_tool check_draft",
                            &options);
}

struct check check_draft(const json_t *brief, const char *draft)
{
    cotel_span span = start_tool();
    struct check check = run_check(brief, draft);
    cotel_span_set_double(&span, "check.score", check.score);
    cotel_span_set_int(&span, "check.points_covered", check.points_covered);
    cotel_span_set_int(&span, "check.words", check.words);
    cotel_span_end(&span);
    return check;
}
