/* SPDX-License-Identifier: Apache-2.0 */
/* Texts, each with a number. The texts come from outside, so how they spread over the table hangs
 * on a random number: nobody can choose texts that all fall into one place. */
#ifndef COTEL_TOOLS_COTEL_METRICS_KEYS_H
#define COTEL_TOOLS_COTEL_METRICS_KEYS_H

#include "view/span.h"

#include <stdint.h>

/* Zeroed is empty. */
struct ct_keys {
    struct ct_key *slots;
    size_t capacity; /* a power of two, or 0 */
    size_t count;
    uint64_t secret;
};

/* The number of the text; it is put there with `fresh` if there is none yet, and then has to last
 * as long as the table. The pointer is good until the next one is put. NULL: memory is out. */
size_t *ct_keys_put(struct ct_keys *keys, struct ct_text text, size_t fresh);

/* The number of the text, or NULL. */
const size_t *ct_keys_find(const struct ct_keys *keys, struct ct_text text);

void ct_keys_fini(struct ct_keys *keys);

#endif
