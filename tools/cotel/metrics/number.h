/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers of expositions, from and to text, in the C locale. */
#ifndef COTEL_TOOLS_COTEL_METRICS_NUMBER_H
#define COTEL_TOOLS_COTEL_METRICS_NUMBER_H

#include "metrics/exposition.h"

enum { CT_NUMBER_SIZE = 40 };

/* Decimals with or without an exponent, Inf, Infinity and NaN in any case, with a sign. */
bool ct_number_parse(struct ct_text text, double *number);

/* The fewest digits that are read back as the same number. */
void ct_number_format(char text[CT_NUMBER_SIZE], double number);

/* The same for le and quantile; OpenMetrics has a point in them. */
void ct_number_format_label(char text[CT_NUMBER_SIZE], double number, bool with_point);

/* Whole milliseconds, as the text format has times; and seconds with decimals, as OpenMetrics.
 * False also for times that nanoseconds of 64 bits do not reach, before 1678 and after 2261. */
bool ct_time_parse_ms(struct ct_text text, struct ct_time *time);
bool ct_time_parse_s(struct ct_text text, struct ct_time *time);

/* Rounded towards the past to milliseconds. */
void ct_time_format_ms(char text[CT_NUMBER_SIZE], struct ct_time time);

/* Exact. */
void ct_time_format_s(char text[CT_NUMBER_SIZE], struct ct_time time);

#endif
