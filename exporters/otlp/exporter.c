/* SPDX-License-Identifier: Apache-2.0 */
#include "exporters/otlp/exporter.h"

#include "exporters/net/clock.h"

#include <assert.h>
#include <stdlib.h>

static struct ct_otlp_exporter *exporter_of(cotel_exporter *base)
{
    return (struct ct_otlp_exporter *)base;
}

/* The slot of an operation, or as many as there are; NULL finds a free one. */
static size_t find(const struct ct_otlp_exporter *self, const cotel_export *operation)
{
    size_t slot = 0;
    while (slot < self->settings.concurrency && self->deliveries[slot].operation != operation)
        slot++;
    return slot;
}

static void refuse(cotel_export *operation, const char *why)
{
    const cotel_export_result result = {
        .size = sizeof result,
        .outcome = COTEL_EXPORT_FAILED,
        .message = why,
    };
    cotel_export_done(operation, &result);
}

static void begin(cotel_exporter *base, cotel_export *operation, cotel_batch *batch,
                  uint64_t deadline_ns)
{
    struct ct_otlp_exporter *self = exporter_of(base);
    size_t slot = find(self, NULL);
    if (cotel_batch_signal(batch) != self->settings.signal->signal)
        refuse(operation, self->settings.signal->mismatch);
    else if (slot == self->settings.concurrency)
        refuse(operation, "more requests at a time than the exporter's concurrency");
    else
        ct_otlp_delivery_begin(self, slot, operation, batch, deadline_ns);
}

static int poll_fd(cotel_exporter *base)
{
    struct ct_otlp_exporter *self = exporter_of(base);
    return self->transport->poll_fd(self);
}

static uint64_t next_deadline_ns(cotel_exporter *base)
{
    struct ct_otlp_exporter *self = exporter_of(base);
    uint64_t next = self->transport->next_deadline_ns(self);
    for (size_t slot = 0; slot < self->settings.concurrency; slot++) {
        uint64_t wake = ct_otlp_delivery_wake_ns(&self->deliveries[slot]);
        next = wake < next ? wake : next;
    }
    return next;
}

static void drive(cotel_exporter *base)
{
    struct ct_otlp_exporter *self = exporter_of(base);
    uint64_t now_ns = ct_net_now_ns();
    self->transport->drive(self, now_ns);
    for (size_t slot = 0; slot < self->settings.concurrency; slot++)
        ct_otlp_delivery_advance(self, slot, now_ns);
}

static void cancel(cotel_exporter *base, cotel_export *operation)
{
    struct ct_otlp_exporter *self = exporter_of(base);
    size_t slot = find(self, operation);
    if (slot < self->settings.concurrency)
        ct_otlp_delivery_cancel(self, slot);
}

static void shut_down(cotel_exporter *base)
{
    struct ct_otlp_exporter *self = exporter_of(base);
    self->transport->close(self);
}

static void forked(cotel_exporter *base)
{
    struct ct_otlp_exporter *self = exporter_of(base);
    self->transport->abandon(self);
    for (size_t slot = 0; slot < self->settings.concurrency; slot++)
        ct_otlp_delivery_abandon(&self->deliveries[slot]);
}

/* An exporter that was never shut down is closed here. */
static void destroy(cotel_exporter *base)
{
    struct ct_otlp_exporter *self = exporter_of(base);
    self->transport->close(self);
    self->transport->destroy(self);
}

static const cotel_exporter_ops exporter_ops = {
    .size = sizeof exporter_ops,
    .begin = begin,
    .poll_fd = poll_fd,
    .next_deadline_ns = next_deadline_ns,
    .drive = drive,
    .cancel = cancel,
    .shutdown = shut_down,
    .forked = forked,
    .destroy = destroy,
};

bool ct_otlp_exporter_init(struct ct_otlp_exporter *exporter,
                           const struct ct_otlp_transport *transport,
                           const struct ct_otlp_settings *settings)
{
    assert(settings->concurrency >= 1 && settings->concurrency <= CT_OTLP_MAX_CONCURRENCY);
    exporter->deliveries = calloc(settings->concurrency, sizeof *exporter->deliveries);
    if (exporter->deliveries == NULL)
        return false;
    exporter->transport = transport;
    exporter->settings = *settings;
    exporter->ops = exporter_ops;
    exporter->ops.type = settings->type;
    exporter->ops.concurrency = settings->concurrency;
    exporter->base.ops = &exporter->ops;
    return true;
}

void ct_otlp_exporter_fini(struct ct_otlp_exporter *exporter)
{
    for (size_t slot = 0; slot < exporter->settings.concurrency; slot++)
        ct_otlp_delivery_fini(&exporter->deliveries[slot]);
    free(exporter->deliveries);
}
