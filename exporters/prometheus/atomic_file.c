/* SPDX-License-Identifier: Apache-2.0 */
#include "exporters/prometheus/atomic_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Less what the umask takes. */
#define MODE 0644

/* How much of a path leads to the folder: with the last slash, 0 for the current one. */
static size_t folder_size(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? (size_t)(slash - path) + 1 : 0;
}

/* A name that no other writer has: neither process nor thread. NULL: memory is out. */
static char *other_name(const char *path)
{
    static atomic_uint serial;
    /* Relaxed: only that no two get the same number counts. */
    unsigned number = atomic_fetch_add_explicit(&serial, 1, memory_order_relaxed);
    size_t folder = folder_size(path);
    char *name = NULL;
    if (asprintf(&name, "%.*s.%s.%ld-%u.tmp", (int)folder, path, path + folder, (long)getpid(),
                 number) < 0)
        return NULL;
    return name;
}

/* 0, or what errno says. */
static int write_all(int fd, const char *data, size_t size)
{
    while (size > 0) {
        ssize_t written = write(fd, data, size);
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return errno;
        data += written;
        size -= (size_t)written;
    }
    return 0;
}

static int fill(int fd, const char *data, size_t size, bool lasts)
{
    int error = write_all(fd, data, size);
    if (error == 0 && lasts && fsync(fd) != 0)
        error = errno;
    if (close(fd) != 0 && error == 0)
        error = errno;
    return error;
}

/* A folder that can't be synchronised (some file systems have no such thing) is no failure. */
static void synchronise_folder(const char *path)
{
    size_t size = folder_size(path);
    char *folder = size > 0 ? strndup(path, size) : strdup(".");
    int fd = folder ? open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
    free(folder);
    if (fd < 0)
        return;
    (void)fsync(fd);
    (void)close(fd);
}

/* What a process of the same number left behind when it was killed is in nobody's way. */
static int open_new(const char *name)
{
    int flags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC;
    int fd = open(name, flags, MODE);
    if (fd < 0 && errno == EEXIST && unlink(name) == 0)
        fd = open(name, flags, MODE);
    return fd;
}

static int write_as(const char *name, const char *path, const char *data, size_t size, bool lasts)
{
    int fd = open_new(name);
    if (fd < 0)
        return errno;
    int error = fill(fd, data, size, lasts);
    if (error == 0 && rename(name, path) != 0)
        error = errno;
    if (error != 0)
        (void)unlink(name);
    return error;
}

int ct_prom_file_replace(const char *path, const char *data, size_t size, bool lasts)
{
    char *name = other_name(path);
    if (!name)
        return ENOMEM;
    int error = write_as(name, path, data, size, lasts);
    free(name);
    if (error == 0 && lasts)
        synchronise_folder(path);
    return error;
}

/* Whether the file holds those bytes and no more. */
static bool holds(int fd, const char *data, size_t size)
{
    char piece[512];
    size_t at = 0;
    for (;;) {
        ssize_t count = read(fd, piece, sizeof piece);
        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0)
            return count == 0 && at == size;
        if ((size_t)count > size - at || memcmp(data + at, piece, (size_t)count) != 0)
            return false;
        at += (size_t)count;
    }
}

void ct_prom_file_remove(const char *path, const char *data, size_t size)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return;
    bool ours = holds(fd, data, size);
    (void)close(fd);
    if (ours)
        (void)unlink(path);
}
