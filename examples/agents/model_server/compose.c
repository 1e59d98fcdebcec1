/* SPDX-License-Identifier: Apache-2.0 */
/* A first draft dwells on the first points of the brief, as hasty writers do. A later one keeps
 * what the last had, and adds what the review asks for: so reviews matter, and scores rise. */
#include "model_server/compose.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_DRAFT_POINTS 2
#define POINTS_A_PARAGRAPH 3

static const char draft_heading[] = "# Write: ";
static const char review_heading[] = "# Review\n";

static const char closing[] =
    "\nThis text keeps to the points above and adds nothing to them. What is missing here was not "
    "in "
    "the brief, and can be added once it is known. Whoever finds a mistake tells the author, so "
    "that "
    "the next version has it right. This version replaces every earlier one, and those who have an "
    "older one at hand should read this instead.\n";

/* A part of the prompt; not NUL-terminated. */
struct part {
    const char *text;
    size_t size;
};

/* ---- reading the prompt ------------------------------------------------------------------- */

/* What stands under a heading, up to the next one; empty when that is not there. */
static struct part section(const char *prompt, const char *heading)
{
    const char *start = strstr(prompt, heading);
    if (!start)
        return (struct part){"", 0};
    start += strlen(heading);
    const char *end = strstr(start, "\n## ");
    return (struct part){start, end ? (size_t)(end - start) : strlen(start)};
}

/* The rest of the line behind a label. */
static struct part labelled(const char *prompt, const char *label)
{
    const char *start = strstr(prompt, label);
    if (!start)
        return (struct part){"", 0};
    start += strlen(label);
    return (struct part){start, strcspn(start, "\n")};
}

/* Takes the next `- item` off a list; false at its end. */
static bool next_item(struct part *list, struct part *item)
{
    const char *end = list->text + list->size;
    const char *dash = memmem(list->text, list->size, "- ", 2);
    if (!dash)
        return false;
    item->text = dash + 2;
    const char *line_end = memchr(item->text, '\n', (size_t)(end - item->text));
    if (!line_end)
        line_end = end;
    item->size = (size_t)(line_end - item->text);
    list->text = line_end;
    list->size = (size_t)(end - line_end);
    return true;
}

static bool has(struct part text, struct part what)
{
    return what.size > 0 && memmem(text.text, text.size, what.text, what.size);
}

static bool has_text(struct part text, const char *what)
{
    return has(text, (struct part){what, strlen(what)});
}

/* ---- the writer's prompt ------------------------------------------------------------------ */

static void write_opening(FILE *out, const char *prompt)
{
    struct part title = labelled(prompt, "Title: ");
    struct part kind = labelled(prompt, draft_heading);
    struct part audience = labelled(prompt, "Audience: ");
    fprintf(out, "# %.*s\n\nThis %.*s is for %.*s.\n", (int)title.size, title.text, (int)kind.size,
            kind.text, (int)audience.size, audience.text);
}

static void write_points(FILE *out, const char *prompt, struct part last, struct part review)
{
    struct part points = section(prompt, "## Points\n");
    struct part point;
    int written = 0;
    for (int i = 0; next_item(&points, &point); i++) {
        if (i >= FIRST_DRAFT_POINTS && !has(last, point) && !has(review, point))
            continue;
        const char *before = written++ % POINTS_A_PARAGRAPH == 0 ? "\n" : "";
        fprintf(out, "%s%.*s\n", before, (int)point.size, point.text);
    }
}

static void write_terms(FILE *out, const char *prompt, struct part last, struct part review)
{
    struct part terms = section(prompt, "## Must mention\n");
    struct part term;
    while (next_item(&terms, &term)) {
        char asked[256];
        char sentence[256];
        snprintf(asked, sizeof asked, "Mention: %.*s", (int)term.size, term.text);
        snprintf(sentence, sizeof sentence, "\nSee also: %.*s.\n", (int)term.size, term.text);
        if (has_text(review, asked) || has_text(last, sentence))
            fputs(sentence, out);
    }
}

static void write_draft(FILE *out, const char *prompt)
{
    struct part last = section(prompt, "## Last draft\n");
    struct part review = section(prompt, "## Review\n");
    write_opening(out, prompt);
    write_points(out, prompt, last, review);
    write_terms(out, prompt, last, review);
    bool was_long = has_text(last, closing) && !has_text(review, "Write at most");
    if (was_long || has_text(review, "Write at least"))
        fputs(closing, out);
}

/* ---- the critic's prompt ------------------------------------------------------------------ */

static void write_review(FILE *out, const char *prompt)
{
    struct part findings = section(prompt, "## Findings\n");
    struct part finding;
    int count = 0;
    for (; next_item(&findings, &finding); count++)
        fprintf(out, "- %.*s\n", (int)finding.size, finding.text);
    fputs(count > 0 ? "Keep the rest as it is.\n" : "The draft is ready.\n", out);
}

char *compose(const char *prompt)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    if (!out)
        return NULL;
    if (strncmp(prompt, draft_heading, sizeof draft_heading - 1) == 0)
        write_draft(out, prompt);
    else if (strncmp(prompt, review_heading, sizeof review_heading - 1) == 0)
        write_review(out, prompt);
    else
        fputs("I can write to a brief, or word a review.\n", out);
    fclose(out);
    return text;
}
