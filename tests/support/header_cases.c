/* SPDX-License-Identifier: Apache-2.0 */
#include "header_cases.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

static const char *const words[] = {">",     "bytes",    "calls", "entry",
                                    "flags", "property", "trace", "tracestate"};

static void refuse(const struct case_file *file, const char *why)
{
    fail_msg("%s:%u: %s", file->path, file->line_number, why);
}

/* Reads up to the next line that says something. */
static void read_line(struct case_file *file)
{
    ssize_t size;
    do {
        size = getline(&file->line, &file->capacity, file->stream);
        file->line_number++;
    } while (size > 0 && (file->line[0] == '\n' || file->line[0] == '#'));
    if (size <= 0) {
        free(file->line);
        file->line = NULL;
        return;
    }
    file->line[strcspn(file->line, "\n")] = '\0';
}

void case_file_open(struct case_file *file, const char *folder, const char *name)
{
    char path[4096];
    int size = snprintf(path, sizeof path, "%s/%s", folder, name);
    assert_true(size > 0 && (size_t)size < sizeof path);
    *file = (struct case_file){.stream = fopen(path, "r"), .path = name};
    if (!file->stream)
        fail_msg("%s cannot be read", path);
    read_line(file);
}

void case_file_close(struct case_file *file)
{
    free(file->line);
    assert_int_equal(fclose(file->stream), 0);
}

static void append(struct case_file *file, struct header_case *c, const char *text, size_t size)
{
    if (size > sizeof c->text - c->used)
        refuse(file, "the case is too long");
    memcpy(c->text + c->used, text, size);
    c->used += size;
}

/* \(N TEXT): returns what stands behind it. */
static const char *append_repeated(struct case_file *file, struct header_case *c, const char *from)
{
    char *text;
    unsigned long count = strtoul(from, &text, 10);
    const char *end = strchr(text, ')');
    if (*text != ' ' || !end)
        refuse(file, "a repetition is \\(N TEXT)");
    text++;
    while (count-- > 0)
        append(file, c, text, (size_t)(end - text));
    return end + 1;
}

/* \xHH: returns what stands behind it. */
static const char *append_byte(struct case_file *file, struct header_case *c, const char *from)
{
    if (!isxdigit((unsigned char)from[0]) || !isxdigit((unsigned char)from[1]))
        refuse(file, "a byte is \\xHH");
    const char digits[] = {from[0], from[1], '\0'};
    char byte = (char)strtoul(digits, NULL, 16);
    append(file, c, &byte, 1);
    return from + 2;
}

/* What stands behind a backslash: returns what follows it. */
static const char *append_escape(struct case_file *file, struct header_case *c, const char *from)
{
    switch (*from) {
    case 's':
        append(file, c, " ", 1);
        return from + 1;
    case 't':
        append(file, c, "\t", 1);
        return from + 1;
    case '\\':
        append(file, c, "\\", 1);
        return from + 1;
    case 'x':
        return append_byte(file, c, from + 1);
    case '(':
        return append_repeated(file, c, from + 1);
    default:
        refuse(file, "an escape that is not known");
        return from;
    }
}

static const char *unescape(struct case_file *file, struct header_case *c, const char *from)
{
    const char *text = c->text + c->used;
    while (*from) {
        size_t plain = strcspn(from, "\\");
        append(file, c, from, plain);
        from += plain;
        if (*from)
            from = append_escape(file, c, from + 1);
    }
    append(file, c, "", 1);
    return text;
}

/* One of `words`, so that it lives as long as the program. */
static const char *known_word(struct case_file *file, const char *word, size_t size)
{
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (strlen(words[i]) == size && memcmp(words[i], word, size) == 0)
            return words[i];
    }
    refuse(file, "a word that is not known");
    return NULL;
}

static void add_line(struct case_file *file, struct header_case *c)
{
    size_t size = strcspn(file->line, " ");
    if (c->line_count == CASE_MAX_LINES)
        refuse(file, "the case has too many lines");
    struct case_line *line = &c->lines[c->line_count++];
    line->word = known_word(file, file->line, size);
    line->rest = unescape(file, c, file->line + size + (file->line[size] == ' '));
}

static bool begins_case(const char *line)
{
    return strncmp(line, "case ", strlen("case ")) == 0;
}

bool case_file_next(struct case_file *file, struct header_case *out)
{
    if (!file->line)
        return false;
    if (!begins_case(file->line))
        refuse(file, "a line before the first case");
    out->line_count = out->used = 0;
    out->name = unescape(file, out, file->line + strlen("case "));
    for (read_line(file); file->line && !begins_case(file->line); read_line(file))
        add_line(file, out);
    return true;
}

const char *case_text(const struct header_case *c, const char *word, const char *otherwise)
{
    for (size_t i = 0; i < c->line_count; i++) {
        if (strcmp(c->lines[i].word, word) == 0)
            return c->lines[i].rest;
    }
    return otherwise;
}
