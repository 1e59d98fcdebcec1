/* SPDX-License-Identifier: Apache-2.0 */
/* Patterns of keys: * is any text, ? any one character. */
#ifndef COTEL_EXPORTERS_PROMETHEUS_PATTERN_H
#define COTEL_EXPORTERS_PROMETHEUS_PATTERN_H

#include "render.h"

bool ct_prom_pattern_matches(const char *pattern, cotel_str text);

/* Patterns with texts of their own, zero-initialised before. @return false when memory is out. */
bool ct_prom_patterns_copy(struct ct_prom_patterns *out, const struct ct_prom_patterns *patterns);

void ct_prom_patterns_fini(struct ct_prom_patterns *patterns);

bool ct_prom_patterns_match(const struct ct_prom_patterns *patterns, cotel_str text);

#endif
