/* SPDX-License-Identifier: Apache-2.0 */
/* Who is told what cotel has to say: a function, its user pointer and a level, which belong
 * together and are set and read by any thread. */
#ifndef COTEL_SRC_SDK_DIAGNOSTICS_SETTING_H
#define COTEL_SRC_SDK_DIAGNOSTICS_SETTING_H

#include <cotel/sdk/diagnostics.h>

struct ct_diagnostics_setting {
    cotel_diagnostics_fn function; /* NULL: nobody */
    void *user;
    cotel_log_level level;
};

/* The three that were set together last. Never waits. */
struct ct_diagnostics_setting ct_diagnostics_setting_get(void);

/* Whether somebody wants to hear of this level. */
static inline bool ct_diagnostics_setting_wants(const struct ct_diagnostics_setting *setting,
                                                cotel_log_level level)
{
    return setting->function && level <= setting->level;
}

#endif
