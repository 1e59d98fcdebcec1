/* SPDX-License-Identifier: Apache-2.0 */
#include "exporters/otlp/http/delivery.h"

#include "exporters/net/clock.h"
#include "exporters/otlp/http/answer.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>

/* Room for the endpoint and a few words before the peer's. */
enum { LINE_SIZE = 768 };

static bool is_last_word(const struct ct_http_delivery *delivery)
{
    return delivery->last.message[0] != '\0';
}

/* The one end of every delivery. `outcome` comes with the last answer's message, if there is one,
 * behind `what`. */
static void finish(struct ct_http_delivery *delivery, struct ct_http_line *line,
                   cotel_export_outcome outcome, const char *what)
{
    ct_http_transfer_stop(&delivery->transfer, &line->reactor);
    char message[LINE_SIZE];
    snprintf(message, sizeof message, "%s: %s%s%s", line->config.endpoint.shown, what,
             what[0] != '\0' && is_last_word(delivery) ? ": " : "", delivery->last.message);
    uint64_t rejected = delivery->last.rejected;
    const cotel_export_result result = {
        .size = sizeof result,
        .outcome = outcome,
        .rejected = rejected < delivery->span_count ? rejected : delivery->span_count,
        .message = what[0] != '\0' || is_last_word(delivery) ? message : NULL,
    };
    cotel_export *operation = delivery->operation;
    delivery->operation = NULL;
    delivery->stage = CT_HTTP_FREE;
    cotel_export_done(operation, &result); /* last: it may begin the next one in here */
}

static void time_out(struct ct_http_delivery *delivery, struct ct_http_line *line)
{
    char what[64];
    snprintf(what, sizeof what, "not delivered in time, %u attempt%s", delivery->attempts,
             delivery->attempts == 1 ? "" : "s");
    finish(delivery, line, COTEL_EXPORT_TIMEOUT, what);
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
static void rest(struct ct_http_delivery *delivery, struct ct_http_line *line, uint64_t now_ns)
{
    uint64_t wait = ct_otlp_backoff_wait_ns(&line->config.backoff, delivery->attempts,
                                            delivery->last.retry_after_ns, some_number());
    delivery->retry_at_ns = ct_net_after_ns(now_ns, wait);
    if (delivery->retry_at_ns >= delivery->deadline_ns) {
        time_out(delivery, line);
        return;
    }
    delivery->stage = CT_HTTP_RESTING;
    cotel_diagnostics_limited(&line->retries, COTEL_LOG_WARNING, CT_HTTP_COMPONENT,
                              "%s: %s; next attempt in %" PRIu64 " ms", line->config.endpoint.shown,
                              delivery->last.message, wait / CT_NET_NS_PER_MS);
}

static void fail_naming(struct ct_http_delivery *delivery, struct ct_http_line *line,
                        uint64_t now_ns)
{
    delivery->last = (struct ct_otlp_answer){.retry_after_ns = CT_OTLP_NOT_SAID};
    snprintf(delivery->last.message, sizeof delivery->last.message, "no address for the host: %s",
             ct_net_resolver_error(&line->resolver));
    rest(delivery, line, now_ns);
}

static void send_body(struct ct_http_delivery *delivery, struct ct_http_line *line)
{
    delivery->stage = CT_HTTP_SENDING;
    if (!ct_http_transfer_start(&delivery->transfer, &line->config, &line->reactor, &delivery->body,
                                delivery))
        finish(delivery, line, COTEL_EXPORT_FAILED, "out of memory for a request");
}

static void send_named(struct ct_http_delivery *delivery, struct ct_http_line *line)
{
    if (!ct_http_transfer_set_addresses(&delivery->transfer, &line->config, &line->reactor,
                                        ct_net_resolver_addresses(&line->resolver),
                                        line->resolver.generation)) {
        finish(delivery, line, COTEL_EXPORT_FAILED, "out of memory for an address");
        return;
    }
    send_body(delivery, line);
}

static void attempt(struct ct_http_delivery *delivery, struct ct_http_line *line, uint64_t now_ns)
{
    delivery->attempts++;
    if (!ct_http_reactor_open(&line->reactor, line->config.concurrency)) {
        finish(delivery, line, COTEL_EXPORT_FAILED, "no descriptors or memory for connections");
        return;
    }
    if (!line->config.endpoint.needs_lookup) {
        send_body(delivery, line);
        return;
    }
    switch (ct_net_resolver_want(&line->resolver, line->reactor.epoll_fd, now_ns)) {
    case CT_NET_NAMES_READY:
        send_named(delivery, line);
        break;
    case CT_NET_NAMES_PENDING:
        delivery->stage = CT_HTTP_NAMING;
        break;
    case CT_NET_NAMES_FAILED:
        fail_naming(delivery, line, now_ns);
        break;
    }
}

void ct_http_delivery_begin(struct ct_http_delivery *delivery, struct ct_http_line *line,
                            cotel_export *operation, const cotel_batch *batch, uint64_t deadline_ns)
{
    assert(delivery->stage == CT_HTTP_FREE);
    uint64_t now_ns = ct_net_now_ns();
    uint64_t own_deadline_ns = ct_net_after_ns(now_ns, line->config.timeout_ns);
    delivery->operation = operation;
    delivery->span_count = cotel_batch_count(batch);
    delivery->deadline_ns = deadline_ns < own_deadline_ns ? deadline_ns : own_deadline_ns;
    delivery->attempts = 0;
    delivery->last = (struct ct_otlp_answer){0};
    if (!ct_otlp_request_build(&delivery->body, batch))
        finish(delivery, line, COTEL_EXPORT_FAILED, "out of memory for a request");
    else if (delivery->body.size > line->config.max_request_bytes)
        finish(delivery, line, COTEL_EXPORT_TOO_LARGE, "the request is above max_request_bytes");
    else
        attempt(delivery, line, now_ns);
}

void ct_http_delivery_answered(struct ct_http_delivery *delivery, struct ct_http_line *line,
                               CURLcode code, uint64_t now_ns)
{
    ct_http_answer_read(&delivery->transfer, code, &delivery->last);
    ct_http_transfer_stop(&delivery->transfer, &line->reactor);
    if (ct_http_answer_is_unreachable(code))
        ct_net_resolver_distrust(&line->resolver);
    switch (delivery->last.verdict) {
    case CT_OTLP_ACCEPTED:
        finish(delivery, line, COTEL_EXPORT_ACCEPTED, "");
        break;
    case CT_OTLP_RETRY:
        rest(delivery, line, now_ns);
        break;
    case CT_OTLP_REFUSED:
        finish(delivery, line, COTEL_EXPORT_REFUSED, "");
        break;
    case CT_OTLP_INVALID:
        finish(delivery, line, COTEL_EXPORT_INVALID, "");
        break;
    case CT_OTLP_TOO_LARGE:
        finish(delivery, line, COTEL_EXPORT_TOO_LARGE, "");
        break;
    case CT_OTLP_FAILED:
        finish(delivery, line, COTEL_EXPORT_FAILED, "");
        break;
    }
}

static void advance_naming(struct ct_http_delivery *delivery, struct ct_http_line *line,
                           uint64_t now_ns)
{
    if (ct_net_resolver_addresses(&line->resolver) != NULL)
        send_named(delivery, line);
    else if (!ct_net_resolver_is_busy(&line->resolver))
        fail_naming(delivery, line, now_ns);
}

void ct_http_delivery_advance(struct ct_http_delivery *delivery, struct ct_http_line *line,
                              uint64_t now_ns)
{
    if (delivery->stage == CT_HTTP_FREE)
        return;
    if (now_ns >= delivery->deadline_ns)
        time_out(delivery, line);
    else if (delivery->stage == CT_HTTP_NAMING)
        advance_naming(delivery, line, now_ns);
    else if (delivery->stage == CT_HTTP_RESTING && now_ns >= delivery->retry_at_ns)
        attempt(delivery, line, now_ns);
}

void ct_http_delivery_cancel(struct ct_http_delivery *delivery, struct ct_http_line *line)
{
    assert(delivery->stage != CT_HTTP_FREE);
    finish(delivery, line, COTEL_EXPORT_CANCELLED, "given up");
}

uint64_t ct_http_delivery_wake_ns(const struct ct_http_delivery *delivery)
{
    if (delivery->stage == CT_HTTP_FREE)
        return COTEL_NEVER_NS;
    return delivery->stage == CT_HTTP_RESTING ? delivery->retry_at_ns : delivery->deadline_ns;
}

void ct_http_delivery_fini(struct ct_http_delivery *delivery)
{
    ct_http_transfer_fini(&delivery->transfer);
    ct_otlp_request_fini(&delivery->body);
}

void ct_http_delivery_abandon(struct ct_http_delivery *delivery)
{
    memset(delivery, 0, sizeof *delivery);
}
