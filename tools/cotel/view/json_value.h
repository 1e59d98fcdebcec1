/* SPDX-License-Identifier: Apache-2.0 */
/* Attribute values as JSON. All return a new reference, or NULL when memory is out; jansson's
 * setters take NULL and fail, so a caller needs to look only at its last step. */
#ifndef COTEL_TOOLS_COTEL_VIEW_JSON_VALUE_H
#define COTEL_TOOLS_COTEL_VIEW_JSON_VALUE_H

#include "view/span.h"

#include <jansson.h>

json_t *ct_json_text(struct ct_text text);
json_t *ct_json_hex(const uint8_t *bytes, size_t size);

/* A number, and in the unheard-of case of one above 2^63 - 1 its digits as a string. */
json_t *ct_json_unsigned(uint64_t number);

/* Of a repeated key the last. Doubles that JSON does not have are "NaN", "Infinity", "-Infinity";
 * bytes are base64; an empty value is null. */
json_t *ct_json_attributes(const struct ct_attributes *attributes);

#endif
