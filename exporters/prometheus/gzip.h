/* SPDX-License-Identifier: Apache-2.0 */
/* An exposition made smaller. */
#ifndef COTEL_EXPORTERS_PROMETHEUS_GZIP_H
#define COTEL_EXPORTERS_PROMETHEUS_GZIP_H

#include "exporters/prometheus/text.h"

/* Replaces the text by what gzip makes of it. False: memory is out; the text then is as it was. */
bool ct_prom_gzip(struct ct_prom_text *text);

#endif
