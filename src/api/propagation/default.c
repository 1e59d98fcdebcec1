/* SPDX-License-Identifier: Apache-2.0 */
#include "api/propagation/builtin.h"
#include "api/propagation/composite.h"

const cotel_propagator *cotel_propagator_default(void)
{
    static const cotel_propagator *const members[] = {&ct_propagator_tracecontext,
                                                      &ct_propagator_baggage};
    static const struct ct_composite both = {
        .base = {&ct_composite_ops},
        .count = sizeof members / sizeof members[0],
        .members = members,
    };
    return &both.base;
}
