/* SPDX-License-Identifier: Apache-2.0 */
/* Trouble that repeats is told seldom. The limit is a plain struct in a header that C++ reads too,
 * so its members are made atomic here, by the compiler's builtins. */
#include "base/clock.h"
#include "sdk/diagnostics/tell.h"

/* Between two messages of one kind. */
#define INTERVAL_NS (10 * CT_NS_PER_SECOND)

/* Whether this caller is the one to tell now; then also how many could not since the last time.
 * Relaxed throughout: the two numbers guard no other memory, and a message that is counted with
 * the next one instead of this is counted all the same. */
static bool may_tell(cotel_diagnostics_limit *limit, uint64_t *left_out)
{
    uint64_t now = ct_clock_monotonic_ns();
    uint64_t next = __atomic_load_n(&limit->next_ns, __ATOMIC_RELAXED);
    if (now < next || !__atomic_compare_exchange_n(&limit->next_ns, &next, now + INTERVAL_NS, false,
                                                   __ATOMIC_RELAXED, __ATOMIC_RELAXED)) {
        (void)__atomic_fetch_add(&limit->suppressed, 1, __ATOMIC_RELAXED);
        return false;
    }
    *left_out = __atomic_exchange_n(&limit->suppressed, 0, __ATOMIC_RELAXED);
    return true;
}

void cotel_diagnostics_limited(cotel_diagnostics_limit *limit, cotel_log_level level,
                               const char *component, const char *format, ...)
{
    struct ct_diagnostics_setting setting = ct_diagnostics_setting_get();
    uint64_t left_out = 0;
    if (!ct_diagnostics_setting_wants(&setting, level) || !limit || !format)
        return;
    if (!may_tell(limit, &left_out))
        return;
    va_list arguments;
    va_start(arguments, format);
    ct_diagnostics_tell(&setting, level, component, left_out, format, arguments);
    va_end(arguments);
}
