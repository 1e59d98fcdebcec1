/* SPDX-License-Identifier: Apache-2.0 */
/* The thread's loop: clients over HTTP, and the textfile when it is due.
 *
 * The sockets and the waiting are ours, libmicrohttpd does HTTP: so one thread serves all, signals
 * stay out, several addresses can be listened on, and a forked child knows each descriptor. A body
 * is rendered whole and then sent as the client takes it; so nobody waits for a slow one. Scrapes
 * are served in turn: each has to be a collection of its own, since its client wants to know what
 * is now and may want another format, and a collection takes all of a core as it is. */
#ifndef COTEL_EXPORTERS_PROMETHEUS_SERVER_H
#define COTEL_EXPORTERS_PROMETHEUS_SERVER_H

#include "exporters/prometheus/clients.h"
#include "exporters/prometheus/sockets.h"

#include <cotel/exporters/prometheus.h>

#include <stdatomic.h>

struct MHD_Daemon;

struct ct_prom_server {
    cotel_prometheus_exporter *exporter;
    struct ct_prom_sockets sockets; /* none: it writes files only */
    struct ct_prom_clients clients;
    struct MHD_Daemon *daemon; /* NULL: as above */
    struct MHD_Daemon
        *inherited_daemon; /* of a parent process: never to be used, nor to be freed */
    int daemon_fd;
    int wake_fd;
    struct ct_prom_client *arriving; /* while libmicrohttpd is told of it */
    uint64_t accept_at_ns;           /* not before: descriptors are out */
    uint64_t textfile_at_ns;
    atomic_uint_fast64_t stop_at_ns; /* at the latest; UINT64_MAX: not yet */
};

/* For the sockets, which it takes over on success. @return 0, or what errno says. */
int ct_prom_server_init(struct ct_prom_server *server, cotel_prometheus_exporter *exporter,
                        const struct ct_prom_sockets *sockets);

/* Serves until it is stopped. */
void ct_prom_server_run(struct ct_prom_server *server);

/* Lets run() return: when the clients have taken what they were answered, by then at the latest.
 * Nobody is listened to any more. Any thread. */
void ct_prom_server_stop(struct ct_prom_server *server, uint64_t deadline_ns);

/* After run(). */
void ct_prom_server_fini(struct ct_prom_server *server);

/* In a forked child: closes all descriptors. Async-signal-safe. */
void ct_prom_server_forked(struct ct_prom_server *server);

#endif
