/* SPDX-License-Identifier: Apache-2.0 */
/* The `traceparent` header: W3C Trace Context Level 2, section 3.2. */
#ifndef COTEL_SRC_API_PROPAGATION_TRACECONTEXT_H
#define COTEL_SRC_API_PROPAGATION_TRACECONTEXT_H

#include <cotel/trace.h>

/* Without a NUL. */
#define CT_TRACEPARENT_SIZE 55

/* Reads a header value. False, with *span undefined, when it is not valid. */
bool ct_traceparent_parse(cotel_str header, cotel_span *span);

/* Writes version 00. The ids are valid. */
void ct_traceparent_format(const cotel_span *span, char out[CT_TRACEPARENT_SIZE]);

#endif
