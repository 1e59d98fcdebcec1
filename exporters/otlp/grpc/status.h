/* SPDX-License-Identifier: Apache-2.0 */
/* What a gRPC status means to OTLP. */
#ifndef COTEL_EXPORTERS_OTLP_GRPC_STATUS_H
#define COTEL_EXPORTERS_OTLP_GRPC_STATUS_H

#include "exporters/otlp/retry.h"

#include <stdbool.h>
#include <stddef.h>

enum ct_grpc_code {
    CT_GRPC_OK = 0,
    CT_GRPC_CANCELLED = 1,
    CT_GRPC_UNKNOWN = 2,
    CT_GRPC_INVALID_ARGUMENT = 3,
    CT_GRPC_DEADLINE_EXCEEDED = 4,
    CT_GRPC_NOT_FOUND = 5,
    CT_GRPC_ALREADY_EXISTS = 6,
    CT_GRPC_PERMISSION_DENIED = 7,
    CT_GRPC_RESOURCE_EXHAUSTED = 8,
    CT_GRPC_FAILED_PRECONDITION = 9,
    CT_GRPC_ABORTED = 10,
    CT_GRPC_OUT_OF_RANGE = 11,
    CT_GRPC_UNIMPLEMENTED = 12,
    CT_GRPC_INTERNAL = 13,
    CT_GRPC_UNAVAILABLE = 14,
    CT_GRPC_DATA_LOSS = 15,
    CT_GRPC_UNAUTHENTICATED = 16,
    CT_GRPC_CODES = 17
};

/* Such as "UNAVAILABLE"; of a number that is none, "UNKNOWN". Static. */
const char *ct_grpc_code_name(int code);

/* The number of a grpc-status header; CT_GRPC_UNKNOWN for what is none. */
int ct_grpc_code_read(const char *text, size_t size);

/* What to do about it. A peer that is exhausted is asked again only if it said when. */
enum ct_otlp_verdict ct_grpc_verdict(int code, bool has_retry_info);

/* The code that stands for an answer of HTTP's without any of gRPC's, as a proxy gives it. */
int ct_grpc_code_of_http(int status);

/* The code that stands for a stream that the peer reset. */
int ct_grpc_code_of_reset(uint32_t error);

/* A grpc-message header as printable text: percent-decoded. Always ends `out`. */
void ct_grpc_message_read(const char *text, size_t size, char *out, size_t capacity);

/* The delay of the RetryInfo in a grpc-status-details-bin header, in ns; CT_OTLP_NOT_SAID when
 * there is none. */
uint64_t ct_grpc_retry_delay_ns(const char *header, size_t size);

#endif
