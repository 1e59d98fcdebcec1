/* SPDX-License-Identifier: Apache-2.0 */
/* The sockets that an exporter listens on: one for each address that its host stands for, all with
 * the same port. */
#ifndef COTEL_EXPORTERS_PROMETHEUS_SOCKETS_H
#define COTEL_EXPORTERS_PROMETHEUS_SOCKETS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CT_PROM_MAX_SOCKETS 4

/* "[", an address of IPv6 with a scope, "]:65535" and the end. */
#define CT_PROM_ADDRESS_SIZE 96

struct ct_prom_sockets {
    int fds[CT_PROM_MAX_SOCKETS];
    size_t count;
    uint16_t port;
    bool is_public;                     /* somebody else than this machine may connect */
    bool is_any;                        /* all addresses of the machine */
    char address[CT_PROM_ADDRESS_SIZE]; /* of the first, with the port: "127.0.0.1:9464" */
};

/* Listens; `takes_next`: if the port is taken, on the next one that is free.
 * @return 0, or what errno says: EADDRINUSE, when the port is taken; EADDRNOTAVAIL also for a host
 * that nobody knows. May wait for a name server. */
int ct_prom_sockets_open(struct ct_prom_sockets *sockets, const char *host, uint16_t port,
                         bool takes_next);

/* Closes them; async-signal-safe. Takes a zero-initialised struct. */
void ct_prom_sockets_close(struct ct_prom_sockets *sockets);

#endif
