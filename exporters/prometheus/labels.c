/* SPDX-License-Identifier: Apache-2.0 */
#include "labels.h"

#include "shape.h"

void ct_prom_labels_clear(struct ct_prom_labels *labels)
{
    for (size_t i = 0; i < CT_PROM_SHAPES; i++) {
        ct_prom_shape_destroy(labels->shapes[i]);
        labels->shapes[i] = NULL;
    }
}

void ct_prom_labels_put_name(struct ct_prom_text *out, cotel_str name, bool is_plain)
{
    if (is_plain) {
        ct_prom_text_put(out, name);
        return;
    }
    ct_prom_text_putc(out, '"');
    ct_prom_text_escaped(out, name, true);
    ct_prom_text_putc(out, '"');
}

static bool fits(const struct ct_prom_shape *shape, const struct ct_prom_labels *labels,
                 const struct ct_prom_pair *pairs, size_t count)
{
    if (shape->key_count != count || shape->scope != labels->scope ||
        shape->reserved != labels->reserved)
        return false;
    for (size_t i = 0; i < count; i++) {
        const struct ct_prom_shape_key *key = &shape->keys[i];
        if (key->size != pairs[i].key.size || key->has_value != (pairs[i].value.size > 0) ||
            !ct_prom_equal(shape->texts.data + key->begin, pairs[i].key.data, key->size))
            return false;
    }
    return true;
}

/* Moves the index-th shape to the front. */
static void move_to_front(struct ct_prom_labels *labels, size_t index)
{
    struct ct_prom_shape *shape = labels->shapes[index];
    memmove(labels->shapes + 1, labels->shapes, index * sizeof *labels->shapes);
    labels->shapes[0] = shape;
}

static const struct ct_prom_shape *shape_of(struct ct_prom_labels *labels,
                                            const struct ct_prom_pair *pairs, size_t count)
{
    for (size_t i = 0; i < CT_PROM_SHAPES && labels->shapes[i]; i++)
        if (fits(labels->shapes[i], labels, pairs, count)) {
            if (i > 0)
                move_to_front(labels, i);
            return labels->shapes[0];
        }
    struct ct_prom_shape *shape = ct_prom_shape_create(labels, pairs, count);
    if (!shape)
        return NULL;
    ct_prom_shape_destroy(labels->shapes[CT_PROM_SHAPES - 1]);
    labels->shapes[CT_PROM_SHAPES - 1] = shape;
    move_to_front(labels, CT_PROM_SHAPES - 1);
    return shape;
}

void ct_prom_labels_put(struct ct_prom_labels *labels, struct ct_prom_text *out,
                        const struct ct_prom_pair *pairs, size_t count)
{
    const struct ct_prom_shape *shape = shape_of(labels, pairs, count);
    if (!shape) {
        out->failed = true;
        return;
    }
    const char *texts = shape->texts.data;
    for (size_t i = 0; i < shape->slot_count; i++) {
        const struct ct_prom_slot *slot = &shape->slots[i];
        ct_prom_text_put(out, cotel_str_n(texts + slot->begin, slot->size));
        ct_prom_text_escaped(out, pairs[slot->attribute].value, true);
    }
    if (shape->tail_size > 0)
        ct_prom_text_put(out, cotel_str_n(texts + shape->tail_begin, shape->tail_size));
}
