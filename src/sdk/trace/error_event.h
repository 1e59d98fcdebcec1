/* SPDX-License-Identifier: Apache-2.0 */
/* An error put into the words of the semantic conventions for exceptions. */
#ifndef COTEL_SRC_SDK_TRACE_ERROR_EVENT_H
#define COTEL_SRC_SDK_TRACE_ERROR_EVENT_H

#include <cotel/trace.h>

#include "base/backtrace.h"

/* Of the user's text before that of an errno, and room for both. */
#define CT_ERROR_WHAT_MOST 768
#define CT_ERROR_MESSAGE_MAX 1024

/* The attributes point to the texts behind them, so it must not be moved. */
struct ct_error_event {
    cotel_attribute attributes[3];
    size_t count;
    char number[16];
    char message[CT_ERROR_MESSAGE_MAX];
    char stack[CT_BACKTRACE_MAX];
};

/* `caller` is the return address at which a backtrace begins. Leaves errno as it was. */
void ct_error_event_fill(struct ct_error_event *event, const cotel_error_options *options,
                         const void *caller);

#endif
