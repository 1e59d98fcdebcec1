/* SPDX-License-Identifier: Apache-2.0 */
/* What diagnostics is told of instruments that are registered. With messages held back, since locks
 * are held too. */
#ifndef COTEL_SRC_SDK_METRICS_INSTRUMENT_REPORT_H
#define COTEL_SRC_SDK_METRICS_INSTRUMENT_REPORT_H

#include "sdk/metrics/instrument.h"

/* What is not valid about a new instrument: name, unit, advised boundaries. */
void ct_instrument_report_faults(const struct ct_instrument_info *info);

/* That a name came in another case before. */
void ct_instrument_report_case(const struct ct_sdk_instrument *first,
                               const struct ct_instrument_info *info);

/* That the same instrument came with other advice before. */
void ct_instrument_report_advice(const struct ct_sdk_instrument *first,
                                 const struct ct_instrument_info *info);

/* That a reader gets two streams of one name that differ, through this new instrument, which its
 * meter does not list yet: once, however many there are. */
void ct_instrument_report_conflict(const struct ct_sdk_instrument *instrument);

#endif
