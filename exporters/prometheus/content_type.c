/* SPDX-License-Identifier: Apache-2.0 */
#include "exporters/prometheus/exposition.h"

#include <assert.h>

#define ALL_ESCAPINGS(head)                                                    \
    {                                                                          \
        [COTEL_PROMETHEUS_ESCAPE_UNDERSCORES] = head "; escaping=underscores", \
        [COTEL_PROMETHEUS_ALLOW_UTF8] = head "; escaping=allow-utf-8",         \
        [COTEL_PROMETHEUS_ESCAPE_DOTS] = head "; escaping=dots",               \
        [COTEL_PROMETHEUS_ESCAPE_VALUES] = head "; escaping=values",           \
    }

/* The order and the blanks are those of Prometheus' own libraries, since some read it by eye. */
static const char *const texts_0_0_4[] = ALL_ESCAPINGS("text/plain; version=0.0.4; charset=utf-8");
static const char *const texts_1_0_0[] = ALL_ESCAPINGS("text/plain; version=1.0.0; charset=utf-8");
static const char *const openmetrics_0_0_1[] =
    ALL_ESCAPINGS("application/openmetrics-text; version=0.0.1; charset=utf-8");
static const char *const openmetrics_1_0_0[] =
    ALL_ESCAPINGS("application/openmetrics-text; version=1.0.0; charset=utf-8");

/* Names in quotes came with text 1.0.0. */
static bool is_old_text(cotel_prometheus_version version, cotel_prometheus_escaping escaping)
{
    if (version == COTEL_PROMETHEUS_VERSION_USUAL)
        return escaping != COTEL_PROMETHEUS_ALLOW_UTF8;
    return version == COTEL_PROMETHEUS_VERSION_0_0_4;
}

const char *ct_prom_content_type(cotel_prometheus_format format, cotel_prometheus_version version,
                                 cotel_prometheus_escaping escaping)
{
    assert((unsigned)escaping <= COTEL_PROMETHEUS_ESCAPE_VALUES);
    if (format == COTEL_PROMETHEUS_OPENMETRICS)
        return version == COTEL_PROMETHEUS_VERSION_0_0_1 ? openmetrics_0_0_1[escaping]
                                                         : openmetrics_1_0_0[escaping];
    return is_old_text(version, escaping) ? texts_0_0_4[escaping] : texts_1_0_0[escaping];
}
