/* SPDX-License-Identifier: Apache-2.0 */
/* The parts of JSON that values are made of. */
#ifndef COTEL_EXPORTERS_PROMETHEUS_JSON_H
#define COTEL_EXPORTERS_PROMETHEUS_JSON_H

#include <stdint.h>

#include "text.h"

/* As deep as the SDK ever stores them; it bounds the recursion on values of another origin. */
#define CT_PROM_MAX_DEPTH 64

/* In quotes, with what JSON wants escaped. */
void ct_prom_json_string(struct ct_prom_text *out, cotel_str text);

void ct_prom_json_bool(struct ct_prom_text *out, bool value);

/* What JSON has no number for is its name; inside of something else, in quotes. */
void ct_prom_json_double(struct ct_prom_text *out, double number, bool is_nested);

/* Base64, without quotes. */
void ct_prom_json_base64(struct ct_prom_text *out, cotel_str bytes);

#endif
