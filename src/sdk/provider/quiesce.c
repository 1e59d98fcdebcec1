/* SPDX-License-Identifier: Apache-2.0 */
/* When may what a provider's calls use be freed?
 *
 * A call marks its thread as inside, and then looks whether the provider is shut down. Whoever
 * destroys the provider has set `shut_down`, and now looks who is inside. That is Dekker's pattern:
 * each side stores, then loads what the other stored, and between the two a full fence is needed,
 * or both may miss each other. The call must not pay for one, so the destroying side pays for both:
 * membarrier(PRIVATE_EXPEDITED) makes every thread of the process that runs pass a full fence.
 * After it, a thread either has its mark visible, or will see `shut_down` when it looks.
 *
 * Leaving is a release store that the acquiring look here pairs with: all that the call did comes
 * before what is freed. Where there is no membarrier nothing is freed: a provider's plug-ins are
 * then leaked, once each. */
#include "sdk/provider/provider.h"

#include "base/deadline.h"
#include "base/membarrier.h"

/* How long a callback that is under way is waited for. Callbacks must not block. */
#define QUIESCE_MS 1000

bool ct_provider_quiesce_until(uint64_t deadline_ns)
{
    if (!ct_membarrier_available())
        return false;
    ct_membarrier();
    return ct_thread_wait_all_outside(deadline_ns);
}

bool ct_provider_quiesce(void)
{
    return ct_provider_quiesce_until(ct_deadline_after_ms(QUIESCE_MS));
}
