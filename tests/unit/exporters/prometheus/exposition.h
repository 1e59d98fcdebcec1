/* SPDX-License-Identifier: Apache-2.0 */
/* Expositions for tests. With COTEL_EXPOSITIONS in the environment each one is also written to a
 * file in the folder that it names, for tests/interop/prometheus to have judged by others:
 * N.txt or N.om, or with `.odd` before it if promtool would find fault with its names. */
#ifndef COTEL_TESTS_UNIT_EXPORTERS_PROMETHEUS_EXPOSITION_H
#define COTEL_TESTS_UNIT_EXPORTERS_PROMETHEUS_EXPOSITION_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "exporters/prometheus/render.h"
#include "tests/support/metric_batches.h"

/* No scope labels, no target, suffixes: the shortest text. */
#define SHORT_SETTINGS                                                 \
    {                                                                  \
        COTEL_PROMETHEUS_UNDERSCORES_WITH_SUFFIXES, false, false, {0}, \
        {                                                              \
            0                                                          \
        }                                                              \
    }

struct exposition {
    struct ct_prom_settings settings;
    cotel_resource *resource;
    cotel_prometheus_format format;
    cotel_prometheus_escaping escaping;
    bool is_odd; /* promtool's taste is not met, on purpose */
};

#define TEXT                                                                                    \
    {                                                                                           \
        SHORT_SETTINGS, NULL, COTEL_PROMETHEUS_TEXT, COTEL_PROMETHEUS_ESCAPE_UNDERSCORES, false \
    }
#define OPENMETRICS                                                                              \
    {                                                                                            \
        SHORT_SETTINGS, NULL, COTEL_PROMETHEUS_OPENMETRICS, COTEL_PROMETHEUS_ESCAPE_UNDERSCORES, \
            false                                                                                \
    }

/* Renders with a renderer of its own, or with `renderer`, and compares. The batch may be NULL, and
 * is given back. */
void assert_exposition(const struct exposition *how, cotel_batch *batch, const char *expected);
void assert_next_exposition(const struct exposition *how, struct ct_prom_renderer *renderer,
                            cotel_batch *batch, const char *expected);

/* Renders; yours to free, NUL-terminated. */
char *expose(const struct exposition *how, struct ct_prom_renderer *renderer, cotel_batch *batch);

#endif
