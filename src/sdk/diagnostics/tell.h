/* SPDX-License-Identifier: Apache-2.0 */
/* The way of one message to the function that was set. */
#ifndef COTEL_SRC_SDK_DIAGNOSTICS_TELL_H
#define COTEL_SRC_SDK_DIAGNOSTICS_TELL_H

#include "sdk/diagnostics/setting.h"

#include <stdarg.h>

/* The longest message, with its NUL. */
#define CT_DIAGNOSTICS_MESSAGE_MAX 512

/* Formats and tells. `left_out` messages of its kind, if any, are mentioned at the end. Says
 * nothing when this thread is inside the function already. Leaves errno as it was. */
void ct_diagnostics_tell(const struct ct_diagnostics_setting *setting, cotel_log_level level,
                         const char *component, uint64_t left_out, const char *format,
                         va_list arguments) __attribute__((__format__(__printf__, 5, 0)));

#endif
