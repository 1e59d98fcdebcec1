/* SPDX-License-Identifier: Apache-2.0 */
#include "metrics/table.h"

#include <stdlib.h>

enum {
    GAP = 2,
    INDENT = 2,
    CELL_MAX_COLUMNS = 160,
    LONE_MAX_COLUMNS = 1000, /* of a cell with nothing to the right of it */
    NARROWEST = 8,
    FIRST_CAPACITY = 32
};

#define BOLD "\033[1m"
#define DIM "\033[2m"
#define PLAIN "\033[0m"

struct ct_table_row *ct_table_add(struct ct_table *table, enum ct_row_style style)
{
    if (table->count == table->capacity) {
        size_t capacity = table->capacity ? 2 * table->capacity : FIRST_CAPACITY;
        struct ct_table_row *grown = reallocarray(table->rows, capacity, sizeof(*grown));
        if (!grown)
            return NULL;
        table->rows = grown;
        table->capacity = capacity;
    }
    struct ct_table_row *row = &table->rows[table->count++];
    *row = (struct ct_table_row){.style = style};
    return row;
}

static size_t indent_of(const struct ct_table_row *row, size_t column)
{
    return column == 0 && row->style == CT_ROW_STYLE_DETAIL ? INDENT : 0;
}

static bool is_last(const struct ct_table_row *row, size_t column)
{
    for (size_t i = column + 1; i < CT_TABLE_MAX_COLUMNS; i++)
        if (row->cells[i].size > 0)
            return false;
    return true;
}

static size_t width_of(const struct ct_table *table, size_t column)
{
    size_t width = 0;

    for (size_t i = 0; i < table->count; i++) {
        const struct ct_table_row *row = &table->rows[i];
        if (row->cells[column].size == 0 || is_last(row, 0))
            continue; /* what stands alone goes on as far as there is room */
        size_t own =
            indent_of(row, column) + ct_text_print(NULL, row->cells[column], CELL_MAX_COLUMNS);
        if (own > width)
            width = own;
    }
    return width;
}

size_t ct_table_first_width(const struct ct_table *table)
{
    return width_of(table, 0);
}

static size_t total(const size_t widths[CT_TABLE_MAX_COLUMNS])
{
    size_t sum = 0;

    for (size_t i = 0; i < CT_TABLE_MAX_COLUMNS; i++)
        sum += widths[i] ? widths[i] + (i > 0 ? GAP : 0) : 0;
    return sum;
}

static void cut_widest(size_t widths[CT_TABLE_MAX_COLUMNS], size_t columns)
{
    for (size_t sum = total(widths); sum > columns; sum--) {
        size_t widest = 0;
        for (size_t i = 1; i < CT_TABLE_MAX_COLUMNS; i++)
            if (widths[i] > widths[widest])
                widest = i;
        if (widths[widest] <= NARROWEST)
            return;
        widths[widest]--;
    }
}

static void put_spaces(FILE *out, size_t count)
{
    fprintf(out, "%*s", (int)count, "");
}

static void put_cell(FILE *out, const struct ct_table_row *row, size_t column, size_t width)
{
    size_t indent = indent_of(row, column);
    size_t room = width > indent ? width - indent : 0;
    size_t used = ct_text_print(NULL, row->cells[column], room);

    put_spaces(out, indent + (column > 0 ? GAP + width - used : 0));
    (void)ct_text_print(out, row->cells[column], room);
    if (column == 0 && !is_last(row, 0))
        put_spaces(out, room - used);
}

static void put_row(FILE *out, const struct ct_table_row *row,
                    const size_t widths[CT_TABLE_MAX_COLUMNS], size_t lone_width, bool colours)
{
    static const char *const styles[] = {
        [CT_ROW_STYLE_HEAD] = DIM, [CT_ROW_STYLE_MAIN] = BOLD, [CT_ROW_STYLE_DETAIL] = DIM};

    for (size_t i = 0; i < CT_TABLE_MAX_COLUMNS; i++) {
        bool is_styled = colours && (i == 0 || row->style == CT_ROW_STYLE_HEAD);
        if (widths[i] == 0 || (i > 0 && is_last(row, i - 1)))
            continue;
        fputs(is_styled ? styles[row->style] : "", out);
        put_cell(out, row, i, is_last(row, 0) ? lone_width : widths[i]);
        fputs(is_styled ? PLAIN : "", out);
    }
    fputc('\n', out);
}

void ct_table_print(const struct ct_table *table, FILE *out, size_t first_width, size_t columns,
                    bool colours)
{
    size_t widths[CT_TABLE_MAX_COLUMNS];

    for (size_t i = 0; i < CT_TABLE_MAX_COLUMNS; i++)
        widths[i] = width_of(table, i);
    if (widths[0] < first_width)
        widths[0] = first_width;
    if (columns > 0)
        cut_widest(widths, columns);
    for (size_t i = 0; i < table->count; i++)
        put_row(out, &table->rows[i], widths, columns ? columns : LONE_MAX_COLUMNS, colours);
}

void ct_table_fini(struct ct_table *table)
{
    free(table->rows);
    *table = (struct ct_table){0};
}
