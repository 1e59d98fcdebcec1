/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers as OTLP/JSON has them: as JSON writes them, and the same in quotes. */
#ifndef COTEL_PROTO_JSON_NUMBER_H
#define COTEL_PROTO_JSON_NUMBER_H

#include <stdbool.h>
#include <stdint.h>

/* Both take a number in JSON's form, NUL-terminated, and return false if it is none or does not fit
 * the type. An integer may be written with an exponent or a point, as long as it is one. In every
 * locale. */
bool ct_json_number_double(const char *text, double *out);
bool ct_json_number_integer(const char *text, int64_t min, uint64_t max, uint64_t *out);

#endif
