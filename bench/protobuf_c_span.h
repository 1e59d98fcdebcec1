/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COTEL_BENCH_PROTOBUF_C_SPAN_H
#define COTEL_BENCH_PROTOBUF_C_SPAN_H

/* Builds the span of workload.h as protobuf-c structs on the stack, which is the cheapest way, with
 * ids and both times, and packs it. */
void protobuf_c_span(void);

#endif
