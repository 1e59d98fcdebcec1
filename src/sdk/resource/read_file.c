/* SPDX-License-Identifier: Apache-2.0 */
#include "sdk/resource/read_file.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#define READ_STEP 4096

static bool read_all(int fd, size_t max_size, struct ct_buffer *out)
{
    while (max_size > 0) {
        char step[READ_STEP];
        ssize_t size = read(fd, step, max_size < sizeof step ? max_size : sizeof step);
        if (size < 0 && errno == EINTR)
            continue;
        if (size <= 0)
            return size == 0;
        if (!ct_buffer_append(out, step, (size_t)size))
            return false;
        max_size -= (size_t)size;
    }
    return true;
}

bool ct_read_file(const char *path, size_t max_size, struct ct_buffer *out)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return false;
    bool done = read_all(fd, max_size, out);
    /* Nothing was written, so there is nothing that closing could lose. */
    (void)close(fd);
    return done;
}
