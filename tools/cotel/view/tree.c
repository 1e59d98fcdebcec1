/* SPDX-License-Identifier: Apache-2.0 */
/* No recursion: a trace may be as deep as it has spans. */
#include "view/tree.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

struct node {
    const struct ct_span *span;
    struct node *parent;
    struct node *first_child;
    struct node *next_sibling;
    bool is_placed;
};

struct builder {
    struct node *nodes;    /* by start */
    struct node **by_id;   /* to find parents */
    struct node **orphans; /* by the parent that is missing, then by start */
    size_t count;
    size_t orphan_count;
    struct ct_tree *tree;
};

static int compare_ids(const uint8_t *a, const uint8_t *b)
{
    return memcmp(a, b, CT_SPAN_ID_SIZE);
}

static int compare_starts(const struct ct_span *a, const struct ct_span *b)
{
    if (a->start_unix_ns != b->start_unix_ns)
        return a->start_unix_ns < b->start_unix_ns ? -1 : 1;
    return compare_ids(a->span_id, b->span_id);
}

static int by_start(const void *a, const void *b)
{
    return compare_starts(((const struct node *)a)->span, ((const struct node *)b)->span);
}

static int by_span_id(const void *a, const void *b)
{
    return compare_ids((*(struct node *const *)a)->span->span_id,
                       (*(struct node *const *)b)->span->span_id);
}

static int by_missing_parent(const void *a, const void *b)
{
    const struct ct_span *left = (*(struct node *const *)a)->span;
    const struct ct_span *right = (*(struct node *const *)b)->span;

    int order = compare_ids(left->parent_span_id, right->parent_span_id);
    return order ? order : compare_starts(left, right);
}

static void collect(struct builder *builder, const struct ct_span_set *spans)
{
    for (size_t i = 0; i < spans->capacity; i++)
        if (spans->slots[i])
            builder->nodes[builder->count++].span = spans->slots[i];
    qsort(builder->nodes, builder->count, sizeof(*builder->nodes), by_start);

    for (size_t i = 0; i < builder->count; i++)
        builder->by_id[i] = &builder->nodes[i];
    qsort(builder->by_id, builder->count, sizeof(struct node *), by_span_id);
}

static struct node *find_parent(const struct builder *builder, const struct ct_span *span)
{
    struct ct_span wanted;
    struct node key = {.span = &wanted};
    struct node *key_pointer = &key;

    memcpy(wanted.span_id, span->parent_span_id, CT_SPAN_ID_SIZE);
    struct node **found =
        bsearch(&key_pointer, builder->by_id, builder->count, sizeof(struct node *), by_span_id);
    return found ? *found : NULL;
}

/* From the last to start to the first, so that adding in front leaves children in order. */
static void join_families(struct builder *builder)
{
    for (size_t i = builder->count; i > 0; i--) {
        struct node *node = &builder->nodes[i - 1];
        if (!node->span->has_parent)
            continue;
        node->parent = find_parent(builder, node->span);
        if (!node->parent) {
            builder->orphans[builder->orphan_count++] = node;
            continue;
        }
        node->next_sibling = node->parent->first_child;
        node->parent->first_child = node;
    }
    qsort(builder->orphans, builder->orphan_count, sizeof(struct node *), by_missing_parent);
}

static void add_row(struct builder *builder, struct ct_row row)
{
    builder->tree->rows[builder->tree->count++] = row;
}

static struct node *first_unplaced(struct node *sibling)
{
    while (sibling && sibling->is_placed)
        sibling = sibling->next_sibling;
    return sibling;
}

static void place(struct builder *builder, struct node *node, size_t depth, bool is_last)
{
    node->is_placed = true;
    add_row(builder, (struct ct_row){CT_ROW_SPAN, node->span, depth, is_last});
}

static void place_family(struct builder *builder, struct node *top, size_t depth, bool is_last)
{
    struct node *node = top;

    place(builder, top, depth, is_last);
    for (;;) {
        struct node *next = first_unplaced(node->first_child);
        if (next)
            depth++;
        while (!next && node != top) {
            next = first_unplaced(node->next_sibling);
            if (!next) {
                node = node->parent;
                depth--;
            }
        }
        if (!next)
            return;
        node = next;
        place(builder, node, depth, !first_unplaced(node->next_sibling));
    }
}

static void place_roots(struct builder *builder)
{
    for (size_t i = 0; i < builder->count; i++)
        if (!builder->nodes[i].span->has_parent)
            place_family(builder, &builder->nodes[i], 0, true);
}

static bool share_a_parent(const struct node *a, const struct node *b)
{
    return compare_ids(a->span->parent_span_id, b->span->parent_span_id) == 0;
}

static void place_orphans(struct builder *builder)
{
    struct node **orphans = builder->orphans;

    for (size_t i = 0; i < builder->orphan_count; i++) {
        bool is_first = i == 0 || !share_a_parent(orphans[i - 1], orphans[i]);
        bool is_last =
            i + 1 == builder->orphan_count || !share_a_parent(orphans[i], orphans[i + 1]);
        if (is_first)
            add_row(builder, (struct ct_row){CT_ROW_PARENT_MISSING, orphans[i]->span, 0, true});
        place_family(builder, orphans[i], 1, is_last);
    }
}

/* What is still left hangs on a ring. It is opened at the span that started first. */
static void place_rings(struct builder *builder)
{
    for (size_t i = 0; i < builder->count; i++) {
        if (builder->nodes[i].is_placed)
            continue;
        add_row(builder, (struct ct_row){CT_ROW_RING, builder->nodes[i].span, 0, true});
        place_family(builder, &builder->nodes[i], 1, true);
    }
}

static bool allocate(struct builder *builder, size_t spans)
{
    builder->nodes = calloc(spans, sizeof(*builder->nodes));
    builder->by_id = calloc(spans, sizeof(struct node *));
    builder->orphans = calloc(spans, sizeof(struct node *));
    builder->tree->rows = calloc(2 * spans, sizeof(struct ct_row)); /* a note each, at worst */
    return builder->nodes && builder->by_id && builder->orphans && builder->tree->rows;
}

bool ct_tree_init(struct ct_tree *tree, const struct ct_span_set *spans)
{
    struct builder builder = {.tree = tree};

    *tree = (struct ct_tree){.span_count = spans->count};
    bool allocated = allocate(&builder, spans->count + 1); /* never of nothing */
    if (allocated) {
        collect(&builder, spans);
        join_families(&builder);
        place_roots(&builder);
        place_orphans(&builder);
        place_rings(&builder);
        assert(tree->count >= tree->span_count);
    } else {
        ct_tree_fini(tree);
    }
    free(builder.nodes);
    free(builder.by_id);
    free(builder.orphans);
    return allocated;
}

void ct_tree_fini(struct ct_tree *tree)
{
    free(tree->rows);
    *tree = (struct ct_tree){0};
}
