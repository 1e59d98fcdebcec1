/* SPDX-License-Identifier: Apache-2.0 */
/* Zipkin's B3: github.com/openzipkin/b3-propagation. The same in one header or in several.
 *
 * The sampling decision may be deferred to the receiver, which OpenTelemetry's one bit cannot say.
 * It is read as "not sampled", as in most other languages (Go, Java, JavaScript), so that one trace
 * is not sampled by some of its services only; and, as in Go, handed on as deferred by a program
 * that starts no span of its own. A decision without ids, such as `b3: 0`, is valid and has no
 * place in a context: it says nothing here. Upper-case ids, which the format does not know, are
 * read all the same; what is written is lower-case. */
#ifndef COTEL_SRC_API_PROPAGATION_B3_H
#define COTEL_SRC_API_PROPAGATION_B3_H

#include <cotel/propagation.h>
#include <cotel/trace.h>

#include "api/propagation/trace_mark.h"

enum ct_b3_found { CT_B3_NOTHING, CT_B3_SPAN, CT_B3_MALFORMED };

struct ct_b3 {
    cotel_span span; /* ids and flags only */
    enum ct_trace_mark mark;
};

/* Each reads its form. *b3 is good when it is CT_B3_SPAN. */
enum ct_b3_found ct_b3_read_single(struct ct_b3 *b3, const cotel_getter *getter, void *carrier);
enum ct_b3_found ct_b3_read_multi(struct ct_b3 *b3, const cotel_getter *getter, void *carrier);

/* Each writes its form; ids that are valid, and the flags. */
void ct_b3_write_single(const struct ct_b3 *b3, const cotel_setter *setter, void *carrier);
void ct_b3_write_multi(const struct ct_b3 *b3, const cotel_setter *setter, void *carrier);

/* The header that ct_b3_write_single() sets, and those that ct_b3_write_multi() may set. */
const char *ct_b3_field_single(const cotel_propagator *self, size_t index);
const char *ct_b3_field_multi(const cotel_propagator *self, size_t index);

/* Both ids; false when one is malformed. They have to have a full length. */
bool ct_b3_read_ids(struct ct_b3 *b3, cotel_str trace_id, cotel_str span_id);

#endif
