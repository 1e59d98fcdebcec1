/* SPDX-License-Identifier: Apache-2.0 */
/* Connecting a socket without waiting: to a socket file, or to one of several addresses, tried one
 * after the other. Each gets its share of the time, so that one that swallows everything does not
 * keep the others from being tried. */
#ifndef COTEL_EXPORTERS_NET_DIAL_H
#define COTEL_EXPORTERS_NET_DIAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum ct_net_dialling {
    CT_NET_DIAL_PENDING,   /* advance when the descriptor is writable, or at the deadline */
    CT_NET_DIAL_CONNECTED, /* the descriptor is the caller's */
    CT_NET_DIAL_FAILED     /* ct_net_dial_error() says why; no descriptor is left */
};

enum { CT_NET_DIAL_LIST_SIZE = 1024 }; /* more than ct_net_resolver_addresses() ever has */

/* Zero-initialise it. Members but the first three are private. */
struct ct_net_dial {
    int fd;               /* of the attempt under way; -1: none */
    uint64_t deadline_ns; /* of that attempt */
    unsigned attempts;    /* so far: what tells two descriptors of the same number apart */
    uint64_t share_ns;    /* of each */
    uint16_t port;
    int error;                        /* errno of the last attempt that failed */
    size_t next;                      /* where the addresses begin that were not tried yet, in */
    char list[CT_NET_DIAL_LIST_SIZE]; /* a copy: a lookup may replace the original meanwhile */
};

/* Begins: `addresses` are digits with commas between; those that are too many are left out. */
enum ct_net_dialling ct_net_dial_addresses(struct ct_net_dial *dial, const char *addresses,
                                           uint16_t port, uint64_t now_ns, uint64_t timeout_ns);

/* Begins, to a socket file. */
enum ct_net_dialling ct_net_dial_file(struct ct_net_dial *dial, const char *path, uint64_t now_ns,
                                      uint64_t timeout_ns);

/* Looks how the attempt under way goes. */
enum ct_net_dialling ct_net_dial_advance(struct ct_net_dial *dial, uint64_t now_ns);

/* Why it failed: the words of errno, in `out`. */
void ct_net_dial_error(const struct ct_net_dial *dial, char *out, size_t capacity);

/* Gives the attempt under way up. */
void ct_net_dial_stop(struct ct_net_dial *dial);

#endif
