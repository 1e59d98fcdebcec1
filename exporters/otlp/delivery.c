/* SPDX-License-Identifier: Apache-2.0 */
#include "exporters/otlp/delivery.h"

#include "exporters/net/clock.h"
#include "exporters/otlp/exporter.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>

/* Room for the endpoint and a few words before the peer's. */
enum { LINE_SIZE = 768 };

static bool is_last_word(const struct ct_otlp_delivery *delivery)
{
    return delivery->last.message[0] != '\0';
}

/* The one end of every delivery. `outcome` comes with the last answer's message, if there is one,
 * behind `what`. */
static void finish(struct ct_otlp_exporter *exporter, size_t slot, cotel_export_outcome outcome,
                   const char *what)
{
    struct ct_otlp_delivery *delivery = &exporter->deliveries[slot];
    exporter->transport->stop(exporter, slot);
    char message[LINE_SIZE];
    snprintf(message, sizeof message, "%s: %s%s%s", exporter->settings.shown, what,
             what[0] != '\0' && is_last_word(delivery) ? ": " : "", delivery->last.message);
    uint64_t rejected = delivery->last.rejected;
    const cotel_export_result result = {
        .size = sizeof result,
        .outcome = outcome,
        .rejected = rejected < delivery->item_count ? rejected : delivery->item_count,
        .message = what[0] != '\0' || is_last_word(delivery) ? message : NULL,
    };
    cotel_export *operation = delivery->operation;
    delivery->operation = NULL;
    delivery->stage = CT_OTLP_FREE;
    cotel_export_done(operation, &result); /* last: it may begin the next one in here */
}

static void time_out(struct ct_otlp_exporter *exporter, size_t slot)
{
    unsigned attempts = exporter->deliveries[slot].attempts;
    char what[64];
    snprintf(what, sizeof what, "not delivered in time, %u attempt%s", attempts,
             attempts == 1 ? "" : "s");
    finish(exporter, slot, COTEL_EXPORT_TIMEOUT, what);
}

/* Jitter needs no secret, only a difference between processes; without any, all wait the same. */
static uint64_t some_number(void)
{
    uint64_t number = 0;
    if (getrandom(&number, sizeof number, GRND_NONBLOCK) != (ssize_t)sizeof number)
        return 0;
    return number;
}

/* The attempt failed for now. A retry that would come too late is not waited for. */
static void rest(struct ct_otlp_exporter *exporter, size_t slot, uint64_t now_ns)
{
    struct ct_otlp_delivery *delivery = &exporter->deliveries[slot];
    uint64_t wait = ct_otlp_backoff_wait_ns(&exporter->settings.backoff, delivery->attempts,
                                            delivery->last.retry_after_ns, some_number());
    delivery->retry_at_ns = ct_net_after_ns(now_ns, wait);
    if (delivery->retry_at_ns >= delivery->deadline_ns) {
        time_out(exporter, slot);
        return;
    }
    delivery->stage = CT_OTLP_RESTING;
    cotel_diagnostics_limited(&exporter->retries, COTEL_LOG_WARNING, exporter->settings.type,
                              "%s: %s; next attempt in %" PRIu64 " ms", exporter->settings.shown,
                              delivery->last.message, wait / CT_NET_NS_PER_MS);
}

static void send(struct ct_otlp_exporter *exporter, size_t slot)
{
    struct ct_otlp_delivery *delivery = &exporter->deliveries[slot];
    delivery->stage = CT_OTLP_SENDING;
    if (!exporter->transport->start(exporter, slot, &delivery->body, delivery->deadline_ns))
        finish(exporter, slot, COTEL_EXPORT_FAILED, "out of memory for a request");
}

static void prepare(struct ct_otlp_exporter *exporter, size_t slot, uint64_t now_ns)
{
    struct ct_otlp_delivery *delivery = &exporter->deliveries[slot];
    struct ct_otlp_answer answer = {.retry_after_ns = CT_OTLP_NOT_SAID};
    switch (exporter->transport->prepare(exporter, slot, now_ns, &answer)) {
    case CT_OTLP_READY:
        send(exporter, slot);
        break;
    case CT_OTLP_PENDING:
        delivery->stage = CT_OTLP_PREPARING;
        break;
    case CT_OTLP_UNREACHABLE:
        delivery->last = answer;
        rest(exporter, slot, now_ns);
        break;
    case CT_OTLP_BROKEN:
        delivery->last = answer;
        finish(exporter, slot, COTEL_EXPORT_FAILED, "");
        break;
    }
}

static void attempt(struct ct_otlp_exporter *exporter, size_t slot, uint64_t now_ns)
{
    exporter->deliveries[slot].attempts++;
    prepare(exporter, slot, now_ns);
}

void ct_otlp_delivery_begin(struct ct_otlp_exporter *exporter, size_t slot, cotel_export *operation,
                            const cotel_batch *batch, uint64_t deadline_ns)
{
    struct ct_otlp_delivery *delivery = &exporter->deliveries[slot];
    assert(delivery->stage == CT_OTLP_FREE);
    uint64_t now_ns = ct_net_now_ns();
    uint64_t own_deadline_ns = ct_net_after_ns(now_ns, exporter->settings.timeout_ns);
    delivery->operation = operation;
    delivery->item_count = cotel_batch_items(batch);
    delivery->deadline_ns = deadline_ns < own_deadline_ns ? deadline_ns : own_deadline_ns;
    delivery->attempts = 0;
    delivery->last = (struct ct_otlp_answer){0};
    if (!ct_otlp_request_build(&delivery->body, batch, &exporter->settings.format))
        finish(exporter, slot, COTEL_EXPORT_FAILED, "out of memory for a request");
    else if (delivery->body.plain_size > exporter->settings.max_request_bytes)
        finish(exporter, slot, COTEL_EXPORT_TOO_LARGE, "the request is above max_request_bytes");
    else
        attempt(exporter, slot, now_ns);
}

void ct_otlp_delivery_answered(struct ct_otlp_exporter *exporter, size_t slot,
                               const struct ct_otlp_answer *answer, uint64_t now_ns)
{
    exporter->deliveries[slot].last = *answer;
    exporter->transport->stop(exporter, slot);
    switch (answer->verdict) {
    case CT_OTLP_ACCEPTED:
        finish(exporter, slot, COTEL_EXPORT_ACCEPTED, "");
        break;
    case CT_OTLP_RETRY:
        rest(exporter, slot, now_ns);
        break;
    case CT_OTLP_REFUSED:
        finish(exporter, slot, COTEL_EXPORT_REFUSED, "");
        break;
    case CT_OTLP_INVALID:
        finish(exporter, slot, COTEL_EXPORT_INVALID, "");
        break;
    case CT_OTLP_TOO_LARGE:
        finish(exporter, slot, COTEL_EXPORT_TOO_LARGE, "");
        break;
    case CT_OTLP_FAILED:
        finish(exporter, slot, COTEL_EXPORT_FAILED, "");
        break;
    }
}

void ct_otlp_delivery_advance(struct ct_otlp_exporter *exporter, size_t slot, uint64_t now_ns)
{
    const struct ct_otlp_delivery *delivery = &exporter->deliveries[slot];
    if (delivery->stage == CT_OTLP_FREE)
        return;
    if (now_ns >= delivery->deadline_ns)
        time_out(exporter, slot);
    else if (delivery->stage == CT_OTLP_PREPARING)
        prepare(exporter, slot, now_ns);
    else if (delivery->stage == CT_OTLP_RESTING && now_ns >= delivery->retry_at_ns)
        attempt(exporter, slot, now_ns);
}

void ct_otlp_delivery_cancel(struct ct_otlp_exporter *exporter, size_t slot)
{
    assert(exporter->deliveries[slot].stage != CT_OTLP_FREE);
    finish(exporter, slot, COTEL_EXPORT_CANCELLED, "given up");
}

uint64_t ct_otlp_delivery_wake_ns(const struct ct_otlp_delivery *delivery)
{
    if (delivery->stage == CT_OTLP_FREE)
        return COTEL_NEVER_NS;
    return delivery->stage == CT_OTLP_RESTING ? delivery->retry_at_ns : delivery->deadline_ns;
}

void ct_otlp_delivery_fini(struct ct_otlp_delivery *delivery)
{
    ct_otlp_request_fini(&delivery->body);
}

void ct_otlp_delivery_abandon(struct ct_otlp_delivery *delivery)
{
    memset(delivery, 0, sizeof *delivery);
}
