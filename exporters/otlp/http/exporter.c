/* SPDX-License-Identifier: Apache-2.0 */
/* OTLP over HTTP: the transport that posts each request with libcurl. */
#include "exporters/otlp/exporter.h"
#include "exporters/net/clock.h"
#include "exporters/net/library.h"
#include "exporters/net/reactor.h"
#include "exporters/net/resolve.h"
#include "exporters/otlp/http/answer.h"
#include "exporters/otlp/http/config.h"
#include "exporters/otlp/http/transfer.h"

#include <cotel/exporters/otlp_http.h>

#include <stdio.h>
#include <stdlib.h>

struct slot {
    size_t number;
    bool is_naming; /* waits for the resolver */
    struct ct_http_transfer transfer;
};

struct exporter {
    struct ct_otlp_exporter otlp;
    struct ct_http_config config;
    struct ct_http_reactor reactor;
    struct ct_net_resolver resolver;
    uint64_t tls_changed_ns; /* connections from before were made with other files; 0: never */
    struct slot slots[];     /* as many as the concurrency */
};

static struct exporter *exporter_of(struct ct_otlp_exporter *otlp)
{
    return (struct exporter *)otlp;
}

static enum ct_otlp_readiness broken(struct ct_otlp_answer *answer, const char *why)
{
    snprintf(answer->message, sizeof answer->message, "%s", why);
    return CT_OTLP_BROKEN;
}

static enum ct_otlp_readiness unnamed(const struct exporter *self, struct ct_otlp_answer *answer)
{
    snprintf(answer->message, sizeof answer->message, "no address for the host: %s",
             ct_net_resolver_error(&self->resolver));
    return CT_OTLP_UNREACHABLE;
}

static enum ct_otlp_readiness use_addresses(struct exporter *self, struct slot *slot,
                                            struct ct_otlp_answer *answer)
{
    slot->is_naming = false;
    if (ct_http_transfer_set_addresses(&slot->transfer, &self->config, &self->reactor,
                                       ct_net_resolver_addresses(&self->resolver),
                                       self->resolver.generation))
        return CT_OTLP_READY;
    return broken(answer, "out of memory for an address");
}

static enum ct_otlp_readiness ask_for_addresses(struct exporter *self, struct slot *slot,
                                                uint64_t now_ns, struct ct_otlp_answer *answer)
{
    switch (ct_net_resolver_want(&self->resolver, self->reactor.epoll_fd, now_ns)) {
    case CT_NET_NAMES_READY:
        return use_addresses(self, slot, answer);
    case CT_NET_NAMES_PENDING:
        slot->is_naming = true;
        return CT_OTLP_PENDING;
    case CT_NET_NAMES_FAILED:
        break;
    }
    return unnamed(self, answer);
}

static enum ct_otlp_readiness await_addresses(struct exporter *self, struct slot *slot,
                                              struct ct_otlp_answer *answer)
{
    if (ct_net_resolver_addresses(&self->resolver) != NULL)
        return use_addresses(self, slot, answer);
    if (ct_net_resolver_is_busy(&self->resolver))
        return CT_OTLP_PENDING;
    slot->is_naming = false;
    return unnamed(self, answer);
}

static enum ct_otlp_readiness prepare(struct ct_otlp_exporter *otlp, size_t number, uint64_t now_ns,
                                      struct ct_otlp_answer *answer)
{
    struct exporter *self = exporter_of(otlp);
    struct slot *slot = &self->slots[number];
    if (!ct_http_reactor_open(&self->reactor, self->config.concurrency))
        return broken(answer, "no descriptors or memory for connections");
    if (ct_otlp_tls_files_changed(&self->config.tls))
        self->tls_changed_ns = now_ns;
    if (!ct_http_route_needs_lookup(&self->config.route, &self->config.endpoint))
        return CT_OTLP_READY;
    return slot->is_naming ? await_addresses(self, slot, answer)
                           : ask_for_addresses(self, slot, now_ns, answer);
}

static bool start(struct ct_otlp_exporter *otlp, size_t number, struct ct_otlp_request *body,
                  uint64_t deadline_ns)
{
    struct exporter *self = exporter_of(otlp);
    struct slot *slot = &self->slots[number];
    (void)deadline_ns; /* OTLP over HTTP does not tell the peer */
    uint64_t trusted_ns =
        self->tls_changed_ns != 0 ? ct_net_now_ns() - self->tls_changed_ns : UINT64_MAX;
    return ct_http_transfer_start(&slot->transfer, &self->config, &self->reactor, body, trusted_ns,
                                  slot);
}

static void stop(struct ct_otlp_exporter *otlp, size_t number)
{
    struct exporter *self = exporter_of(otlp);
    self->slots[number].is_naming = false;
    ct_http_transfer_stop(&self->slots[number].transfer, &self->reactor);
}

static int poll_fd(struct ct_otlp_exporter *otlp)
{
    return exporter_of(otlp)->reactor.epoll_fd;
}

static uint64_t next_deadline_ns(struct ct_otlp_exporter *otlp)
{
    return exporter_of(otlp)->reactor.timer_ns;
}

static void take_answer(struct exporter *self, struct slot *slot, CURLcode code, uint64_t now_ns)
{
    struct ct_otlp_answer answer;
    ct_http_answer_read(&slot->transfer, code, &answer);
    if (ct_http_answer_is_unreachable(code))
        ct_net_resolver_distrust(&self->resolver);
    ct_otlp_delivery_answered(&self->otlp, slot->number, &answer, now_ns);
}

static void drive(struct ct_otlp_exporter *otlp, uint64_t now_ns)
{
    struct exporter *self = exporter_of(otlp);
    CURL *easy;
    CURLcode code = CURLE_OK;
    ct_http_reactor_run(&self->reactor, now_ns);
    while ((easy = ct_http_reactor_next_done(&self->reactor, &code)) != NULL)
        take_answer(self, ct_http_transfer_owner(easy), code, now_ns);
    (void)ct_net_resolver_collect(&self->resolver, self->reactor.epoll_fd, now_ns);
}

static void close_all(struct ct_otlp_exporter *otlp)
{
    struct exporter *self = exporter_of(otlp);
    for (size_t i = 0; i < self->config.concurrency; i++)
        ct_http_transfer_fini(&self->slots[i].transfer);
    ct_net_resolver_fini(&self->resolver, self->reactor.epoll_fd);
    ct_http_reactor_close(&self->reactor);
}

static void abandon(struct ct_otlp_exporter *otlp)
{
    struct exporter *self = exporter_of(otlp);
    ct_http_reactor_abandon(&self->reactor);
    ct_net_resolver_forked(&self->resolver);
    for (size_t i = 0; i < self->config.concurrency; i++)
        self->slots[i] = (struct slot){.number = i};
}

static void destroy(struct ct_otlp_exporter *otlp)
{
    struct exporter *self = exporter_of(otlp);
    ct_otlp_exporter_fini(otlp);
    ct_http_config_fini(&self->config);
    free(self);
}

static const struct ct_otlp_transport transport = {
    .prepare = prepare,
    .start = start,
    .stop = stop,
    .poll_fd = poll_fd,
    .next_deadline_ns = next_deadline_ns,
    .drive = drive,
    .close = close_all,
    .abandon = abandon,
    .destroy = destroy,
};

static const char *type_of(const struct ct_http_config *config)
{
    return config->format.encoding == COTEL_OTLP_ENCODING_JSON ? config->signal->http_json_type
                                                               : config->signal->http_type;
}

/* Takes the config over, on success. */
static struct exporter *assemble(struct ct_http_config *config)
{
    struct exporter *self = calloc(1, sizeof *self + config->concurrency * sizeof self->slots[0]);
    if (self == NULL)
        return NULL;
    const struct ct_otlp_settings settings = {
        .signal = config->signal,
        .type = type_of(config),
        .shown = config->endpoint.shown,
        .backoff = config->backoff,
        .timeout_ns = config->timeout_ns,
        .concurrency = config->concurrency,
        .max_request_bytes = config->max_request_bytes,
        .format = config->format,
    };
    if (!ct_otlp_exporter_init(&self->otlp, &transport, &settings)) {
        free(self);
        return NULL;
    }
    for (size_t i = 0; i < config->concurrency; i++)
        self->slots[i].number = i;
    self->config = *config;
    ct_http_reactor_init(&self->reactor);
    ct_net_resolver_init(&self->resolver,
                         ct_http_route_first(&self->config.route, &self->config.endpoint)->host);
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
    *out = &self->otlp.base;
    return COTEL_STATUS_OK;
}
