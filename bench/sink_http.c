/* SPDX-License-Identifier: Apache-2.0 */
#include "sink.h"

#include <poll.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MOST_CONNECTIONS 64
#define BUFFER_BYTES (1 << 20)

/* A connection is in a head, or has so many bytes of a body to go. */
struct connection {
    size_t body_left;
    size_t head_size;
    char head[4096];
};

static struct pollfd polled[MOST_CONNECTIONS + 1];
static struct connection connections[MOST_CONNECTIONS + 1];
static size_t polled_count = 1;
static char buffer[BUFFER_BYTES];

static const char answer[] = "HTTP/1.1 200 OK\r\nContent-Type: application/x-protobuf\r\n"
                             "Content-Length: 0\r\n\r\n";

static size_t content_length(const char *head)
{
    const char *field = strcasestr(head, "\r\ncontent-length:");
    return field != NULL ? strtoull(field + strlen("\r\ncontent-length:"), NULL, 10) : 0;
}

/* Takes the bytes of one read apart. @return false when the connection is to be closed. */
static bool take(struct connection *connection, int fd, const char *at, size_t size)
{
    while (size > 0) {
        if (connection->body_left > 0) {
            size_t part = size < connection->body_left ? size : connection->body_left;
            connection->body_left -= part;
            at += part;
            size -= part;
        } else {
            if (connection->head_size + 1 == sizeof connection->head)
                return false;
            connection->head[connection->head_size++] = *at++;
            connection->head[connection->head_size] = 0;
            size--;
            if (connection->head_size < 4 ||
                memcmp(connection->head + connection->head_size - 4, "\r\n\r\n", 4) != 0)
                continue;
            connection->body_left = content_length(connection->head);
            connection->head_size = 0;
        }
        bool is_whole = connection->body_left == 0 && connection->head_size == 0;
        if (is_whole && write(fd, answer, sizeof answer - 1) < 0)
            return false;
    }
    return true;
}

static void accept_one(int listener)
{
    int fd = sink_accept(listener);
    if (fd < 0)
        return;
    if (polled_count > MOST_CONNECTIONS) {
        close(fd);
        return;
    }
    polled[polled_count] = (struct pollfd){.fd = fd, .events = POLLIN};
    connections[polled_count++] = (struct connection){.body_left = 0};
}

void sink_serve_http(int listener)
{
    polled[0] = (struct pollfd){.fd = listener, .events = POLLIN};
    while (poll(polled, polled_count, -1) >= 0) {
        if (polled[0].revents != 0)
            accept_one(listener);
        for (size_t i = polled_count; i-- > 1;) {
            if (polled[i].revents == 0)
                continue;
            ssize_t size = read(polled[i].fd, buffer, sizeof buffer);
            if (size > 0 && take(&connections[i], polled[i].fd, buffer, (size_t)size))
                continue;
            close(polled[i].fd);
            polled[i] = polled[--polled_count];
            connections[i] = connections[polled_count];
        }
    }
}
