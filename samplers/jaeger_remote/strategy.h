/* SPDX-License-Identifier: Apache-2.0 */
/* What the peer says: Jaeger's SamplingStrategyResponse as JSON, read and checked.
 *
 * By the advice of its .proto, what counts is which part is there, the one by operation first;
 * `strategyType` only says which of the other two is meant when both are. As in all of protobuf's
 * JSON a number that is not there is 0, and null is as good as nothing. Members that are not known
 * are passed over. */
#ifndef COTEL_SAMPLERS_JAEGER_REMOTE_STRATEGY_H
#define COTEL_SAMPLERS_JAEGER_REMOTE_STRATEGY_H

#include <stdbool.h>
#include <stddef.h>

struct json_t;

enum ct_jaeger_kind { CT_JAEGER_PROBABILISTIC, CT_JAEGER_RATE_LIMITING, CT_JAEGER_PER_OPERATION };

struct ct_jaeger_operation {
    const char *name;
    size_t name_size;
    double ratio;
};

struct ct_jaeger_strategy {
    enum ct_jaeger_kind kind;
    double ratio;      /* of traces, 0 to 1; by operation: for those without their own */
    double per_second; /* traces; by operation: of each at least. Finite, not negative */
    struct ct_jaeger_operation *operations;
    size_t operation_count;
    size_t left_out;         /* operations beyond the most */
    struct json_t *document; /* which the names are in */
};

/* Reads an answer. NULL: done, and to be ended by fini; else what is wrong with it, static. */
const char *ct_jaeger_strategy_read(struct ct_jaeger_strategy *strategy, const char *json,
                                    size_t size, size_t max_operations);

void ct_jaeger_strategy_fini(struct ct_jaeger_strategy *strategy);

#endif
