/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COTEL_TOOLS_COTEL_VIEW_CLOCK_H
#define COTEL_TOOLS_COTEL_VIEW_CLOCK_H

#include <stdint.h>
#include <time.h>

/* Milliseconds on a clock that nobody sets. */
static inline int64_t ct_now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

#endif
