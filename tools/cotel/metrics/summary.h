/* SPDX-License-Identifier: Apache-2.0 */
/* An exposition as tables for people: counters, gauges, histograms and so on, each family with its
 * largest series below. Nothing that came from outside controls the terminal. */
#ifndef COTEL_TOOLS_COTEL_METRICS_SUMMARY_H
#define COTEL_TOOLS_COTEL_METRICS_SUMMARY_H

#include "metrics/exposition.h"

#include <stdio.h>

/* `columns` of the terminal; 0: there is none. False: memory is out. */
bool ct_summary_write(const struct ct_exposition *exposition, FILE *out, size_t columns,
                      bool colours);

#endif
