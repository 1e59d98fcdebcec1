/* SPDX-License-Identifier: Apache-2.0 */
#include "api/propagation/composite.h"

const cotel_propagator *cotel_propagator_default(void)
{
    return cotel_propagator_tracecontext();
}
