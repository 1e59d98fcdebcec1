/* SPDX-License-Identifier: Apache-2.0 */
/* From an OTLP trace request in protobuf to spans as the viewer keeps them. Knows nothing of how
 * the request came: other transports hand their messages in here, other formats get a file like
 * this one. */
#ifndef COTEL_TOOLS_COTEL_VIEW_DECODE_H
#define COTEL_TOOLS_COTEL_VIEW_DECODE_H

#include "view/span.h"

enum ct_decode_result {
    CT_DECODE_OK,
    CT_DECODE_MALFORMED,
    CT_DECODE_TOO_LARGE,
    CT_DECODE_OUT_OF_MEMORY
};

enum { CT_DECODE_REASON_SIZE = 200 };

struct ct_decoded {
    struct ct_span *spans;              /* a list; the caller's from now on */
    size_t rejected;                    /* spans left out since their ids are not valid */
    char reason[CT_DECODE_REASON_SIZE]; /* why the request, or why spans were refused; else "" */
};

/* All or nothing, but for spans whose ids are not valid. */
enum ct_decode_result ct_decode_protobuf(const void *bytes, size_t size_bytes,
                                         struct ct_decoded *out);

#endif
