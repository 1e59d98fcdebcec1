/* SPDX-License-Identifier: Apache-2.0 */
#include "api/propagation/composite.h"

const cotel_propagator *cotel_propagator_none(void)
{
    static const struct ct_composite none = {.base = {&ct_composite_ops}};
    return &none.base;
}
