/* SPDX-License-Identifier: Apache-2.0 */
#include "sdk/resource/executable.h"

#include <unistd.h>

/* What the kernel appends when the file was replaced, as an update of a running program does. */
#define DELETED " (deleted)"

static bool ends_with(cotel_str text, cotel_str end)
{
    return text.size >= end.size &&
           memcmp(text.data + text.size - end.size, end.data, end.size) == 0;
}

cotel_str ct_executable_path(char path[CT_EXECUTABLE_PATH_MAX])
{
    ssize_t size = readlink("/proc/self/exe", path, CT_EXECUTABLE_PATH_MAX);
    if (size < 0 || size == CT_EXECUTABLE_PATH_MAX)
        return cotel_str_n(NULL, 0);
    cotel_str found = cotel_str_n(path, (size_t)size);
    if (ends_with(found, cotel_str_of(DELETED)))
        found.size -= strlen(DELETED);
    return found;
}

cotel_str ct_executable_name(cotel_str path)
{
    const char *slash = path.size ? memrchr(path.data, '/', path.size) : NULL;
    if (!slash)
        return path;
    return cotel_str_n(slash + 1, (size_t)(path.data + path.size - slash - 1));
}
