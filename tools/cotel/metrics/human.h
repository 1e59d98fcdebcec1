/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers for people: as long as they say something. */
#ifndef COTEL_TOOLS_COTEL_METRICS_HUMAN_H
#define COTEL_TOOLS_COTEL_METRICS_HUMAN_H

#include "view/span.h"

enum { CT_HUMAN_SIZE = 48 };

enum ct_quantity { CT_QUANTITY_NUMBER, CT_QUANTITY_SECONDS, CT_QUANTITY_BYTES, CT_QUANTITY_TIME };

/* What a unit says; seconds of a metric that is called so are a point in time. */
enum ct_quantity ct_quantity_of(struct ct_text unit, struct ct_text name);

/* 1,234; 0.5678; 12.3ms; 4.5MiB; 2026-11-21 11:03:12Z */
void ct_human_format(char text[CT_HUMAN_SIZE], double number, enum ct_quantity quantity);

#endif
