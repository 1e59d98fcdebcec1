/* SPDX-License-Identifier: Apache-2.0 */
#include "exporters/otlp/file/sink.h"

#include "exporters/net/clock.h"
#include "exporters/otlp/file/aside.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

enum { MODE = 0644, PIECES = 3 };

static void close_file(struct ct_file_sink *sink)
{
    if (sink->path && sink->fd >= 0)
        close(sink->fd);
    sink->fd = -1;
}

void ct_file_sink_fini(struct ct_file_sink *sink)
{
    close_file(sink);
    free(sink->path);
    sink->path = NULL;
}

static bool open_file(struct ct_file_sink *sink)
{
    if (sink->fd < 0)
        sink->fd = sink->path ? open(sink->path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, MODE)
                              : STDOUT_FILENO;
    return sink->fd >= 0;
}

/* Whether the path still leads to the file that is open; *now gets what that is like. */
static bool is_current(const struct ct_file_sink *sink, struct stat *now)
{
    struct stat named;
    return fstat(sink->fd, now) == 0 && stat(sink->path, &named) == 0 &&
           named.st_dev == now->st_dev && named.st_ino == now->st_ino;
}

/* Under the lock: nobody else has done it meanwhile. */
static void rename_file(struct ct_file_sink *sink)
{
    char aside[PATH_MAX];
    struct timespec now;
    struct stat found;
    (void)clock_gettime(CLOCK_REALTIME, &now); /* cannot fail: the clock exists */
    if (is_current(sink, &found) && ct_aside_name(sink->path, now, getpid(), aside) &&
        rename(sink->path, aside) == 0 && sink->max_files > 0)
        sink->deleted += ct_aside_prune(sink->path, sink->max_files);
}

/* Where it can't be done, the file grows on: better than to lose what is to be written. */
static void set_aside(struct ct_file_sink *sink)
{
    if (flock(sink->fd, LOCK_EX | LOCK_NB) != 0)
        return; /* somebody else is at it */
    rename_file(sink);
    close_file(sink); /* and with it the lock */
}

/* Opens the file that the next line belongs to. */
static bool prepare(struct ct_file_sink *sink, size_t size)
{
    struct stat found;
    if (!open_file(sink))
        return false;
    if (!sink->path)
        return true;
    if (!is_current(sink, &found)) {
        close_file(sink);
    } else if (sink->max_file_bytes > 0 && S_ISREG(found.st_mode) && found.st_size > 0 &&
               (uint64_t)found.st_size + size > sink->max_file_bytes) {
        set_aside(sink);
    }
    return open_file(sink);
}

/* For a descriptor that was set not to block, such as somebody's stdout. */
static bool wait_for_room(int fd, uint64_t deadline_ns)
{
    uint64_t now_ns = ct_net_now_ns();
    struct pollfd item = {.fd = fd, .events = POLLOUT};
    uint64_t left_ms = deadline_ns > now_ns ? (deadline_ns - now_ns) / CT_NET_NS_PER_MS : 0;
    int ready = poll(&item, 1, left_ms < INT_MAX ? (int)left_ms : INT_MAX);
    if (ready == 0)
        errno = ETIMEDOUT;
    return ready > 0 || (ready < 0 && errno == EINTR);
}

/* Takes what was written off the front. */
static void advance(struct iovec pieces[PIECES], size_t written)
{
    for (size_t i = 0; i < PIECES; i++) {
        size_t step = written < pieces[i].iov_len ? written : pieces[i].iov_len;
        pieces[i].iov_base = (char *)pieces[i].iov_base + step;
        pieces[i].iov_len -= step;
        written -= step;
    }
}

/* In one call, unless the disk is full or it is a pipe. */
static bool write_all(int fd, struct iovec pieces[PIECES], size_t size, uint64_t deadline_ns,
                      bool *is_torn)
{
    size_t left = size;
    while (left > 0) {
        ssize_t written = writev(fd, pieces, PIECES);
        if (written > 0) {
            advance(pieces, (size_t)written);
            left -= (size_t)written;
        } else if (errno == EAGAIN ? !wait_for_room(fd, deadline_ns) : errno != EINTR) {
            *is_torn |= left < size;
            return false;
        }
    }
    return true;
}

bool ct_file_sink_append(struct ct_file_sink *sink, const char *line, size_t size,
                         uint64_t deadline_ns)
{
    static char end[] = "\n";
    struct iovec pieces[PIECES] = {
        {end, sink->is_torn ? 1 : 0}, {(char *)(uintptr_t)line, size}, {end, 1}};
    if (!prepare(sink, size + 1))
        return false;
    bool was_torn = sink->is_torn;
    if (!write_all(sink->fd, pieces, size + 1 + was_torn, deadline_ns, &sink->is_torn))
        return false;
    sink->is_torn = false;
    return true;
}
