/* SPDX-License-Identifier: Apache-2.0 */
/* What a forked child has to do before it may use the SDK it inherited. */
#ifndef COTEL_SRC_SDK_FORK_H
#define COTEL_SRC_SDK_FORK_H

#include "base/fork.h"

/* Resets every provider once in a child: queues are emptied (the parent exports what is in them),
 * exporters told, workers forgotten, locks renewed. Does nothing in a process that has done it.
 * Any thread; several may come at once: all return when it is done. */
void ct_sdk_forked(void);

#endif
