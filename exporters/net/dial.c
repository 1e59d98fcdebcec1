/* SPDX-License-Identifier: Apache-2.0 */
#include "exporters/net/dial.h"

#include "exporters/net/clock.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

union address {
    struct sockaddr any;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
    struct sockaddr_un file;
};

/* Takes the next address off the list; the size of *out, 0 for one that is no address. */
static socklen_t next_address(struct ct_net_dial *dial, union address *out)
{
    char digits[INET6_ADDRSTRLEN];
    const char *start = dial->list + dial->next;
    size_t size = strcspn(start, ",");
    dial->next += size + (start[size] == ',');
    if (size >= sizeof digits)
        return 0;
    memcpy(digits, start, size);
    digits[size] = '\0';
    memset(out, 0, sizeof *out);
    if (inet_pton(AF_INET, digits, &out->v4.sin_addr) == 1) {
        out->v4.sin_family = AF_INET;
        out->v4.sin_port = htons(dial->port);
        return sizeof out->v4;
    }
    if (inet_pton(AF_INET6, digits, &out->v6.sin6_addr) != 1)
        return 0;
    out->v6.sin6_family = AF_INET6;
    out->v6.sin6_port = htons(dial->port);
    return sizeof out->v6;
}

static enum ct_net_dialling give_up(struct ct_net_dial *dial, int error)
{
    if (dial->fd >= 0)
        close(dial->fd);
    dial->fd = -1;
    dial->error = error;
    return CT_NET_DIAL_FAILED;
}

static enum ct_net_dialling connected(struct ct_net_dial *dial)
{
    /* Small frames must not wait for an acknowledgement. No socket file has the option. */
    const int on = 1;
    (void)setsockopt(dial->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return CT_NET_DIAL_CONNECTED;
}

static enum ct_net_dialling attempt(struct ct_net_dial *dial, const union address *address,
                                    socklen_t size, uint64_t now_ns)
{
    dial->fd = socket(address->any.sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (dial->fd < 0)
        return give_up(dial, errno);
    dial->attempts++;
    dial->deadline_ns = ct_net_after_ns(now_ns, dial->share_ns);
    if (connect(dial->fd, &address->any, size) == 0)
        return connected(dial);
    return errno == EINPROGRESS ? CT_NET_DIAL_PENDING : give_up(dial, errno);
}

static enum ct_net_dialling try_next(struct ct_net_dial *dial, uint64_t now_ns)
{
    union address address;
    enum ct_net_dialling state = CT_NET_DIAL_FAILED;
    while (state == CT_NET_DIAL_FAILED && dial->list[dial->next] != '\0') {
        socklen_t size = next_address(dial, &address);
        if (size > 0)
            state = attempt(dial, &address, size, now_ns);
    }
    return state;
}

/* As many whole addresses as there is room for. */
static void copy_list(struct ct_net_dial *dial, const char *addresses)
{
    size_t size = strlen(addresses);
    if (size >= sizeof dial->list) {
        size = sizeof dial->list;
        while (size > 0 && addresses[size - 1] != ',')
            size--;
        size -= size > 0;
    }
    memcpy(dial->list, addresses, size);
    dial->list[size] = '\0';
}

static uint64_t count_addresses(const char *addresses)
{
    uint64_t count = 1;
    for (const char *c = addresses; *c != '\0'; c++)
        count += *c == ',';
    return count;
}

enum ct_net_dialling ct_net_dial_addresses(struct ct_net_dial *dial, const char *addresses,
                                           uint16_t port, uint64_t now_ns, uint64_t timeout_ns)
{
    *dial = (struct ct_net_dial){
        .fd = -1,
        .port = port,
        .share_ns = timeout_ns / count_addresses(addresses),
        .error = EADDRNOTAVAIL,
    };
    copy_list(dial, addresses);
    return try_next(dial, now_ns);
}

enum ct_net_dialling ct_net_dial_file(struct ct_net_dial *dial, const char *path, uint64_t now_ns,
                                      uint64_t timeout_ns)
{
    union address address = {.file = {.sun_family = AF_UNIX}};
    *dial = (struct ct_net_dial){.fd = -1, .share_ns = timeout_ns, .error = ENAMETOOLONG};
    size_t size = strlen(path);
    if (size >= sizeof address.file.sun_path)
        return CT_NET_DIAL_FAILED;
    memcpy(address.file.sun_path, path, size + 1);
    return attempt(dial, &address, sizeof address.file, now_ns);
}

/* What became of the attempt: 0 or an errno; EINPROGRESS: nothing yet. */
static int result_of(const struct ct_net_dial *dial, uint64_t now_ns)
{
    struct pollfd polled = {.fd = dial->fd, .events = POLLOUT};
    int error = 0;
    socklen_t size = sizeof error;
    if (poll(&polled, 1, 0) <= 0)
        return now_ns < dial->deadline_ns ? EINPROGRESS : ETIMEDOUT;
    return getsockopt(dial->fd, SOL_SOCKET, SO_ERROR, &error, &size) == 0 ? error : errno;
}

enum ct_net_dialling ct_net_dial_advance(struct ct_net_dial *dial, uint64_t now_ns)
{
    int error = result_of(dial, now_ns);
    if (error == 0)
        return connected(dial);
    if (error == EINPROGRESS)
        return CT_NET_DIAL_PENDING;
    (void)give_up(dial, error);
    return try_next(dial, now_ns);
}

void ct_net_dial_error(const struct ct_net_dial *dial, char *out, size_t capacity)
{
    /* GNU's: it may return a static text and leave `out` alone. */
    const char *text = strerror_r(dial->error, out, capacity);
    if (text == out)
        return;
    size_t size = strnlen(text, capacity - 1);
    memcpy(out, text, size);
    out[size] = '\0';
}

void ct_net_dial_stop(struct ct_net_dial *dial)
{
    if (dial->fd >= 0)
        close(dial->fd);
    dial->fd = -1;
}
