/* SPDX-License-Identifier: Apache-2.0 */
/* Scopes that producers of metrics name. Batches point to scopes for ever, so each that was seen is
 * kept, once. Producers may make scopes up from what they read: hence the limit. */
#ifndef COTEL_SRC_SDK_METRICS_SCOPE_TABLE_H
#define COTEL_SRC_SDK_METRICS_SCOPE_TABLE_H

#include <cotel/sdk/span_view.h>

#include "wire/scope.h"

/* The most scopes of all producers together. */
#define CT_SCOPE_TABLE_MAX 1024

/* The scope that says nothing. */
extern const cotel_scope_view ct_scope_empty;

/* What equal scopes share. The empty one, counted, when there are too many or memory is out. Any
 * thread; takes a short lock. */
const cotel_scope_view *ct_scope_table_get(const struct ct_scope *scope);

/* How often a scope was lost so. */
uint64_t ct_scope_table_lost(void);

#endif
