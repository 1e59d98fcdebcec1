/* SPDX-License-Identifier: Apache-2.0 */
/* What became of a request, whichever transport brought it; each has its own way to say so. */
#ifndef COTEL_TOOLS_COTEL_VIEW_OUTCOME_H
#define COTEL_TOOLS_COTEL_VIEW_OUTCOME_H

#include <stddef.h>

enum { CT_OUTCOME_REASON_SIZE = 200 };

struct ct_outcome {
    unsigned http_status;  /* in HTTP's terms: 200, or a failure; 0: not decided yet */
    size_t rejected_spans; /* of those of a request that was taken */
    char reason[CT_OUTCOME_REASON_SIZE]; /* why it, or some of its spans, were refused; else "" */
};

/* Decides it, unless that has been done. */
__attribute__((format(printf, 3, 4))) void ct_outcome_refuse(struct ct_outcome *outcome,
                                                             unsigned http_status,
                                                             const char *format, ...);

/* The code of gRPC that means the same. */
enum ct_grpc_code {
    CT_GRPC_OK = 0,
    CT_GRPC_UNKNOWN = 2,
    CT_GRPC_INVALID_ARGUMENT = 3,
    CT_GRPC_NOT_FOUND = 5,
    CT_GRPC_RESOURCE_EXHAUSTED = 8,
    CT_GRPC_UNIMPLEMENTED = 12,
    CT_GRPC_INTERNAL = 13,
    CT_GRPC_UNAVAILABLE = 14
};
enum ct_grpc_code ct_outcome_grpc_code(const struct ct_outcome *outcome);

#endif
