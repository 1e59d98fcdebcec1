/* SPDX-License-Identifier: Apache-2.0 */
/* Jaeger's own format: www.jaegertracing.io/docs/1.21/client-libraries, "Propagation Format". Its
 * clients are gone, and OpenTelemetry calls it deprecated; services that still speak it are not. */
#ifndef COTEL_SRC_API_PROPAGATION_JAEGER_H
#define COTEL_SRC_API_PROPAGATION_JAEGER_H

#include <cotel/propagation.h>
#include <cotel/trace.h>

#include "api/propagation/trace_mark.h"

/* trace id ":" span id ":0:" flags, without a NUL */
#define CT_JAEGER_ID_SIZE 53

/* Reads the value of `uber-trace-id`. False, with *span undefined, when it is not valid. */
bool ct_jaeger_id_parse(cotel_str header, cotel_span *span, enum ct_trace_mark *mark);

/* Writes one. The ids are valid. */
void ct_jaeger_id_format(const cotel_span *span, enum ct_trace_mark mark,
                         char out[CT_JAEGER_ID_SIZE]);

/* Sets `uberctx-NAME` for each entry of the context's baggage. */
void ct_jaeger_baggage_inject(const cotel_context *context, const cotel_setter *setter,
                              void *carrier);

/* A context like `context`, to whose baggage that of the carrier was added, as a new reference. */
cotel_context *ct_jaeger_baggage_extract(const cotel_context *context, const cotel_getter *getter,
                                         void *carrier);

/* The index-th header of baggage, as in extra_field() of a propagator. */
const char *ct_jaeger_baggage_field(const cotel_propagator *self, size_t index);

#endif
