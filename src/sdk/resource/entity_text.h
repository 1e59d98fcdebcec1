/* SPDX-License-Identifier: Apache-2.0 */
/* One entity as OTEL_ENTITIES has them:
 *
 *     type{key=value,key=value}[key=value]@schema_url
 *
 * In braces what identifies it, in brackets, which may be missing, what describes it. Values may be
 * percent-encoded, and these characters must be: {}[]@;,= */
#ifndef COTEL_SRC_SDK_RESOURCE_ENTITY_TEXT_H
#define COTEL_SRC_SDK_RESOURCE_ENTITY_TEXT_H

#include "sdk/resource/findings.h"

/* Of each of the two kinds, in an entity. */
#define CT_ENTITY_TEXT_MOST_ATTRIBUTES 128

/* NULL, and *out is filled, with a type and a schema url that point into the text; or what is wrong
 * with it. `scratch` has room for the text. */
const char *ct_entity_parse(cotel_str text, struct ct_found_entity *out, char *scratch);

/* An absolute URI of RFC 3986, by its characters. */
bool ct_is_uri(cotel_str text);

#endif
