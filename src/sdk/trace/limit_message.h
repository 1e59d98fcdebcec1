/* SPDX-License-Identifier: Apache-2.0 */
/* The one message about a span that did not keep all that was set on it. */
#ifndef COTEL_SRC_SDK_TRACE_LIMIT_MESSAGE_H
#define COTEL_SRC_SDK_TRACE_LIMIT_MESSAGE_H

struct ct_span_slot;

/* Once a span, when it has ended and everything is counted; and for all spans together no oftener
 * than diagnostics tells anything. */
void ct_limit_message(const struct ct_span_slot *slot);

#endif
