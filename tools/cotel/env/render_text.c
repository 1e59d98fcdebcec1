/* SPDX-License-Identifier: Apache-2.0 */
/* A table for people. A column is as wide as its widest cell, up to a bound that a long value may
 * break, since nothing is cut off. What a cell lacks is a dash. */
#include "env/render.h"

#include "view/text.h"

#include <stdint.h>
#include <string.h>
#include <unistd.h>

enum { COLUMNS = 5, WIDEST_CELL = 60, GAP = 2 };

struct row {
    const char *cells[COLUMNS];
};

struct table {
    bool of_unread;
    bool only_set;
    size_t rows;
    size_t widths[COLUMNS];
};

static const struct row heads = {{"VARIABLE", "VALUE", "FROM", "DEFAULT", "SETS"}};

/* The general variable is told by its name. */
static const char *source_of(const cotel_env_variable *variable)
{
    return variable->source == COTEL_ENV_GENERAL ? variable->decided_by
                                                 : ct_env_source_name(variable->source);
}

static struct row row_of(const cotel_env_variable *variable)
{
    return (struct row){{variable->name, variable->value, source_of(variable),
                         variable->default_value, variable->goes_to}};
}

static size_t put(FILE *out, const char *cell)
{
    return ct_text_print(out, ct_text_of(*cell ? cell : "-"), SIZE_MAX);
}

static void widen(struct table *table, const struct row *row)
{
    for (size_t i = 0; i < COLUMNS; i++) {
        size_t width = put(NULL, row->cells[i]);
        if (width > table->widths[i])
            table->widths[i] = width < WIDEST_CELL ? width : WIDEST_CELL;
    }
}

static void put_row(FILE *out, const struct table *table, const struct row *row)
{
    for (size_t i = 0; i < COLUMNS; i++) {
        size_t width = put(out, row->cells[i]);
        bool is_last = i + 1 == COLUMNS;
        size_t wanted = table->widths[i] + GAP;
        fprintf(out, "%*s", is_last ? 0 : (int)(width < wanted ? wanted - width : GAP), "");
    }
    fputc('\n', out);
}

static bool next(const struct table *table, size_t *index, cotel_env_variable *variable)
{
    while (ct_env_next(index, table->only_set, variable))
        if ((variable->source == COTEL_ENV_NOT_READ) == table->of_unread)
            return true;
    return false;
}

static void measure(struct table *table)
{
    cotel_env_variable variable;

    widen(table, &heads);
    for (size_t i = 0; next(table, &i, &variable); table->rows++) {
        struct row row = row_of(&variable);
        widen(table, &row);
    }
}

static void put_note(FILE *out, const cotel_env_variable *variable)
{
    if (!variable->note[0])
        return;
    fputs("  ", out);
    put(out, variable->note);
    fputc('\n', out);
}

static void put_table(FILE *out, const struct table *table)
{
    cotel_env_variable variable;

    put_row(out, table, &heads);
    for (size_t i = 0; next(table, &i, &variable);) {
        struct row row = row_of(&variable);
        put_row(out, table, &row);
        put_note(out, &variable);
    }
}

static bool is_known(const char *setting)
{
    cotel_env_variable variable;

    for (size_t i = 0; ct_env_next(&i, false, &variable);) {
        size_t size = strlen(variable.name);
        if (strncmp(setting, variable.name, size) == 0 && setting[size] == '=')
            return true;
    }
    return false;
}

/* Their values are not shown: any of them may be a secret. */
static size_t put_unknown(FILE *out)
{
    size_t count = 0;

    for (char **setting = environ; *setting; setting++) {
        if (strncmp(*setting, "OTEL_", 5) != 0 || is_known(*setting))
            continue;
        fputs(count++ == 0 ? "\nset, and nothing that cotel knows:" : "", out);
        fputc(' ', out);
        ct_text_print(out, (struct ct_text){*setting, strcspn(*setting, "=")}, SIZE_MAX);
    }
    fputs(count > 0 ? "\n" : "", out);
    return count;
}

bool ct_env_render_text(FILE *out, bool only_set)
{
    struct table read = {.only_set = only_set};
    struct table unread = {.only_set = only_set, .of_unread = true};

    measure(&read);
    measure(&unread);
    if (read.rows > 0)
        put_table(out, &read);
    if (read.rows > 0 && unread.rows > 0)
        fputc('\n', out);
    if (unread.rows > 0)
        put_table(out, &unread);
    return read.rows + unread.rows + put_unknown(out) > 0;
}
