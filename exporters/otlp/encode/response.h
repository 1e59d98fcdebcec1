/* SPDX-License-Identifier: Apache-2.0 */
/* What a peer answers, read with care: it comes from outside. */
#ifndef COTEL_EXPORTERS_OTLP_ENCODE_RESPONSE_H
#define COTEL_EXPORTERS_OTLP_ENCODE_RESPONSE_H

#include "exporters/otlp/signal.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { CT_OTLP_TEXT_SIZE = 192 };

struct ct_otlp_response {
    uint64_t rejected;            /* spans or points that the peer did not take */
    char text[CT_OTLP_TEXT_SIZE]; /* what it says to that, printable; empty: nothing */
};

/* Reads an ExportTraceServiceResponse or its like: those of all signals are the same on the wire.
 * false: it is none (or memory is out); *out is then empty. */
bool ct_otlp_response_read(const void *bytes, size_t size, struct ct_otlp_response *out);

/* The same of one in JSON, where the names differ. Numbers may be strings, as OTLP/JSON has them,
 * or numbers. */
bool ct_otlp_response_read_json(const void *text, size_t size, const struct ct_otlp_signal *signal,
                                struct ct_otlp_response *out);

/* Reads the message of a google.rpc.Status; false: it is none, or it has none. */
bool ct_otlp_status_read(const void *bytes, size_t size, char *text, size_t capacity);

/* The same of one in JSON. */
bool ct_otlp_status_read_json(const void *json, size_t size, char *text, size_t capacity);

#endif
