/* SPDX-License-Identifier: Apache-2.0 */
/* From OTLP/JSON to the encoded message, by the schema's descriptors: the way back of proto/json.h.
 *
 * By the protocol's rules for readers: names are lowerCamelCase and nothing else; ids hexadecimal
 * of either case, other bytes base64; enums numbers; integers of any width numbers or digits in
 * quotes; NaN and the infinities strings; null is what is not there. Members that the schema does
 * not know are read and left out. One that is there twice, or two of a oneof, are refused. */
#ifndef COTEL_PROTO_FROM_JSON_H
#define COTEL_PROTO_FROM_JSON_H

#include "proto/buffer.h"
#include "proto/check.h"

enum ct_from_json { CT_FROM_JSON_OK, CT_FROM_JSON_MALFORMED, CT_FROM_JSON_OUT_OF_MEMORY };

/* Appends the message to *out, which is unfinished unless the result is OK. *fault says where in
 * the text, and why, it is malformed. Nesting has an end, and memory beyond *out is not taken. What
 * comes out passes ct_proto_check(), but for its limits of depth and number. Any thread. */
enum ct_from_json ct_proto_from_json(const ProtobufCMessageDescriptor *type, const char *text,
                                     size_t size, struct ct_proto_buffer *out,
                                     struct ct_proto_fault *fault);

#endif
