/* SPDX-License-Identifier: Apache-2.0 */
#include "writer/prompt.h"
#include "common/brief.h"

#include <stdio.h>

const char writer_instructions[] =
    "You are a technical writer. Write the text that the brief asks for, and nothing else. "
    "State facts from the brief only. If there is a review, do all that it asks.";

static void print_list(FILE *out, const char *heading, const json_t *items)
{
    size_t index;
    json_t *item;
    if (json_array_size(items) == 0)
        return;
    fprintf(out, "\n## %s\n", heading);
    json_array_foreach(items, index, item) fprintf(out, "- %s\n", json_string_value(item));
}

static void print_text(FILE *out, const char *heading, const char *text)
{
    if (*text)
        fprintf(out, "\n## %s\n%s\n", heading, text);
}

char *writer_prompt(const json_t *task)
{
    const json_t *brief = json_object_get(task, "brief");
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    if (!out)
        return NULL;
    fprintf(out, "# Write: %s\nTitle: %s\nAudience: %s\nWords: %.0f to %.0f\n",
            brief_text(brief, "kind"), brief_text(brief, "title"), brief_text(brief, "audience"),
            brief_number(brief, "min_words"), brief_number(brief, "max_words"));
    print_list(out, "Points", json_object_get(brief, "points"));
    print_list(out, "Must mention", json_object_get(brief, "required"));
    print_text(out, "Last draft", brief_text(task, "draft"));
    print_text(out, "Review", brief_text(task, "review"));
    fclose(out);
    return text;
}
