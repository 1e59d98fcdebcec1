/* SPDX-License-Identifier: Apache-2.0 */
/* UTF-8 as RFC 3629 has it: no surrogates, no longer form than needed, nothing above U+10FFFF.
 * Beside the like in src/base because what reads foreign bytes links nothing of src/. */
#ifndef COTEL_PROTO_UTF8_H
#define COTEL_PROTO_UTF8_H

#include <stddef.h>
#include <stdint.h>

/* The offset of the first byte that begins no valid character; size when all is well. */
size_t ct_proto_utf8_valid_prefix(const uint8_t *bytes, size_t size);

#endif
