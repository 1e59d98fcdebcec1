/* SPDX-License-Identifier: Apache-2.0 */
/* The attributes of something, with their values as text. */
#ifndef COTEL_EXPORTERS_PROMETHEUS_PAIRS_H
#define COTEL_EXPORTERS_PROMETHEUS_PAIRS_H

#include "labels.h"

/* Zero-initialise it. */
struct ct_prom_pairs {
    struct ct_prom_pair *items;
    size_t count;
    size_t capacity;
    struct ct_prom_text values; /* those that had to be made into text */
    bool failed;                /* memory was out */
};

void ct_prom_pairs_fini(struct ct_prom_pairs *pairs);

/* Empties them, and keeps the memory. */
void ct_prom_pairs_clear(struct ct_prom_pairs *pairs);

/* Reads attributes in place of what there is; keys and values that are strings stay where they are.
 */
void ct_prom_pairs_read(struct ct_prom_pairs *pairs, cotel_iterator attributes);

/* The same of attributes as they were given. */
void ct_prom_pairs_read_plain(struct ct_prom_pairs *pairs, const cotel_attribute *attributes,
                              size_t count);

/* One more, borrowed. */
void ct_prom_pairs_add(struct ct_prom_pairs *pairs, cotel_str key, cotel_str value);

#endif
