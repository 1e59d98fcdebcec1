/* SPDX-License-Identifier: Apache-2.0 */
/* Which fields of the schema are text.
 *
 * The generated code holds every string as bytes (see proto/generate), so its descriptors no longer
 * tell; this does.
 */
#ifndef COTEL_PROTO_TEXT_H
#define COTEL_PROTO_TEXT_H

#include <protobuf-c/protobuf-c.h>

#include <stdbool.h>

bool ct_proto_is_text(const ProtobufCMessageDescriptor *type,
                      const ProtobufCFieldDescriptor *field);

#endif
