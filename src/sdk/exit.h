/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COTEL_SRC_SDK_EXIT_H
#define COTEL_SRC_SDK_EXIT_H

#include <stdint.h>

/* When the process exits, flush for at most so long and stop the worker; 0: leave everything. */
void ct_exit_arrange(uint64_t flush_ms);

#endif
