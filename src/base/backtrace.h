/* SPDX-License-Identifier: Apache-2.0 */
/* The calling thread's stack as text, within bounds, without an allocation of our own. */
#ifndef COTEL_SRC_BASE_BACKTRACE_H
#define COTEL_SRC_BASE_BACKTRACE_H

#include <stddef.h>

#define CT_BACKTRACE_MAX 4096
#define CT_BACKTRACE_FRAMES 64

/* Writes a line for each frame, from the one that `caller` is a return address of, and a NUL.
 * @return the bytes before the NUL; 0 where the C library can't tell. */
size_t ct_backtrace(char out[CT_BACKTRACE_MAX], const void *caller);

#endif
