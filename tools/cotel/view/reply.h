/* SPDX-License-Identifier: Apache-2.0 */
/* The bodies that OTLP/HTTP asks for in an answer: a protobuf message for success and another for
 * failure. */
#ifndef COTEL_TOOLS_COTEL_VIEW_REPLY_H
#define COTEL_TOOLS_COTEL_VIEW_REPLY_H

#include <stddef.h>
#include <stdint.h>

struct ct_reply {
    unsigned http_status;
    uint8_t *body; /* from malloc; whoever takes the reply frees it. NULL when empty */
    size_t size_bytes;
};

/* All was taken, or all but so many spans, for that reason. */
struct ct_reply ct_reply_success(size_t rejected_spans, const char *reason);

/* Nothing was taken. When memory is out the body is empty. */
struct ct_reply ct_reply_failure(unsigned http_status, const char *reason);

#endif
