/* SPDX-License-Identifier: Apache-2.0 */
/* The exporter: what the pipeline calls, handed on to the deliveries under way. */
#include "exporters/net/clock.h"
#include "exporters/net/library.h"
#include "exporters/otlp/http/delivery.h"

#include <cotel/exporters/otlp.h>

#include <stdlib.h>

struct exporter {
    cotel_exporter base;
    cotel_exporter_ops ops; /* of its own, for its concurrency */
    struct ct_http_line line;
    struct ct_http_delivery deliveries[]; /* as many as the concurrency */
};

static struct exporter *exporter_of(cotel_exporter *base)
{
    return (struct exporter *)base;
}

static struct ct_http_delivery *find(struct exporter *self, const cotel_export *operation)
{
    for (size_t i = 0; i < self->ops.concurrency; i++) {
        if (self->deliveries[i].operation == operation)
            return &self->deliveries[i];
    }
    return NULL;
}

static void begin(cotel_exporter *base, cotel_export *operation, cotel_batch *batch,
                  uint64_t deadline_ns)
{
    struct exporter *self = exporter_of(base);
    struct ct_http_delivery *vacant = find(self, NULL);
    if (vacant != NULL) {
        ct_http_delivery_begin(vacant, &self->line, operation, batch, deadline_ns);
        return;
    }
    const cotel_export_result result = {
        .size = sizeof result,
        .outcome = COTEL_EXPORT_FAILED,
        .message = "more requests at a time than the exporter's concurrency",
    };
    cotel_export_done(operation, &result);
}

static int poll_fd(cotel_exporter *base)
{
    return exporter_of(base)->line.reactor.epoll_fd;
}

static uint64_t next_deadline_ns(cotel_exporter *base)
{
    const struct exporter *self = exporter_of(base);
    uint64_t next = self->line.reactor.timer_ns;
    for (size_t i = 0; i < self->ops.concurrency; i++) {
        uint64_t wake = ct_http_delivery_wake_ns(&self->deliveries[i]);
        next = wake < next ? wake : next;
    }
    return next;
}

static void take_answers(struct exporter *self, uint64_t now_ns)
{
    CURL *easy;
    CURLcode code = CURLE_OK;
    while ((easy = ct_http_reactor_next_done(&self->line.reactor, &code)) != NULL)
        ct_http_delivery_answered(ct_http_transfer_owner(easy), &self->line, code, now_ns);
}

static void drive(cotel_exporter *base)
{
    struct exporter *self = exporter_of(base);
    struct ct_http_line *line = &self->line;
    uint64_t now_ns = ct_net_now_ns();
    ct_http_reactor_run(&line->reactor, now_ns);
    take_answers(self, now_ns);
    (void)ct_net_resolver_collect(&line->resolver, line->reactor.epoll_fd, now_ns);
    for (size_t i = 0; i < self->ops.concurrency; i++)
        ct_http_delivery_advance(&self->deliveries[i], line, now_ns);
}

static void cancel(cotel_exporter *base, cotel_export *operation)
{
    struct exporter *self = exporter_of(base);
    struct ct_http_delivery *delivery = find(self, operation);
    if (delivery != NULL)
        ct_http_delivery_cancel(delivery, &self->line);
}

/* May be called twice: destroy() does the same for an exporter that was never shut down. */
static void shut_down(cotel_exporter *base)
{
    struct exporter *self = exporter_of(base);
    for (size_t i = 0; i < self->ops.concurrency; i++)
        ct_http_delivery_fini(&self->deliveries[i]);
    ct_net_resolver_fini(&self->line.resolver, self->line.reactor.epoll_fd);
    ct_http_reactor_close(&self->line.reactor);
}

static void forked(cotel_exporter *base)
{
    struct exporter *self = exporter_of(base);
    ct_http_reactor_abandon(&self->line.reactor);
    ct_net_resolver_forked(&self->line.resolver);
    for (size_t i = 0; i < self->ops.concurrency; i++)
        ct_http_delivery_abandon(&self->deliveries[i]);
}

static void destroy(cotel_exporter *base)
{
    struct exporter *self = exporter_of(base);
    shut_down(base);
    ct_http_config_fini(&self->line.config);
    free(self);
}

static const cotel_exporter_ops exporter_ops = {
    .size = sizeof exporter_ops,
    .type = CT_HTTP_COMPONENT,
    .begin = begin,
    .poll_fd = poll_fd,
    .next_deadline_ns = next_deadline_ns,
    .drive = drive,
    .cancel = cancel,
    .shutdown = shut_down,
    .forked = forked,
    .destroy = destroy,
};

static struct exporter *assemble(struct ct_http_config *config)
{
    size_t size = sizeof(struct exporter) + config->concurrency * sizeof(struct ct_http_delivery);
    struct exporter *self = calloc(1, size);
    if (self == NULL)
        return NULL;
    self->ops = exporter_ops;
    self->ops.concurrency = config->concurrency;
    self->base.ops = &self->ops;
    self->line.config = *config;
    ct_http_reactor_init(&self->line.reactor);
    ct_net_resolver_init(&self->line.resolver, self->line.config.endpoint.host);
    return self;
}

cotel_status cotel_otlp_http_exporter_create(const cotel_otlp_http_options *options,
                                             cotel_exporter **out)
{
    if (out == NULL)
        return COTEL_STATUS_INVALID_ARGUMENT;
    if (!ct_http_library_start())
        return COTEL_STATUS_SYSTEM_ERROR;
    struct ct_http_config config;
    cotel_status status = ct_http_config_init(&config, options);
    if (status != COTEL_STATUS_OK)
        return status;
    struct exporter *self = assemble(&config);
    if (self == NULL) {
        ct_http_config_fini(&config);
        return COTEL_STATUS_OUT_OF_MEMORY;
    }
    *out = &self->base;
    return COTEL_STATUS_OK;
}
