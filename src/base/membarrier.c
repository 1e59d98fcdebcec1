/* SPDX-License-Identifier: Apache-2.0 */
#include "base/membarrier.h"

#include "base/fork.h"

#include <linux/membarrier.h>
#include <sys/syscall.h>
#include <unistd.h>

static bool registered(void)
{
    return syscall(SYS_membarrier, MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED, 0, 0) == 0;
}

/* The epoch in which it was registered, with bit 32 set if that went well. */
static _Atomic uint64_t answer;

#define AVAILABLE (UINT64_C(1) << 32)

bool ct_membarrier_available(void)
{
    uint32_t epoch = ct_fork_epoch();
    uint64_t known = atomic_load_explicit(&answer, memory_order_relaxed);
    if ((uint32_t)known != epoch) {
        known = epoch | (registered() ? AVAILABLE : 0);
        atomic_store_explicit(&answer, known, memory_order_relaxed);
    }
    return (known & AVAILABLE) != 0;
}

void ct_membarrier(void)
{
    if (ct_membarrier_available())
        (void)syscall(SYS_membarrier, MEMBARRIER_CMD_PRIVATE_EXPEDITED, 0, 0);
}
