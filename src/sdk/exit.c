/* SPDX-License-Identifier: Apache-2.0 */
/* The end of a process that does not shut cotel down itself.
 *
 * exit() runs handlers in the reverse order of their registration. This one is registered when the
 * SDK is initialised, thus after the exporter was made, and with it whatever TLS library it uses:
 * so the worker has stopped before that library takes itself down. */
#include "sdk/exit.h"

#include <cotel/sdk/sdk.h>

#include <stdatomic.h>
#include <stdlib.h>

static _Atomic uint64_t flush_ms;
static atomic_flag is_registered = ATOMIC_FLAG_INIT;

static void at_exit(void)
{
    uint64_t timeout_ms = atomic_load_explicit(&flush_ms, memory_order_relaxed);
    if (timeout_ms != 0)
        (void)cotel_sdk_shutdown(timeout_ms, NULL);
}

void ct_exit_arrange(uint64_t timeout_ms)
{
    atomic_store_explicit(&flush_ms, timeout_ms, memory_order_relaxed);
    if (timeout_ms != 0 && !atomic_flag_test_and_set(&is_registered))
        (void)atexit(at_exit);
}
