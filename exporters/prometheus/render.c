/* SPDX-License-Identifier: Apache-2.0 */
#include "render.h"

#include <stdlib.h>

#include "pattern.h"
#include "writer.h"

struct ct_prom_renderer {
    cotel_prometheus_translation translation;
    bool has_scope_labels;
    bool has_target_info;
    struct ct_prom_patterns include;
    struct ct_prom_patterns exclude;
    struct ct_prom_told told;
    struct ct_prom_deltas deltas;
    /* Of the exposition at hand; what lasts of it is the memory. */
    struct ct_prom_pairs resource;
    struct ct_prom_pairs constants;
    struct ct_prom_families families;
    struct ct_prom_writer writer;
    size_t last_size; /* of the exposition before, which the next one will be near to */
};

struct ct_prom_renderer *ct_prom_renderer_create(const struct ct_prom_settings *settings)
{
    struct ct_prom_renderer *renderer = calloc(1, sizeof *renderer);
    if (!renderer)
        return NULL;
    renderer->translation = settings->translation;
    renderer->has_scope_labels = settings->scope_labels;
    renderer->has_target_info = settings->target_info;
    if (ct_prom_patterns_copy(&renderer->include, &settings->include) &&
        ct_prom_patterns_copy(&renderer->exclude, &settings->exclude))
        return renderer;
    ct_prom_renderer_destroy(renderer);
    return NULL;
}

void ct_prom_renderer_destroy(struct ct_prom_renderer *renderer)
{
    if (!renderer)
        return;
    ct_prom_patterns_fini(&renderer->include);
    ct_prom_patterns_fini(&renderer->exclude);
    ct_prom_deltas_fini(&renderer->deltas);
    ct_prom_pairs_fini(&renderer->resource);
    ct_prom_pairs_fini(&renderer->constants);
    ct_prom_families_fini(&renderer->families);
    ct_prom_writer_fini(&renderer->writer);
    free(renderer);
}

/* Reads the resource, and which of it is a label of every series. */
static bool read_resource(struct ct_prom_renderer *renderer, const cotel_resource *resource)
{
    struct ct_prom_pairs *all = &renderer->resource, *chosen = &renderer->constants;
    size_t count = 0;
    const cotel_attribute *attributes =
        resource ? cotel_resource_attributes(resource, &count) : NULL;
    ct_prom_pairs_read_plain(all, attributes, count);
    ct_prom_pairs_clear(chosen);
    for (size_t i = 0; i < all->count; i++)
        if (ct_prom_patterns_match(&renderer->include, all->items[i].key) &&
            !ct_prom_patterns_match(&renderer->exclude, all->items[i].key))
            ct_prom_pairs_add(chosen, all->items[i].key, all->items[i].value);
    return !all->failed && !chosen->failed;
}

static bool add_batch(struct ct_prom_renderer *renderer, const cotel_batch *batch)
{
    cotel_batch_cursor cursor = {0, 0};
    struct ct_prom_member member = {.delta = NULL};
    while (batch && cotel_batch_next_metric(batch, &cursor, &member.data, &member.scope)) {
        bool is_added =
            member.data.temporality == COTEL_TEMPORALITY_DELTA
                ? ct_prom_deltas_add(&renderer->deltas, &renderer->told, &member.data, member.scope)
                : ct_prom_families_add(&renderer->families, &member);
        if (!is_added)
            return false;
    }
    return true;
}

/* All that ever came as deltas, whether or not there was something now. */
static bool add_deltas(struct ct_prom_renderer *renderer)
{
    for (size_t i = 0; i < renderer->deltas.metric_count; i++) {
        const struct ct_prom_delta_metric *metric = renderer->deltas.metrics[i];
        struct ct_prom_member member = {metric->data, metric->scope, metric, 0};
        if (metric->first != CT_PROM_NOT_FOUND &&
            !ct_prom_families_add(&renderer->families, &member))
            return false;
    }
    return true;
}

static void begin(struct ct_prom_renderer *renderer, cotel_prometheus_format format,
                  cotel_prometheus_escaping escaping, struct ct_prom_text *out)
{
    struct ct_prom_families *families = &renderer->families;
    families->translation = renderer->translation;
    families->format = format;
    families->escaping = escaping;
    families->told = &renderer->told;
    ct_prom_families_clear(families);

    struct ct_prom_writer *writer = &renderer->writer;
    ct_prom_writer_clear(writer);
    writer->out = out;
    writer->format = format;
    writer->told = &renderer->told;
    writer->deltas = &renderer->deltas;
    writer->has_scope_labels = renderer->has_scope_labels;
    writer->labels.translation = writer->exemplar_labels.translation = renderer->translation;
    writer->labels.escaping = writer->exemplar_labels.escaping = escaping;
}

/* The resource's labels are its attributes, and no others. */
static void write_target(struct ct_prom_renderer *renderer)
{
    renderer->writer.labels.constant_count = 0;
    ct_prom_write_target(&renderer->writer, &renderer->families, &renderer->families.items[0],
                         &renderer->resource);
    ct_prom_labels_clear(&renderer->writer.labels);
}

bool ct_prom_render(struct ct_prom_renderer *renderer, const cotel_batch *batch,
                    const cotel_resource *resource, cotel_prometheus_format format,
                    cotel_prometheus_escaping escaping, struct ct_prom_text *out)
{
    struct ct_prom_families *families = &renderer->families;
    struct ct_prom_writer *writer = &renderer->writer;
    ct_prom_text_clear(out);
    begin(renderer, format, escaping, out);
    if (!read_resource(renderer, resource))
        return false;
    (void)ct_prom_text_grow(out, renderer->last_size + renderer->last_size / 16);
    bool has_target = renderer->has_target_info && renderer->resource.count > 0;
    if ((has_target && !ct_prom_families_add_target(families)) || !add_batch(renderer, batch) ||
        !add_deltas(renderer))
        return false;
    if (has_target)
        write_target(renderer);
    writer->labels.constants = renderer->constants.items;
    writer->labels.constant_count = renderer->constants.count;
    for (size_t i = has_target; i < families->count && !out->failed; i++)
        ct_prom_write_family(writer, families, &families->items[i]);
    if (format == COTEL_PROMETHEUS_OPENMETRICS)
        ct_prom_text_puts(out, "# EOF\n");
    renderer->last_size = out->size;
    return !out->failed;
}

void ct_prom_renderer_take_news(struct ct_prom_renderer *renderer, struct ct_prom_news *out)
{
    *out = renderer->told.news;
    renderer->told.news.count = 0;
}
