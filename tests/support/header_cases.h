/* SPDX-License-Identifier: Apache-2.0 */
/* Reads the files of tests/spec/data, whose README.md tells the form, a case at a time. What does
 * not have that form fails the test. */
#ifndef COTEL_TESTS_SUPPORT_HEADER_CASES_H
#define COTEL_TESTS_SUPPORT_HEADER_CASES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum { CASE_MAX_LINES = 600, CASE_MAX_TEXT = 64 * 1024 };

/* One line of a case: its word, and the rest without escapes. */
struct case_line {
    const char *word;
    const char *rest;
};

struct header_case {
    const char *name;
    struct case_line lines[CASE_MAX_LINES];
    size_t line_count;
    size_t used;
    char text[CASE_MAX_TEXT]; /* that the pointers above point to */
};

struct case_file {
    FILE *stream;
    const char *path;
    unsigned line_number;
    char *line; /* read already, and of the next case; NULL at the end */
    size_t capacity;
};

void case_file_open(struct case_file *file, const char *folder, const char *name);
void case_file_close(struct case_file *file);

/* False when there is none any more. */
bool case_file_next(struct case_file *file, struct header_case *out);

/* The rest of the first line with that word; `otherwise` when there is none. */
const char *case_text(const struct header_case *c, const char *word, const char *otherwise);

#endif
