/* SPDX-License-Identifier: Apache-2.0 */
/* Which attributes of a measurement a stream keeps. Immutable: any thread, without a lock. */
#ifndef COTEL_SRC_SDK_METRICS_VIEW_KEY_FILTER_H
#define COTEL_SRC_SDK_METRICS_VIEW_KEY_FILTER_H

#include <stdbool.h>

#include <cotel/attribute.h>

struct ct_key_filter;

/* Whether the attribute with this key stays. A NULL filter keeps all. */
bool ct_key_filter_keeps(const struct ct_key_filter *filter, cotel_str key);

#endif
