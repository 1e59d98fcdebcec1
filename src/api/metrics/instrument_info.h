/* SPDX-License-Identifier: Apache-2.0 */
/* What an instrument is, as it is asked for and as it is kept. Two that are asked for with the same
 * words are one; whether others are in conflict is the SDK's to say. */
#ifndef COTEL_SRC_API_METRICS_INSTRUMENT_INFO_H
#define COTEL_SRC_API_METRICS_INSTRUMENT_INFO_H

#include "api/meter_provider.h"

/* As the user asks: everything is borrowed. */
struct ct_instrument_wish {
    struct ct_instrument_info info;    /* without `attribute_keys` */
    const char *const *attribute_keys; /* as many as `info` says; NULL: no advice */
};

struct ct_instrument_wish ct_instrument_wish_of(cotel_instrument_kind kind, bool is_double,
                                                const char *name,
                                                const cotel_instrument_options *options);

/* Equal ones have equal hashes. */
uint32_t ct_instrument_wish_hash(const struct ct_instrument_wish *wish);
bool ct_instrument_wish_is(const struct ct_instrument_wish *wish,
                           const struct ct_instrument_info *info);

/* The bytes that a deep copy takes, and the copy, into `block` of that size, aligned for any
 * object. */
size_t ct_instrument_info_size(const struct ct_instrument_wish *wish);
void ct_instrument_info_copy(const struct ct_instrument_wish *wish, void *block,
                             struct ct_instrument_info *to);

#endif
