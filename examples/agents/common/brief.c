/* SPDX-License-Identifier: Apache-2.0 */
#include "common/brief.h"

#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LINE_MAX_BYTES 2048

static char *trim(char *text)
{
    while (isspace((unsigned char)*text))
        text++;
    size_t size = strlen(text);
    while (size > 0 && isspace((unsigned char)text[size - 1]))
        text[--size] = '\0';
    return text;
}

static bool set_words(json_t *brief, const char *value)
{
    char *end;
    long low = strtol(value, &end, 10);
    if (end == value || *end != '-')
        return false;
    const char *rest = end + 1;
    long high = strtol(rest, &end, 10);
    if (end == rest || *end || low < 0 || high < low)
        return false;
    json_object_set_new(brief, "min_words", json_integer(low));
    json_object_set_new(brief, "max_words", json_integer(high));
    return true;
}

static bool set_threshold(json_t *brief, const char *value)
{
    char *end;
    double threshold = strtod(value, &end);
    if (end == value || *end || !(threshold >= 0 && threshold <= 1))
        return false;
    json_object_set_new(brief, "threshold", json_real(threshold));
    return true;
}

static bool set_required(json_t *brief, char *value)
{
    char *rest = NULL;
    for (char *term = strtok_r(value, ",", &rest); term; term = strtok_r(NULL, ",", &rest))
        json_array_append_new(json_object_get(brief, "required"), json_string(trim(term)));
    return true;
}

static bool set_field(json_t *brief, const char *name, char *value)
{
    static const struct {
        const char *name;
        const char *key;
    } texts[] = {{"Title", "title"}, {"Kind", "kind"}, {"Audience", "audience"}};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        if (strcmp(name, texts[i].name) == 0)
            return json_object_set_new(brief, texts[i].key, json_string(value)) == 0;
    if (strcmp(name, "Words") == 0)
        return set_words(brief, value);
    if (strcmp(name, "Threshold") == 0)
        return set_threshold(brief, value);
    if (strcmp(name, "Require") == 0)
        return set_required(brief, value);
    return strcmp(name, "Points") == 0; /* only announces them */
}

static bool take_line(json_t *brief, char *line)
{
    char *text = trim(line);
    if (*text == '\0' || *text == '#')
        return true;
    if (*text == '-')
        return json_array_append_new(json_object_get(brief, "points"),
                                     json_string(trim(text + 1))) == 0;
    char *colon = strchr(text, ':');
    if (!colon)
        return false;
    *colon = '\0';
    return set_field(brief, text, trim(colon + 1));
}

static bool take_lines(json_t *brief, FILE *file, const char *path)
{
    char line[LINE_MAX_BYTES];
    for (int number = 1; fgets(line, sizeof line, file); number++) {
        if (!take_line(brief, line)) {
            fprintf(stderr, "%s:%d: not a line of a brief\n", path, number);
            return false;
        }
    }
    if (*brief_text(brief, "title") && json_array_size(json_object_get(brief, "points")) > 0)
        return true;
    fprintf(stderr, "%s: a brief needs a title and points\n", path);
    return false;
}

json_t *brief_load(const char *path)
{
    FILE *file = fopen(path, "r");
    if (!file) {
        fprintf(stderr, "%s: %s\n", path, strerror(errno));
        return NULL;
    }
    json_t *brief =
        json_pack("{s:s, s:s, s:i, s:i, s:f, s:[], s:[]}", "kind", "text", "audience", "everybody",
                  "min_words", 0, "max_words", 1000, "threshold", 0.8, "points", "required");
    bool taken = brief && take_lines(brief, file, path);
    fclose(file);
    if (taken)
        return brief;
    json_decref(brief);
    return NULL;
}

const char *brief_text(const json_t *brief, const char *key)
{
    const char *text = json_string_value(json_object_get(brief, key));
    return text ? text : "";
}

double brief_number(const json_t *brief, const char *key)
{
    return json_number_value(json_object_get(brief, key));
}
