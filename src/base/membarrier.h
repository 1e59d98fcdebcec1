/* SPDX-License-Identifier: Apache-2.0 */
/* A full memory fence on every running thread of the process, for algorithms in which one side
 * comes seldom and pays for both. Costs some ten microseconds. */
#ifndef COTEL_SRC_BASE_MEMBARRIER_H
#define COTEL_SRC_BASE_MEMBARRIER_H

#include <stdbool.h>

/* Whether the kernel has it; asked once, and anew in a forked child, where it must be registered
 * again. Any thread. */
bool ct_membarrier_available(void);

/* Only where it is available. */
void ct_membarrier(void);

#endif
