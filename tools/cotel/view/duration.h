/* SPDX-License-Identifier: Apache-2.0 */
/* How long something took, in as few characters as tell it. */
#ifndef COTEL_TOOLS_COTEL_VIEW_DURATION_H
#define COTEL_TOOLS_COTEL_VIEW_DURATION_H

#include <stdint.h>

enum { CT_DURATION_SIZE = 32 };

/* Such as 0.4s, 12ms, 850us (with the Greek letter), 1m05s. */
void ct_duration_format(char text[CT_DURATION_SIZE], uint64_t start_ns, uint64_t end_ns);

#endif
