/* SPDX-License-Identifier: Apache-2.0 */
/* Walks attributes so that each key comes once: at its first place, with its last value, as if they
 * had been set one by one. Keys that only differ in what is not UTF-8 are the same, since they are
 * stored repaired. Empty keys are passed over and counted.
 *
 * The few attributes of an ordinary map are compared with each other; many are found through a
 * table, so that a map of a hundred thousand keys does not hold its caller up. */
#ifndef COTEL_SRC_WIRE_UNIQUE_KEYS_H
#define COTEL_SRC_WIRE_UNIQUE_KEYS_H

#include <cotel/attribute.h>

/* Up to here pairs are compared. */
#define CT_UNIQUE_KEYS_COMPARED 32

struct ct_unique_keys {
    const cotel_attribute *items;
    size_t count;
    size_t at;
    uint32_t empty_keys;
    bool has_broken_keys; /* some are not UTF-8 */
    uint32_t *last; /* NULL, or an open-addressed table of 1 + the last index of each key, which
                       has its highest bit set once the key has come */
    size_t mask;
};

/* Never fails: without memory for a table the pairs are compared. */
void ct_unique_keys_begin(struct ct_unique_keys *unique, const cotel_attribute *items,
                          size_t count);

/* NULL at the end. */
const cotel_attribute *ct_unique_keys_next(struct ct_unique_keys *unique);

void ct_unique_keys_end(struct ct_unique_keys *unique);

#endif
