/* SPDX-License-Identifier: Apache-2.0 */
/* Messages of the schema as OTLP/JSON: protobuf's JSON, but for ids, which are hexadecimal, and
 * enums, which are numbers.
 *
 * Written straight from the encoded bytes, by the schema's descriptors, without a tree in between.
 * protobuf leaves the order of fields free, JSON wants each array in one place: so a message is
 * walked once for each kind of field that it has. */
#ifndef COTEL_PROTO_JSON_H
#define COTEL_PROTO_JSON_H

#include "proto/json_text.h"

#include <protobuf-c/protobuf-c.h>

/* Appends the message. Fields that the schema does not know are left out. Returns false, with
 * json->failed set and the text unfinished, when memory is out, or the bytes are no such message
 * or nest deeper than 256 messages. */
bool ct_proto_json_append(struct ct_json *json, const ProtobufCMessageDescriptor *type,
                          const void *bytes, size_t size);

#endif
