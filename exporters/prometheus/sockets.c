/* SPDX-License-Identifier: Apache-2.0 */
#include "exporters/prometheus/sockets.h"

#include "exporters/net/host.h"

#include <cotel/exporters/prometheus.h>

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* How often a port that the kernel gave for one address may be taken for another one. */
#define ATTEMPTS 16

union address {
    struct sockaddr any;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
};

struct addresses {
    union address items[CT_PROM_MAX_SOCKETS];
    size_t count;
};

/* ---- which addresses ---- */

static void find_loopbacks(struct addresses *addresses)
{
    addresses->items[0].v4 =
        (struct sockaddr_in){.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    addresses->items[1].v6 =
        (struct sockaddr_in6){.sin6_family = AF_INET6, .sin6_addr = in6addr_loopback};
    addresses->count = 2;
}

static void take_results(struct addresses *addresses, const struct addrinfo *result)
{
    for (; result && addresses->count < CT_PROM_MAX_SOCKETS; result = result->ai_next) {
        if (result->ai_family == AF_INET || result->ai_family == AF_INET6)
            memcpy(&addresses->items[addresses->count++], result->ai_addr, result->ai_addrlen);
    }
}

static int find_addresses(struct addresses *addresses, const char *host)
{
    const struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE};
    struct addrinfo *results = NULL;
    addresses->count = 0;
    if (ct_net_is_localhost(host)) {
        find_loopbacks(addresses);
        return 0;
    }
    int code = getaddrinfo(host, NULL, &hints, &results);
    if (code != 0)
        return code == EAI_MEMORY ? ENOMEM : code == EAI_SYSTEM ? errno : EADDRNOTAVAIL;
    take_results(addresses, results);
    freeaddrinfo(results);
    return addresses->count > 0 ? 0 : EADDRNOTAVAIL;
}

static bool is_any_address(const union address *address)
{
    // NOLINTNEXTLINE(clang-analyzer-core.UndefinedBinaryOperatorResult): the family tells it is set
    if (address->any.sa_family == AF_INET)
        return address->v4.sin_addr.s_addr == htonl(INADDR_ANY);
    return IN6_IS_ADDR_UNSPECIFIED(&address->v6.sin6_addr);
}

static bool is_loopback(const union address *address)
{
    if (address->any.sa_family == AF_INET)
        return ntohl(address->v4.sin_addr.s_addr) >> 24 == IN_LOOPBACKNET;
    return IN6_IS_ADDR_LOOPBACK(&address->v6.sin6_addr);
}

/* ---- one socket ---- */

static socklen_t size_of(const union address *address)
{
    return address->any.sa_family == AF_INET ? sizeof address->v4 : sizeof address->v6;
}

static in_port_t *port_of(union address *address)
{
    return address->any.sa_family == AF_INET ? &address->v4.sin_port : &address->v6.sin6_port;
}

/* "::" stands for IPv4 too; any other address of IPv6 is for itself. */
static bool set_options(int fd, const union address *address)
{
    int one = 1, only_v6 = is_any_address(address) ? 0 : 1;
    if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one) != 0)
        return false;
    return address->any.sa_family != AF_INET6 ||
           setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &only_v6, sizeof only_v6) == 0;
}

/* Listens, and writes the port in force to the address. A descriptor, or -1 with errno. */
static int listen_on(union address *address)
{
    socklen_t size = size_of(address);
    int fd = socket(address->any.sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return -1;
    if (set_options(fd, address) && bind(fd, &address->any, size) == 0 &&
        listen(fd, SOMAXCONN) == 0 && getsockname(fd, &address->any, &size) == 0)
        return fd;
    int error = errno;
    (void)close(fd);
    errno = error;
    return -1;
}

/* ---- all of them ---- */

/* A machine need not have all addresses of a name, nor IPv6 at all. */
static bool is_missing(int error)
{
    return error == EADDRNOTAVAIL || error == EAFNOSUPPORT;
}

static int open_all(struct ct_prom_sockets *sockets, struct addresses *addresses, uint16_t port)
{
    int error = EADDRNOTAVAIL;
    sockets->port = port;
    for (size_t i = 0; i < addresses->count; i++) {
        union address *address = &addresses->items[i];
        *port_of(address) = htons(sockets->port);
        int fd = listen_on(address);
        if (fd >= 0) {
            sockets->fds[sockets->count++] = fd;
            sockets->port = ntohs(*port_of(address));
            continue;
        }
        error = errno;
        if (is_missing(error))
            continue;
        ct_prom_sockets_close(sockets);
        return error;
    }
    return sockets->count > 0 ? 0 : error;
}

static int open_on_free_port(struct ct_prom_sockets *sockets, struct addresses *addresses)
{
    int error = EADDRINUSE;
    for (int i = 0; i < ATTEMPTS && error == EADDRINUSE; i++)
        error = open_all(sockets, addresses, 0);
    return error;
}

static int open_behind(struct ct_prom_sockets *sockets, struct addresses *addresses, uint16_t port)
{
    int error = EADDRINUSE;
    for (unsigned i = 1; i <= COTEL_PROMETHEUS_NEXT_PORTS && error == EADDRINUSE; i++) {
        if (port + i <= UINT16_MAX)
            error = open_all(sockets, addresses, (uint16_t)(port + i));
    }
    return error == EADDRINUSE ? open_on_free_port(sockets, addresses) : error;
}

/* The first address that there is a socket for, as a target. */
static void describe(struct ct_prom_sockets *sockets, const struct addresses *addresses)
{
    union address first;
    socklen_t size = sizeof first;
    char digits[NI_MAXHOST] = "";
    for (size_t i = 0; i < addresses->count; i++)
        sockets->is_public = sockets->is_public || !is_loopback(&addresses->items[i]);
    if (getsockname(sockets->fds[0], &first.any, &size) != 0 ||
        getnameinfo(&first.any, size, digits, sizeof digits, NULL, 0, NI_NUMERICHOST) != 0)
        return;
    sockets->is_any = is_any_address(&first);
    bool is_v6 = first.any.sa_family == AF_INET6;
    (void)snprintf(sockets->address, sizeof sockets->address, "%s%.64s%s:%u", is_v6 ? "[" : "",
                   digits, is_v6 ? "]" : "", (unsigned)sockets->port);
}

int ct_prom_sockets_open(struct ct_prom_sockets *sockets, const char *host, uint16_t port,
                         bool takes_next)
{
    struct addresses addresses;
    *sockets = (struct ct_prom_sockets){.count = 0};
    int error = find_addresses(&addresses, host);
    if (error != 0)
        return error;
    error =
        port == 0 ? open_on_free_port(sockets, &addresses) : open_all(sockets, &addresses, port);
    if (error == EADDRINUSE && takes_next && port != 0)
        error = open_behind(sockets, &addresses, port);
    if (error == 0)
        describe(sockets, &addresses);
    return error;
}

void ct_prom_sockets_close(struct ct_prom_sockets *sockets)
{
    for (size_t i = 0; i < sockets->count; i++)
        (void)close(sockets->fds[i]);
    sockets->count = 0;
}
