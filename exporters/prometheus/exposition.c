/* SPDX-License-Identifier: Apache-2.0 */
#include "exporters/prometheus/exposition.h"

#include "exporters/net/clock.h"
#include "exporters/prometheus/accept.h"
#include "exporters/prometheus/exporter.h"
#include "exporters/prometheus/gzip.h"

#include <stdlib.h>

/* ---- what a caller holds ---- */

static bool is_sized(const cotel_prometheus_exposition *exposition)
{
    return exposition && exposition->size >= sizeof *exposition;
}

static bool is_wanted_right(const cotel_prometheus_exposition *exposition)
{
    return is_sized(exposition) && (unsigned)exposition->format <= COTEL_PROMETHEUS_OPENMETRICS &&
           (unsigned)exposition->escaping <= COTEL_PROMETHEUS_ESCAPE_VALUES &&
           (unsigned)exposition->version <= COTEL_PROMETHEUS_VERSION_1_0_0;
}

void cotel_prometheus_exposition_fini(cotel_prometheus_exposition *exposition)
{
    if (!is_sized(exposition))
        return;
    free(exposition->owner);
    exposition->content_type = exposition->body = NULL;
    exposition->owner = NULL;
    exposition->length = 0;
}

void cotel_prometheus_negotiate(cotel_str accept, cotel_str accept_encoding,
                                cotel_prometheus_exposition *exposition)
{
    if (!is_sized(exposition))
        return;
    struct ct_prom_wanted wanted = ct_prom_accept(accept);
    exposition->format = wanted.format;
    exposition->version = wanted.version;
    exposition->escaping = wanted.escaping;
    exposition->gzip = ct_prom_accepts_gzip(accept_encoding);
}

/* ---- making one ---- */

static uint64_t left_ms(uint64_t deadline_ns)
{
    uint64_t now_ns = ct_net_now_ns();
    return now_ns < deadline_ns ? (deadline_ns - now_ns) / CT_NET_NS_PER_MS : 0;
}

static bool render_batch(cotel_prometheus_exporter *exporter, const cotel_batch *batch,
                         const cotel_prometheus_exposition *wanted, struct ct_prom_text *text)
{
    if (!exporter->renderer)
        exporter->renderer = ct_prom_renderer_create(&exporter->config.rendering);
    if (!exporter->renderer)
        return false;
    return ct_prom_render(exporter->renderer, batch, batch ? cotel_batch_resource(batch) : NULL,
                          wanted->format, wanted->escaping, text);
}

/* What there is is worth more to a scrape than nothing, whatever went wrong with the rest. */
static cotel_status collect(cotel_prometheus_exporter *exporter, uint64_t deadline_ns,
                            const cotel_prometheus_exposition *wanted, struct ct_prom_text *text)
{
    cotel_batch *batch = NULL;
    /* Acquire: pairs with where it is made. */
    cotel_metric_reader *reader = atomic_load_explicit(&exporter->reader, memory_order_acquire);
    if (!reader)
        return COTEL_STATUS_SHUT_DOWN;
    cotel_status status = cotel_metric_reader_collect(reader, left_ms(deadline_ns), &batch);
    if (batch)
        status = COTEL_STATUS_OK;
    if (status == COTEL_STATUS_OK && !render_batch(exporter, batch, wanted, text))
        status = COTEL_STATUS_OUT_OF_MEMORY;
    cotel_batch_unref(batch);
    return status;
}

static cotel_status collect_text(cotel_prometheus_exporter *exporter, uint64_t timeout_ms,
                                 const cotel_prometheus_exposition *wanted,
                                 struct ct_prom_text *text)
{
    uint64_t deadline_ns = ct_net_after_ns(ct_net_now_ns(), ct_net_ms(timeout_ms));
    struct ct_prom_news news = {0};
    cotel_status status = ct_prom_turn_take(&exporter->rendering, deadline_ns);
    if (status != COTEL_STATUS_OK)
        return status;
    status = collect(exporter, deadline_ns, wanted, text);
    if (exporter->renderer)
        ct_prom_renderer_take_news(exporter->renderer, &news);
    ct_prom_turn_give(&exporter->rendering);
    ct_prom_news_report(&news);
    if (status == COTEL_STATUS_OK && wanted->gzip && !ct_prom_gzip(text))
        return COTEL_STATUS_OUT_OF_MEMORY;
    return status;
}

cotel_status ct_prom_expose(cotel_prometheus_exporter *exporter, uint64_t timeout_ms,
                            cotel_prometheus_exposition *exposition)
{
    struct ct_prom_text text = {NULL, 0, 0, false};
    cotel_prometheus_exposition_fini(exposition);
    cotel_status status = collect_text(exporter, timeout_ms, exposition, &text);
    char *end = status == COTEL_STATUS_OK ? ct_prom_text_room(&text, 1) : NULL;
    if (!end) {
        ct_prom_text_fini(&text);
        return status == COTEL_STATUS_OK ? COTEL_STATUS_OUT_OF_MEMORY : status;
    }
    *end = '\0';
    exposition->body = exposition->owner = text.data;
    exposition->length = text.size;
    exposition->content_type =
        ct_prom_content_type(exposition->format, exposition->version, exposition->escaping);
    return COTEL_STATUS_OK;
}

/* ---- for programs without our server ---- */

cotel_status cotel_prometheus_exporter_render(cotel_prometheus_exporter *exporter,
                                              uint64_t timeout_ms,
                                              cotel_prometheus_exposition *exposition)
{
    if (!exporter || !is_wanted_right(exposition))
        return COTEL_STATUS_INVALID_ARGUMENT;
    return ct_prom_expose(exporter, timeout_ms, exposition);
}

cotel_status cotel_prometheus_exporter_render_to(cotel_prometheus_exporter *exporter,
                                                 uint64_t timeout_ms,
                                                 cotel_prometheus_exposition *exposition,
                                                 cotel_prometheus_sink sink, void *user)
{
    if (!sink)
        return COTEL_STATUS_INVALID_ARGUMENT;
    cotel_status status = cotel_prometheus_exporter_render(exporter, timeout_ms, exposition);
    if (status != COTEL_STATUS_OK)
        return status;
    cotel_prometheus_exposition whole = *exposition;
    exposition->body = exposition->owner = NULL;
    exposition->length = 0;
    if (!sink(user, whole.body, whole.length))
        status = COTEL_STATUS_EXPORT_FAILED;
    cotel_prometheus_exposition_fini(&whole);
    return status;
}
