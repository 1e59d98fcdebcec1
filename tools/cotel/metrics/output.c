/* SPDX-License-Identifier: Apache-2.0 */
#include "metrics/output.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MODE = 0666 };

static mode_t mode_of_new_files(void)
{
    mode_t mask = umask(0);

    umask(mask);
    return MODE & ~mask;
}

bool ct_output_open(struct ct_output *output, const char *path)
{
    *output = (struct ct_output){.stream = stdout, .path = path};
    if (!path)
        return true;
    const char *slash = strrchr(path, '/');
    int folder = slash ? (int)(slash - path) + 1 : 0;
    /* A dot in front and no .prom behind: collectors of text files leave it alone. */
    if (asprintf(&output->other_name, "%.*s.%s.XXXXXX", folder, path, path + folder) < 0)
        output->other_name = NULL;
    int fd = output->other_name ? mkstemp(output->other_name) : -1;
    output->stream = fd >= 0 ? fdopen(fd, "w") : NULL;
    if (output->stream && fchmod(fd, mode_of_new_files()) == 0)
        return true;
    int reason = errno;
    if (fd >= 0)
        (void)unlink(output->other_name);
    if (output->stream)
        (void)fclose(output->stream);
    else if (fd >= 0)
        (void)close(fd);
    free(output->other_name);
    errno = reason;
    return false;
}

static bool finish_file(struct ct_output *output, bool whole)
{
    whole = whole && fflush(output->stream) == 0 && !ferror(output->stream) &&
            fsync(fileno(output->stream)) == 0;
    int reason = errno;
    if (fclose(output->stream) != 0 && whole) {
        whole = false;
        reason = errno;
    }
    if (whole && rename(output->other_name, output->path) == 0)
        return true;
    reason = whole ? errno : reason;
    (void)unlink(output->other_name);
    errno = reason;
    return false;
}

bool ct_output_close(struct ct_output *output, bool whole)
{
    if (!output->path)
        return fflush(stdout) == 0 && !ferror(stdout);
    bool is_done = finish_file(output, whole);
    int reason = errno;
    free(output->other_name);
    errno = reason;
    return is_done;
}
