/* SPDX-License-Identifier: Apache-2.0 */
/* Finds texts that were seen before. The texts stay where they are, in one ct_prom_text that grows;
 * the index knows where. */
#ifndef COTEL_EXPORTERS_PROMETHEUS_INDEX_H
#define COTEL_EXPORTERS_PROMETHEUS_INDEX_H

#include <stdint.h>

#include "text.h"

/* What ct_prom_index_find() says of a text that was never added. */
#define CT_PROM_NOT_FOUND UINT32_MAX

struct ct_prom_index_entry {
    uint32_t hash;
    uint32_t offset;
    uint32_t size;
    uint32_t number; /* the value, and one; 0: the entry is free */
};

/* Zero-initialise it. */
struct ct_prom_index {
    struct ct_prom_index_entry *entries;
    size_t capacity; /* a power of two */
    size_t used;     /* of the capacity, since it was cleared last */
    size_t count;
};

void ct_prom_index_fini(struct ct_prom_index *index);

/* Forgets every text, and keeps the memory. A good guess how many will be added saves time. */
void ct_prom_index_clear(struct ct_prom_index *index, size_t expected);

/* The value of an equal text of `texts`, or CT_PROM_NOT_FOUND. */
uint32_t ct_prom_index_find(const struct ct_prom_index *index, const struct ct_prom_text *texts,
                            cotel_str text);

/* Adds the `size` bytes at `offset` of `texts`, unless an equal text is there.
 * @return the value that it has now, or CT_PROM_NOT_FOUND when memory is out. */
uint32_t ct_prom_index_add(struct ct_prom_index *index, const struct ct_prom_text *texts,
                           size_t offset, size_t size, uint32_t value);

#endif
