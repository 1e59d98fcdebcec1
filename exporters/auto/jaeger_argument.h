/* SPDX-License-Identifier: Apache-2.0 */
/* OTEL_TRACES_SAMPLER_ARG as the Jaeger remote sampler has it:
 * `endpoint=URL,pollingIntervalMs=NUMBER,initialSamplingRate=RATIO`, in any order, any of them. */
#ifndef COTEL_EXPORTERS_AUTO_JAEGER_ARGUMENT_H
#define COTEL_EXPORTERS_AUTO_JAEGER_ARGUMENT_H

#include <cotel/attribute.h>

struct ct_jaeger_argument {
    bool has_endpoint;
    cotel_str endpoint; /* in the text */
    bool has_polling_interval;
    uint32_t polling_interval_ms; /* not 0 */
    bool has_initial_rate;
    double initial_rate;
};

/* Of several members with one name the last one counts. False when one cannot be used: *wrong is
 * then its name, empty if it has none. */
bool ct_jaeger_argument_read(struct ct_jaeger_argument *argument, cotel_str text, cotel_str *wrong);

#endif
