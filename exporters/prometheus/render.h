/* SPDX-License-Identifier: Apache-2.0 */
/* What was collected, as the text that Prometheus reads.
 *
 * A renderer keeps what has to last from one exposition to the next: the running sums of metrics
 * that came as deltas, and which conflicts were told already. Nothing else: the rest follows from
 * the batch. One call at a time; who serves several readers at once locks around it.
 *
 * Implements: compatibility/prometheus_and_openmetrics.md "OTLP Metric points to Prometheus". */
#ifndef COTEL_EXPORTERS_PROMETHEUS_RENDER_H
#define COTEL_EXPORTERS_PROMETHEUS_RENDER_H

#include <cotel/exporters/prometheus.h>

#include "text.h"
#include "told.h"

/* Patterns of keys, with * and ?. */
struct ct_prom_patterns {
    const char *const *items;
    size_t count;
};

struct ct_prom_settings {
    cotel_prometheus_translation translation;
    bool scope_labels; /* otel_scope_* on every series */
    bool target_info;  /* the resource as a metric */
    /* Attributes of the resource that become labels of every series: what `include` matches and
     * `exclude` does not. Nothing included: none. */
    struct ct_prom_patterns include;
    struct ct_prom_patterns exclude;
};

struct ct_prom_renderer;

/* Settings are copied. NULL when memory is out. */
struct ct_prom_renderer *ct_prom_renderer_create(const struct ct_prom_settings *settings);

/* Takes NULL. */
void ct_prom_renderer_destroy(struct ct_prom_renderer *renderer);

/* Writes an exposition to `out`, in place of what it holds; the memory is used again. A batch is to
 * be rendered once, since the deltas in it are added to what was before; NULL: nothing was
 * collected. `resource` may be NULL.
 * @return false when memory is out; `out` is then no exposition. */
bool ct_prom_render(struct ct_prom_renderer *renderer, const cotel_batch *batch,
                    const cotel_resource *resource, cotel_prometheus_format format,
                    cotel_prometheus_escaping escaping, struct ct_prom_text *out);

/* Takes out what is new to tell, for ct_prom_news_report() when no lock is held any more. */
void ct_prom_renderer_take_news(struct ct_prom_renderer *renderer, struct ct_prom_news *out);

#endif
