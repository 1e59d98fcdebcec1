/* SPDX-License-Identifier: Apache-2.0 */
/* Which attributes of a measurement a stream keeps: those of a list, or all but those of a list.
 * Asked for each attribute that is recorded, so it is one table, however many lists it was made of.
 * Immutable: any thread, without a lock. */
#ifndef COTEL_SRC_SDK_METRICS_VIEW_KEY_FILTER_H
#define COTEL_SRC_SDK_METRICS_VIEW_KEY_FILTER_H

#include <stdbool.h>

#include <cotel/attribute.h>

struct ct_key_filter;

/* What a filter does with the keys that it lists. */
enum ct_key_filter_mode {
    CT_KEYS_ONLY_LISTED,
    CT_KEYS_ALL_BUT_LISTED,
};

/* A filter of these keys, which are copied; one may be there twice. NULL when memory is out. */
struct ct_key_filter *ct_key_filter_create(enum ct_key_filter_mode mode, const cotel_str *keys,
                                           size_t count);

/* A filter that keeps what all of these keep; at least one. NULL as above. */
struct ct_key_filter *ct_key_filter_all_of(const struct ct_key_filter *const *filters,
                                           size_t count);

/* Takes NULL. */
void ct_key_filter_destroy(struct ct_key_filter *filter);

/* Whether both were made of the same keys in the same way. */
bool ct_key_filter_equal(const struct ct_key_filter *a, const struct ct_key_filter *b);

/* Whether the attribute with this key stays. A NULL filter keeps all. */
bool ct_key_filter_keeps(const struct ct_key_filter *filter, cotel_str key);

#endif
