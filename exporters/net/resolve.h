/* SPDX-License-Identifier: Apache-2.0 */
/* Turns a host name into addresses without ever waiting for it.
 *
 * getaddrinfo() blocks for as long as a name server pleases, and nothing can stop it. So it runs on
 * a detached thread that owns its share of the lookup: whoever asked may go away, and the thread
 * tidies up when it comes back, or never does. One resolver has at most one such thread, so a dead
 * name server costs one thread and not one a retry.
 *
 * Addresses are good for a minute; after that they still serve while new ones are looked up.
 */
#ifndef COTEL_EXPORTERS_NET_RESOLVE_H
#define COTEL_EXPORTERS_NET_RESOLVE_H

#include <stdbool.h>
#include <stdint.h>

/* How long addresses are used before they are asked for again. */
#define CT_NET_NAME_FRESH_NS (UINT64_C(60) * 1000 * 1000 * 1000)
/* The most addresses of a name that are used. */
#define CT_NET_MAX_ADDRESSES 16

struct ct_net_lookup;

/* Not thread-safe: it belongs to who drives the exporter. Members are private. */
struct ct_net_resolver {
    const char *host;             /* borrowed */
    struct ct_net_lookup *lookup; /* under way; NULL: none */
    char *addresses;              /* of the last lookup that worked */
    uint64_t fresh_until_ns;
    uint64_t generation; /* counts the changes of `addresses` */
    int error;           /* EAI_*, of the last lookup that ended */
};

enum ct_net_names {
    CT_NET_NAMES_READY,   /* there are addresses */
    CT_NET_NAMES_PENDING, /* ct_net_resolver_collect() will say */
    CT_NET_NAMES_FAILED   /* a lookup could not be started: memory, threads, descriptors */
};

/* `host` must outlive it. */
void ct_net_resolver_init(struct ct_net_resolver *resolver, const char *host);

/* Leaves a lookup that is under way to its thread. `epoll_fd` as below, or -1: already closed. */
void ct_net_resolver_fini(struct ct_net_resolver *resolver, int epoll_fd);

/* Asks for addresses, and starts a lookup if there are none or they are old. While it runs,
 * epoll_fd has a descriptor that becomes readable when it has ended. */
enum ct_net_names ct_net_resolver_want(struct ct_net_resolver *resolver, int epoll_fd,
                                       uint64_t now_ns);

/* Takes the result of a lookup that has ended; true if one had. Then there are addresses, or
 * ct_net_resolver_error() says why not. */
bool ct_net_resolver_collect(struct ct_net_resolver *resolver, int epoll_fd, uint64_t now_ns);

/* The addresses, with commas between: "192.0.2.1,2001:db8::1"; NULL: none. */
const char *ct_net_resolver_addresses(const struct ct_net_resolver *resolver);

/* Whether a lookup is under way. */
bool ct_net_resolver_is_busy(const struct ct_net_resolver *resolver);

/* Why the last lookup found nothing; static. */
const char *ct_net_resolver_error(const struct ct_net_resolver *resolver);

/* The peer was not there: what is known may be wrong, so the next want() looks it up again. */
void ct_net_resolver_distrust(struct ct_net_resolver *resolver);

/* In a forked child, where the thread does not exist: forgets everything. What the parent's thread
 * might have been changing is left alone, so a few bytes stay behind. */
void ct_net_resolver_forked(struct ct_net_resolver *resolver);

#endif
