/* SPDX-License-Identifier: Apache-2.0 */
/* Text that grows. Failure sticks: once memory was out nothing more is written, and who writes
 * looks at `failed` once. */
#ifndef COTEL_EXPORTERS_PROMETHEUS_TEXT_H
#define COTEL_EXPORTERS_PROMETHEUS_TEXT_H

#include <cotel/attribute.h>

#include "bytes.h"

/* Zero-initialise it. */
struct ct_prom_text {
    char *data; /* not NUL-terminated */
    size_t size;
    size_t capacity;
    bool failed;
};

/* Frees the memory; the text is empty and can be used again. */
void ct_prom_text_fini(struct ct_prom_text *text);

/* Empties it, and keeps its memory. */
static inline void ct_prom_text_clear(struct ct_prom_text *text)
{
    text->size = 0;
    text->failed = false;
}

static inline cotel_str ct_prom_text_str(const struct ct_prom_text *text)
{
    return cotel_str_n(text->data, text->size);
}

/* Grows the memory to hold `more` bytes behind what there is. @return false: it has failed. */
bool ct_prom_text_grow(struct ct_prom_text *text, size_t more);

/* Where `more` bytes, at least one, may be written, for the writer to raise `size` by; NULL: it has
 * failed. */
static inline char *ct_prom_text_room(struct ct_prom_text *text, size_t more)
{
    if ((text->failed || text->capacity - text->size < more) && !ct_prom_text_grow(text, more))
        return NULL;
    return text->data + text->size;
}

static inline void ct_prom_text_put(struct ct_prom_text *text, cotel_str piece)
{
    if (piece.size == 0 || !piece.data)
        return;
    char *at = ct_prom_text_room(text, piece.size);
    if (!at)
        return;
    ct_prom_copy(at, piece.data, piece.size);
    text->size += piece.size;
}

static inline void ct_prom_text_puts(struct ct_prom_text *text, const char *piece)
{
    ct_prom_text_put(text, cotel_str_of(piece));
}

static inline void ct_prom_text_putc(struct ct_prom_text *text, char c)
{
    char *at = ct_prom_text_room(text, 1);
    if (!at)
        return;
    *at = c;
    text->size++;
}

/* With \ and line ends escaped, and double quotes too if `quotes` is set. */
void ct_prom_text_escaped(struct ct_prom_text *text, cotel_str piece, bool quotes);

#endif
