/* SPDX-License-Identifier: Apache-2.0 */
/* Looks through a protobuf message from outside before protobuf-c unpacks it.
 *
 * protobuf-c 1.4.1 recurses as deep as the message nests, allocates for every field that it meets,
 * and takes text that is not UTF-8. This walk does neither recurse nor allocate, and what it lets
 * through, protobuf-c can unpack within known bounds of stack and memory.
 */
#ifndef COTEL_PROTO_CHECK_H
#define COTEL_PROTO_CHECK_H

#include <protobuf-c/protobuf-c.h>

#include <stddef.h>
#include <stdint.h>

enum {
    /* Messages within messages, the outermost counted. protobuf-c needs below 2 KiB of stack for
     * each; the common implementations of other languages draw the line here too. */
    CT_PROTO_MAX_DEPTH = 100,

    /* Fields of all messages together, known and unknown. protobuf-c allocates for some of them up
     * to 300 bytes (an empty Span takes two bytes on the wire), so this bounds what it takes. */
    CT_PROTO_MAX_FIELDS = 2 * 1024 * 1024,

    CT_PROTO_REASON_SIZE = 160
};

enum ct_proto_verdict {
    CT_PROTO_OK,
    CT_PROTO_MALFORMED,
    CT_PROTO_TOO_DEEP,
    CT_PROTO_TOO_LARGE, /* too many fields, or above 2 GiB, where protobuf-c's lengths end */
    CT_PROTO_BAD_TEXT
};

/* Where and why a message was refused; the offset counts from its first byte. */
struct ct_proto_fault {
    size_t offset;
    char reason[CT_PROTO_REASON_SIZE];
};

/* Is this a well-formed message of that type, within the limits above? Fills *fault unless the
 * answer is CT_PROTO_OK. Any thread. */
enum ct_proto_verdict ct_proto_check(const ProtobufCMessageDescriptor *type, const void *bytes,
                                     size_t size_bytes, struct ct_proto_fault *fault);

#endif
