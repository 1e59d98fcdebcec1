/* SPDX-License-Identifier: Apache-2.0 */
/* What instruments may be called. Descriptions have no rule: any length and any text goes through
 * as it came.
 *
 * Implements: metrics/api.md "Instrument name syntax", "Instrument unit". */
#ifndef COTEL_SRC_SDK_METRICS_VIEW_IDENTITY_H
#define COTEL_SRC_SDK_METRICS_VIEW_IDENTITY_H

#include <stdbool.h>

#include <cotel/attribute.h>

/* A letter, and then up to 254 of letters, digits, and _ . - / */
bool ct_instrument_name_is_valid(cotel_str name);

/* At most 63 characters of ASCII; none is fine too. */
bool ct_instrument_unit_is_valid(cotel_str unit);

/* Names of instruments are the same in upper and lower case of ASCII. */
bool ct_instrument_name_equal(cotel_str a, cotel_str b);

#endif
