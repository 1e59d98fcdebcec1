/* SPDX-License-Identifier: Apache-2.0 */
#include "metrics/source.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

enum { PIECE_BYTES = 64 * 1024 };

bool ct_source_is_url(const char *from)
{
    return strncasecmp(from, "http://", strlen("http://")) == 0 ||
           strncasecmp(from, "https://", strlen("https://")) == 0;
}

static bool make_room(struct ct_source *source, size_t size)
{
    size_t capacity = source->capacity ? source->capacity : PIECE_BYTES;

    while (capacity - source->size < size)
        capacity *= 2;
    if (capacity == source->capacity)
        return true;
    char *grown = realloc(source->data, capacity);
    if (!grown)
        return false;
    source->data = grown;
    source->capacity = capacity;
    return true;
}

bool ct_source_add(struct ct_source *source, const char *bytes, size_t size, struct ct_fault *fault)
{
    if (size > source->max_bytes - source->size)
        return ct_fault_set(fault, "it is larger than --max-bytes allows");
    if (!make_room(source, size))
        return ct_fault_set(fault, "memory is out");
    memcpy(source->data + source->size, bytes, size);
    source->size += size;
    return true;
}

static bool read_all(struct ct_source *source, int fd, struct ct_fault *fault)
{
    char piece[PIECE_BYTES];

    for (;;) {
        ssize_t size = read(fd, piece, sizeof(piece));
        if (size < 0 && errno == EINTR)
            continue;
        if (size < 0)
            return ct_fault_set(fault, strerror(errno));
        if (size == 0)
            return true;
        if (!ct_source_add(source, piece, (size_t)size, fault))
            return false;
    }
}

static bool read_file(struct ct_source *source, const char *path, struct ct_fault *fault)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);

    if (fd < 0)
        return ct_fault_set(fault, strerror(errno));
    bool is_read = read_all(source, fd, fault);
    (void)close(fd);
    return is_read;
}

bool ct_source_read(struct ct_source *source, const char *from, struct ct_fault *fault)
{
    *fault = (struct ct_fault){0};
    if (ct_source_is_url(from))
        return ct_source_fetch(source, from, fault);
    if (strcmp(from, "-") == 0)
        return read_all(source, STDIN_FILENO, fault);
    return read_file(source, from, fault);
}
