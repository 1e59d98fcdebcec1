/* SPDX-License-Identifier: Apache-2.0 */
/* The bodies that OTLP asks for in an answer: one message for success and another for failure, in
 * the encoding of the request. */
#ifndef COTEL_TOOLS_COTEL_VIEW_REPLY_H
#define COTEL_TOOLS_COTEL_VIEW_REPLY_H

#include "view/outcome.h"

#include <stddef.h>
#include <stdint.h>

enum ct_format { CT_FORMAT_PROTOBUF, CT_FORMAT_JSON };

struct ct_reply {
    unsigned http_status;
    uint8_t *body; /* from malloc; whoever takes the reply frees it. NULL when empty */
    size_t size_bytes;
};

/* When memory is out the body is empty. */
struct ct_reply ct_reply_make(const struct ct_outcome *outcome, enum ct_format format);

#endif
