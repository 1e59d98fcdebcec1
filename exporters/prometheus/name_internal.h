/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COTEL_EXPORTERS_PROMETHEUS_NAME_INTERNAL_H
#define COTEL_EXPORTERS_PROMETHEUS_NAME_INTERNAL_H

#include "name.h"

/* Whether every reader takes it in a name, if not at its beginning. */
bool ct_prom_is_plain_char(char c, enum ct_prom_name_kind kind);

#endif
