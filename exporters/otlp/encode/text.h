/* SPDX-License-Identifier: Apache-2.0 */
/* Words of a peer's, made fit for a line of diagnostics. */
#ifndef COTEL_EXPORTERS_OTLP_ENCODE_TEXT_H
#define COTEL_EXPORTERS_OTLP_ENCODE_TEXT_H

#include <stddef.h>

/* Copies text from outside as one line of printable ASCII, cut to fit: line ends and other controls
 * become spaces, what is not ASCII a question mark. Always ends `out`; capacity is at least 1. */
void ct_otlp_printable(char *out, size_t capacity, const void *text, size_t size);

#endif
