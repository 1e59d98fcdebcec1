/* SPDX-License-Identifier: Apache-2.0 */
/* Who is connected, and for how long they may be.
 *
 * libmicrohttpd can end a connection that is silent, but not one that says a byte now and then; so
 * what a client does is given a deadline as a whole. Nor can it tell a client that waits for its
 * next scrape from one that is about to be answered: at the limit the one that has been without a
 * request for longest makes room, so that whoever only holds connections locks nobody out. Both are
 * done by shutting the socket down, upon which libmicrohttpd closes it.
 *
 * The server's thread alone uses a table, but for a forked child's ct_prom_clients_close_all(). */
#ifndef COTEL_EXPORTERS_PROMETHEUS_CLIENTS_H
#define COTEL_EXPORTERS_PROMETHEUS_CLIENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum ct_prom_stage {
    CT_PROM_NEW,     /* has said nothing that is a request */
    CT_PROM_READING, /* is in the middle of one */
    CT_PROM_TAKING,  /* gets its answer */
    CT_PROM_IDLE,    /* between two requests */
    CT_PROM_LEAVING  /* was shut down */
};

struct ct_prom_client {
    int fd; /* -1: the place is free */
    enum ct_prom_stage stage;
    uint64_t since_ns;    /* when the stage began */
    uint64_t deadline_ns; /* when it has to be over */
    size_t pending_bytes; /* of the answer */
};

struct ct_prom_clients {
    struct ct_prom_client *items;
    size_t capacity;
    size_t limit; /* of those that are not leaving */
    uint64_t client_timeout_ns;
    uint64_t idle_timeout_ns;
    size_t pending_bytes; /* of all */
};

/* What ct_prom_clients_expire() found. */
struct ct_prom_expiry {
    size_t slow; /* clients that were shut down for their slowness */
    uint64_t next_ns;
};

/* False: memory is out. */
bool ct_prom_clients_init(struct ct_prom_clients *clients, size_t limit, uint64_t client_timeout_ns,
                          uint64_t idle_timeout_ns);
void ct_prom_clients_fini(struct ct_prom_clients *clients);

/* A place for a new client; `*evicted`: another one was shut down for it. NULL: there is none. */
struct ct_prom_client *ct_prom_clients_add(struct ct_prom_clients *clients, int fd, uint64_t now_ns,
                                           bool *evicted);

/* The client begins its request, is being answered with so many bytes, or has taken the answer. */
void ct_prom_client_reads(struct ct_prom_clients *clients, struct ct_prom_client *client,
                          uint64_t now_ns);
void ct_prom_client_takes(struct ct_prom_clients *clients, struct ct_prom_client *client,
                          size_t bytes, uint64_t now_ns);
void ct_prom_client_rests(struct ct_prom_clients *clients, struct ct_prom_client *client,
                          uint64_t now_ns);

/* Its socket is about to be closed. */
void ct_prom_client_remove(struct ct_prom_clients *clients, struct ct_prom_client *client);

/* Shuts those down whose time is over. */
struct ct_prom_expiry ct_prom_clients_expire(struct ct_prom_clients *clients, uint64_t now_ns);

/* In a forked child: closes the sockets without a word, and empties the table. Async-signal-safe.
 */
void ct_prom_clients_close_all(struct ct_prom_clients *clients);

#endif
