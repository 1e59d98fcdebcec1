/* SPDX-License-Identifier: Apache-2.0 */
/* A table on a terminal: the first column on the left, the others on the right, as narrow as what
 * is in them; where they are too wide together, the widest are cut first. Cells are foreign text.
 */
#ifndef COTEL_TOOLS_COTEL_METRICS_TABLE_H
#define COTEL_TOOLS_COTEL_METRICS_TABLE_H

#include "view/text.h"

#include <stdbool.h>
#include <stdio.h>

enum { CT_TABLE_MAX_COLUMNS = 8 };

enum ct_row_style { CT_ROW_STYLE_HEAD, CT_ROW_STYLE_MAIN, CT_ROW_STYLE_DETAIL };

struct ct_table_row {
    enum ct_row_style style;
    struct ct_text cells[CT_TABLE_MAX_COLUMNS]; /* those behind the last one are empty */
};

/* Zeroed is empty. */
struct ct_table {
    struct ct_table_row *rows;
    size_t count;
    size_t capacity;
};

/* An empty row; good until the next. NULL: memory is out. */
struct ct_table_row *ct_table_add(struct ct_table *table, enum ct_row_style style);

/* How wide the first column is by itself. */
size_t ct_table_first_width(const struct ct_table *table);

/* `first_width`: at least so wide is the first column, if there is room. `columns`: of the
 * terminal; 0: as wide as it gets. */
void ct_table_print(const struct ct_table *table, FILE *out, size_t first_width, size_t columns,
                    bool colours);

void ct_table_fini(struct ct_table *table);

#endif
