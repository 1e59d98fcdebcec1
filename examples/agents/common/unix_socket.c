/* SPDX-License-Identifier: Apache-2.0 */
#include "common/unix_socket.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#define CONNECT_PAUSE_MS 20

static long long now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

static int failed(const char *doing, const char *path, int fd)
{
    fprintf(stderr, "%s %s: %s\n", doing, path, strerror(errno));
    if (fd >= 0)
        close(fd);
    return -1;
}

static bool address_of(const char *path, struct sockaddr_un *address)
{
    memset(address, 0, sizeof *address);
    address->sun_family = AF_UNIX;
    size_t size = strlen(path);
    if (size >= sizeof address->sun_path) {
        errno = ENAMETOOLONG;
        return false;
    }
    memcpy(address->sun_path, path, size);
    return true;
}

/* Waits until `fd` can be read or the deadline has passed. */
static enum socket_result wait_readable(int fd, long long deadline_ms)
{
    for (;;) {
        long long left = deadline_ms - now_ms();
        struct pollfd item = {.fd = fd, .events = POLLIN};
        int ready = poll(&item, 1, left > 0 ? (int)left : 0);
        if (ready > 0)
            return SOCKET_OK;
        if (ready == 0)
            return SOCKET_TIMEOUT;
        if (errno != EINTR)
            return SOCKET_FAILED;
    }
}

int socket_accept_one(const char *path, int timeout_ms)
{
    struct sockaddr_un address;
    if (!address_of(path, &address))
        return failed("listen at", path, -1);
    int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (listener < 0 || bind(listener, (struct sockaddr *)&address, sizeof address) != 0 ||
        listen(listener, 1) != 0)
        return failed("listen at", path, listener);

    enum socket_result result = wait_readable(listener, now_ms() + timeout_ms);
    if (result == SOCKET_TIMEOUT)
        errno = ETIMEDOUT;
    int fd = result == SOCKET_OK ? accept4(listener, NULL, NULL, SOCK_CLOEXEC) : -1;
    if (fd < 0)
        return failed("wait for a peer at", path, listener);
    close(listener);
    unlink(path); /* one peer was all */
    return fd;
}

/* Whether a connect that failed like this may work in a moment. */
static bool is_not_there_yet(int error)
{
    return error == ENOENT || error == ECONNREFUSED || error == EINTR;
}

int socket_connect(const char *path, int timeout_ms)
{
    struct sockaddr_un address;
    if (!address_of(path, &address))
        return failed("connect to", path, -1);
    long long deadline_ms = now_ms() + timeout_ms;
    const struct timespec pause = {.tv_nsec = CONNECT_PAUSE_MS * 1000000L};
    for (;;) {
        int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (fd >= 0 && connect(fd, (struct sockaddr *)&address, sizeof address) == 0)
            return fd;
        if (fd < 0 || !is_not_there_yet(errno) || now_ms() >= deadline_ms)
            return failed("connect to", path, fd);
        close(fd);
        nanosleep(&pause, NULL);
    }
}

void socket_hang_up(int fd, int timeout_ms)
{
    char rest;
    if (shutdown(fd, SHUT_WR) == 0)
        socket_read(fd, &rest, 1, timeout_ms);
    close(fd);
}

bool socket_write(int fd, const void *data, size_t size)
{
    const char *at = data;
    while (size > 0) {
        ssize_t sent = send(fd, at, size, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR)
            continue;
        if (sent <= 0)
            return false;
        at += sent;
        size -= (size_t)sent;
    }
    return true;
}

enum socket_result socket_read(int fd, void *data, size_t size, int timeout_ms)
{
    long long deadline_ms = now_ms() + timeout_ms;
    for (size_t have = 0; have < size;) {
        enum socket_result result = wait_readable(fd, deadline_ms);
        if (result != SOCKET_OK)
            return result;
        ssize_t got = recv(fd, (char *)data + have, size - have, 0);
        if (got < 0 && errno == EINTR)
            continue;
        if (got == 0 && have == 0)
            return SOCKET_CLOSED;
        if (got <= 0)
            return SOCKET_FAILED;
        have += (size_t)got;
    }
    return SOCKET_OK;
}
