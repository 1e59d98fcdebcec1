/* SPDX-License-Identifier: Apache-2.0 */
/* The spans of a trace as the rows of a tree, top to bottom. Nothing that a sender claims about
 * parents breaks it: a span whose parent is not there stands under a note that says so, and so does
 * a ring of spans that are each other's parents. Every span has exactly one row. */
#ifndef COTEL_TOOLS_COTEL_VIEW_TREE_H
#define COTEL_TOOLS_COTEL_VIEW_TREE_H

#include "view/span_set.h"

enum ct_row_kind {
    CT_ROW_SPAN,
    CT_ROW_PARENT_MISSING, /* the rows under it have a parent that did not come */
    CT_ROW_RING            /* the rows under it are parents of each other */
};

struct ct_row {
    enum ct_row_kind kind;
    const struct ct_span *span; /* in a note: its first one */
    size_t depth;               /* 0: a root or a note */
    bool is_last;               /* among those with the same parent */
};

struct ct_tree {
    struct ct_row *rows;
    size_t count;
    size_t span_count;
};

/* Children in the order of their start. False when memory is out; then there is nothing to fini. */
bool ct_tree_init(struct ct_tree *tree, const struct ct_span_set *spans);
void ct_tree_fini(struct ct_tree *tree);

#endif
