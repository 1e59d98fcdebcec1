/* SPDX-License-Identifier: Apache-2.0 */
/* OTLP over gRPC: the transport that makes a call of each request.
 *
 * There is one connection for all calls. When it is not to be used for new ones any more (the peer
 * says goodbye, certificates have changed, it is old), it ends the calls that it has while another
 * takes its place: so there are at most two. */
#include "exporters/net/clock.h"
#include "exporters/net/resolve.h"
#include "exporters/otlp/grpc/connection.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <unistd.h>

/* A kept connection is replaced then: names move, certificates are revoked. */
#define CONNECTION_AGE_NS (UINT64_C(600) * CT_NET_NS_PER_S)

enum waiting { NOT_WAITING, FOR_NAME, FOR_CONNECTION };

struct exporter {
    struct ct_otlp_exporter otlp;
    struct ct_grpc_line line;
    struct ct_net_resolver resolver;
    struct ct_grpc_connection connections[2];
    unsigned current;      /* the other one is leaving, or closed */
    enum waiting *waiting; /* of each slot */
};

static struct exporter *exporter_of(struct ct_otlp_exporter *otlp)
{
    return (struct exporter *)otlp;
}

static struct ct_grpc_connection *current(struct exporter *self)
{
    return &self->connections[self->current];
}

static bool open_epoll(struct exporter *self)
{
    if (self->line.epoll_fd < 0)
        self->line.epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    return self->line.epoll_fd >= 0;
}

static enum ct_otlp_readiness fail(struct ct_otlp_answer *answer, enum ct_otlp_readiness readiness,
                                   const char *what, const char *why)
{
    snprintf(answer->message, sizeof answer->message, "%s%s", what, why);
    return readiness;
}

/* What became of the connection that a slot asked for. */
static enum ct_otlp_readiness look(struct exporter *self, size_t slot,
                                   struct ct_otlp_answer *answer)
{
    struct ct_grpc_connection *connection = current(self);
    if (ct_grpc_connection_is_usable(connection))
        return CT_OTLP_READY;
    if (connection->stage != CT_GRPC_CLOSED) {
        self->waiting[slot] = FOR_CONNECTION;
        return CT_OTLP_PENDING;
    }
    self->waiting[slot] = NOT_WAITING;
    ct_net_resolver_distrust(&self->resolver);
    return fail(answer, connection->is_hopeless ? CT_OTLP_BROKEN : CT_OTLP_UNREACHABLE, "",
                connection->error);
}

static enum ct_otlp_readiness dial(struct exporter *self, size_t slot, const char *addresses,
                                   uint64_t now_ns, struct ct_otlp_answer *answer)
{
    struct ct_grpc_connection *connection = current(self);
    if (connection->stage == CT_GRPC_CLOSED)
        ct_grpc_connection_dial(connection, &self->line, addresses, now_ns);
    return look(self, slot, answer);
}

static enum ct_otlp_readiness unnamed(struct exporter *self, size_t slot,
                                      struct ct_otlp_answer *answer)
{
    self->waiting[slot] = NOT_WAITING;
    return fail(answer, CT_OTLP_UNREACHABLE,
                "no address for the host: ", ct_net_resolver_error(&self->resolver));
}

static enum ct_otlp_readiness await_name(struct exporter *self, size_t slot, uint64_t now_ns,
                                         struct ct_otlp_answer *answer)
{
    const char *addresses = ct_net_resolver_addresses(&self->resolver);
    if (addresses != NULL)
        return dial(self, slot, addresses, now_ns, answer);
    return ct_net_resolver_is_busy(&self->resolver) ? CT_OTLP_PENDING : unnamed(self, slot, answer);
}

static enum ct_otlp_readiness ask_for_name(struct exporter *self, size_t slot, uint64_t now_ns,
                                           struct ct_otlp_answer *answer)
{
    switch (ct_net_resolver_want(&self->resolver, self->line.epoll_fd, now_ns)) {
    case CT_NET_NAMES_READY:
        return dial(self, slot, ct_net_resolver_addresses(&self->resolver), now_ns, answer);
    case CT_NET_NAMES_PENDING:
        self->waiting[slot] = FOR_NAME;
        return CT_OTLP_PENDING;
    case CT_NET_NAMES_FAILED:
        break;
    }
    return unnamed(self, slot, answer);
}

static void look_at_certificates(struct exporter *self)
{
    if (!self->line.config.target.is_secure || !ct_otlp_tls_files_changed(&self->line.config.tls))
        return;
    SSL_CTX_free(self->line.tls);
    self->line.tls = NULL;
    current(self)->is_leaving = true;
}

/* The current connection ends its calls, and the other place is free for a new one. Who waited for
 * it is told why, and tries again after a pause: a peer that turns every connection away must not
 * be called as fast as it can do that. */
static void replace(struct exporter *self)
{
    struct ct_grpc_connection *old = current(self);
    self->current = !self->current;
    ct_grpc_connection_close(current(self), &self->line); /* its calls have had their time */
    snprintf(current(self)->error, sizeof current(self)->error, "%s",
             old->error[0] != '\0' ? old->error : "the connection is to be replaced");
}

/* Sees to it that the current connection is as good as a new one would be. One that was left alone
 * for a while may have ended without anybody looking. */
static void judge(struct exporter *self, uint64_t now_ns)
{
    struct ct_grpc_connection *connection = current(self);
    look_at_certificates(self);
    if (connection->stage == CT_GRPC_OPEN) {
        ct_grpc_connection_drive(connection, &self->line, now_ns);
        connection->is_leaving |= now_ns - connection->opened_ns > CONNECTION_AGE_NS;
    }
    if (connection->stage == CT_GRPC_OPEN && !ct_grpc_connection_is_usable(connection))
        replace(self);
    else if (connection->stage != CT_GRPC_CLOSED && connection->is_leaving)
        ct_grpc_connection_close(connection, &self->line); /* nobody has used it yet */
}

static enum ct_otlp_readiness connect_anew(struct exporter *self, size_t slot, uint64_t now_ns,
                                           struct ct_otlp_answer *answer)
{
    const struct ct_grpc_target *target = &self->line.config.target;
    if (current(self)->stage != CT_GRPC_CLOSED)
        return look(self, slot, answer);
    return target->addresses == NULL ? ask_for_name(self, slot, now_ns, answer)
                                     : dial(self, slot, target->addresses, now_ns, answer);
}

static enum ct_otlp_readiness prepare(struct ct_otlp_exporter *otlp, size_t slot, uint64_t now_ns,
                                      struct ct_otlp_answer *answer)
{
    struct exporter *self = exporter_of(otlp);
    if (!open_epoll(self))
        return fail(answer, CT_OTLP_BROKEN, "", "no descriptors for connections");
    judge(self, now_ns);
    switch (self->waiting[slot]) {
    case FOR_NAME:
        return await_name(self, slot, now_ns, answer);
    case FOR_CONNECTION:
        return look(self, slot, answer);
    case NOT_WAITING:
        break;
    }
    return connect_anew(self, slot, now_ns, answer);
}

static bool start(struct ct_otlp_exporter *otlp, size_t slot, struct ct_otlp_request *body,
                  uint64_t deadline_ns)
{
    struct exporter *self = exporter_of(otlp);
    struct ct_grpc_connection *connection = current(self);
    uint64_t now_ns = ct_net_now_ns();
    uint64_t left_ns = deadline_ns > now_ns ? deadline_ns - now_ns : 0;
    self->waiting[slot] = NOT_WAITING;
    if (!ct_grpc_call_start(&self->line.calls[slot], connection->session, &self->line.config, body,
                            now_ns, left_ns))
        return false;
    ct_grpc_connection_flush(connection, &self->line);
    return true;
}

static struct ct_grpc_connection *connection_of(struct exporter *self,
                                                const struct ct_grpc_call *call)
{
    return self->connections[0].session == call->session ? &self->connections[0]
                                                         : &self->connections[1];
}

/* A peer that has said nothing for half of the call's time may not be there any more: the next call
 * gets a connection of its own. */
static void stop(struct ct_otlp_exporter *otlp, size_t slot)
{
    struct exporter *self = exporter_of(otlp);
    struct ct_grpc_call *call = &self->line.calls[slot];
    self->waiting[slot] = NOT_WAITING;
    if (call->session == NULL) {
        ct_grpc_call_stop(call);
        return;
    }
    struct ct_grpc_connection *connection = connection_of(self, call);
    connection->is_leaving |= connection->heard_ns < (call->started_ns + ct_net_now_ns()) / 2;
    ct_grpc_call_stop(call);
    ct_grpc_connection_flush(connection, &self->line);
}

static int poll_fd(struct ct_otlp_exporter *otlp)
{
    return exporter_of(otlp)->line.epoll_fd;
}

static uint64_t next_deadline_ns(struct ct_otlp_exporter *otlp)
{
    struct exporter *self = exporter_of(otlp);
    uint64_t next = UINT64_MAX;
    for (size_t i = 0; i < 2; i++) {
        uint64_t deadline = ct_grpc_connection_deadline_ns(&self->connections[i], &self->line);
        next = deadline < next ? deadline : next;
    }
    for (size_t i = 0; i < self->line.config.concurrency; i++) {
        if (self->line.calls[i].is_done) /* outside of drive(), by a connection that broke */
            return 0;
    }
    return next;
}

static void take_answers(struct exporter *self, uint64_t now_ns)
{
    for (size_t i = 0; i < self->line.config.concurrency; i++) {
        struct ct_otlp_answer answer;
        if (!self->line.calls[i].is_done)
            continue;
        ct_grpc_call_answer(&self->line.calls[i], &answer);
        self->line.calls[i].is_done = false;
        ct_otlp_delivery_answered(&self->otlp, i, &answer, now_ns);
    }
}

static void drive(struct ct_otlp_exporter *otlp, uint64_t now_ns)
{
    struct exporter *self = exporter_of(otlp);
    for (size_t i = 0; i < 2; i++)
        ct_grpc_connection_drive(&self->connections[i], &self->line, now_ns);
    take_answers(self, now_ns);
    (void)ct_net_resolver_collect(&self->resolver, self->line.epoll_fd, now_ns);
}

static void close_all(struct ct_otlp_exporter *otlp)
{
    struct exporter *self = exporter_of(otlp);
    for (size_t i = 0; i < 2; i++)
        ct_grpc_connection_close(&self->connections[i], &self->line);
    ct_net_resolver_fini(&self->resolver, self->line.epoll_fd);
    SSL_CTX_free(self->line.tls);
    self->line.tls = NULL;
    if (self->line.epoll_fd >= 0)
        close(self->line.epoll_fd);
    self->line.epoll_fd = -1;
}

static void abandon(struct ct_otlp_exporter *otlp)
{
    struct exporter *self = exporter_of(otlp);
    for (size_t i = 0; i < 2; i++)
        ct_grpc_connection_abandon(&self->connections[i]);
    ct_net_resolver_forked(&self->resolver);
    for (size_t i = 0; i < self->line.config.concurrency; i++) {
        self->line.calls[i] = (struct ct_grpc_call){.session = NULL};
        self->waiting[i] = NOT_WAITING;
    }
    self->line.tls = NULL;
    if (self->line.epoll_fd >= 0)
        close(self->line.epoll_fd);
    self->line.epoll_fd = -1;
}

static void destroy(struct ct_otlp_exporter *otlp)
{
    struct exporter *self = exporter_of(otlp);
    for (size_t i = 0; i < self->line.config.concurrency; i++)
        ct_grpc_call_fini(&self->line.calls[i]);
    free(self->line.calls);
    free(self->waiting);
    ct_otlp_exporter_fini(otlp);
    ct_grpc_config_fini(&self->line.config);
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

static bool allocate(struct exporter *self, const struct ct_grpc_config *config)
{
    const struct ct_otlp_settings settings = {
        .signal = config->signal,
        .type = config->signal->grpc_type,
        .shown = config->target.shown,
        .backoff = config->backoff,
        .timeout_ns = config->timeout_ns,
        .concurrency = config->concurrency,
        .max_request_bytes = config->max_request_bytes,
        .format = config->format,
    };
    self->line.calls = calloc(config->concurrency, sizeof *self->line.calls);
    self->waiting = calloc(config->concurrency, sizeof *self->waiting);
    return self->line.calls != NULL && self->waiting != NULL &&
           ct_otlp_exporter_init(&self->otlp, &transport, &settings);
}

/* Takes the config over, on success. */
static struct exporter *assemble(const struct ct_grpc_config *config)
{
    struct exporter *self = calloc(1, sizeof *self);
    if (self == NULL)
        return NULL;
    if (!allocate(self, config)) {
        free(self->line.calls);
        free(self->waiting);
        free(self);
        return NULL;
    }
    self->line.config = *config;
    self->line.epoll_fd = -1;
    ct_net_resolver_init(&self->resolver, self->line.config.target.host);
    return self;
}

cotel_status cotel_otlp_grpc_exporter_create(const cotel_otlp_grpc_options *options,
                                             cotel_exporter **out)
{
    if (out == NULL)
        return COTEL_STATUS_INVALID_ARGUMENT;
    struct ct_grpc_config config;
    cotel_status status = ct_grpc_config_init(&config, options);
    if (status != COTEL_STATUS_OK)
        return status;
    struct exporter *self = assemble(&config);
    if (self == NULL) {
        ct_grpc_config_fini(&config);
        return COTEL_STATUS_OUT_OF_MEMORY;
    }
    *out = &self->otlp.base;
    return COTEL_STATUS_OK;
}
