/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COTEL_SRC_SDK_PROVIDER_TABLE_H
#define COTEL_SRC_SDK_PROVIDER_TABLE_H

#include "sdk/provider/provider.h"

/* A place with a serial of its own, marked as shut down until its maker has filled it in; NULL when
 * COTEL_MAX_PROVIDERS are there. */
struct ct_provider *ct_provider_table_take(void);

void ct_provider_table_give(struct ct_provider *provider);

/* Whether the pointer is a place, and taken. */
bool ct_provider_table_has(const struct ct_provider *provider);

#endif
