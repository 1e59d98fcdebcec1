/* SPDX-License-Identifier: Apache-2.0 */
/* Callbacks of the user's, for observables of one meter, and where they are enrolled. */
#ifndef COTEL_SRC_API_METRICS_CALLBACK_H
#define COTEL_SRC_API_METRICS_CALLBACK_H

#include "api/metrics/instrument.h"

/* Adds one that is never removed, unless it was added before. */
void ct_callback_add_for_ever(struct ct_instrument *instrument, cotel_observable_callback function,
                              void *user);

/* As those of instruments. A callback begins with its node in the meter's list. */
void ct_callback_bind(cotel_callback *callback, void *provider);
void ct_callback_forget(cotel_callback *callback, const void *provider);

#endif
