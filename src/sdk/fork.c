/* SPDX-License-Identifier: Apache-2.0 */
#include "sdk/fork.h"

#include "sdk/metrics/meter_provider.h"
#include "sdk/provider/provider.h"

static struct ct_fork_lock lock = CT_FORK_LOCK_INIT;
static uint32_t reset_in; /* the epoch of the process that was reset last; 0: none yet */

void ct_sdk_forked(void)
{
    (void)ct_fork_lock(&lock);
    uint32_t epoch = ct_fork_epoch();
    if (reset_in != 0 && reset_in != epoch) {
        ct_provider_for_each(ct_provider_forked);
        ct_meter_providers_forked();
    }
    reset_in = epoch;
    ct_fork_unlock(&lock);
}
