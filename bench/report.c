/* SPDX-License-Identifier: Apache-2.0 */
#include "report.h"

#include <stddef.h>
#include <stdio.h>

#define MOST_FIGURES 64

static struct figure {
    const char *key;
    double value;
    const char *unit;
    const char *what;
    const char *mark;
} figures[MOST_FIGURES];

static size_t figure_count;

void report_add(const char *key, double value, const char *unit, const char *what, const char *mark)
{
    if (figure_count < MOST_FIGURES)
        figures[figure_count++] = (struct figure){key, value, unit, what, mark};
}

void report_print(void)
{
    printf("%-22s %14s  %-6s %-22s %s\n", "figure", "median", "unit", "first mark", "work");
    for (size_t i = 0; i < figure_count; i++) {
        const struct figure *figure = &figures[i];
        printf("%-22s %14.*f  %-6s %-22s %s\n", figure->key, figure->value < 1000 ? 2 : 0,
               figure->value, figure->unit, figure->mark != NULL ? figure->mark : "-",
               figure->what);
    }
}

int report_write(const char *path)
{
    FILE *file = fopen(path, "w");
    if (file == NULL)
        return -1;
    fputs("{\n", file);
    for (size_t i = 0; i < figure_count; i++)
        fprintf(file, "  \"%s\": %.3f%s\n", figures[i].key, figures[i].value,
                i + 1 < figure_count ? "," : "");
    fputs("}\n", file);
    return fclose(file);
}
