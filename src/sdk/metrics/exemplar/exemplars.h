/* SPDX-License-Identifier: Apache-2.0 */
/* The exemplars of one series: a reservoir, which chooses, and the places that it chooses from.
 *
 * Measurements are offered, and exemplars taken, under the series' spin lock; so all memory is
 * there from the start, and a place has a fixed room for attributes. */
#ifndef COTEL_SRC_SDK_METRICS_EXEMPLAR_EXEMPLARS_H
#define COTEL_SRC_SDK_METRICS_EXEMPLAR_EXEMPLARS_H

#include <cotel/sdk/exemplar.h>

#include "base/buffer.h"

struct ct_key_filter; /* sdk/metrics/view/key_filter.h */
struct ct_exemplars;

/* Room for the attributes of one exemplar, in bytes of their message. One that does not fit any
 * more is left out whole. */
#define CT_EXEMPLAR_ATTRIBUTE_BYTES 512

/* Of more attributes in a measurement, only the last ones are looked at. */
#define CT_EXEMPLAR_MAX_ATTRIBUTES 128

/* `keeps_attributes`: the stream leaves out attributes, so there is something to keep.
 * @return NULL when the factory makes no reservoir, or none that can be used, or memory is out:
 *         then the series has no exemplars. */
struct ct_exemplars *ct_exemplars_create(const cotel_exemplar_reservoir_factory *factory,
                                         bool keeps_attributes);

/* Offers a measurement; if the reservoir wants it, it gets the attributes that `filter` (NULL:
 * keeps all) leaves out of the stream. Under the lock: never allocates, never blocks. */
void ct_exemplars_offer(struct ct_exemplars *exemplars, const cotel_measurement *measurement,
                        const struct ct_key_filter *filter);

/* The most that ct_exemplars_take() appends, which never changes. To be reserved in the buffer
 * before the lock is taken. */
size_t ct_exemplars_most_bytes(const struct ct_exemplars *exemplars);

/* Appends what is kept as Exemplar messages in field `field`, and begins another collection. Under
 * the lock: `out` has room for ct_exemplars_most_bytes(), so nothing is allocated. */
void ct_exemplars_take(struct ct_exemplars *exemplars, uint32_t field, struct ct_buffer *out);

/* Takes NULL. */
void ct_exemplars_destroy(struct ct_exemplars *exemplars);

#endif
