/* SPDX-License-Identifier: Apache-2.0 */
#include "exporters/otlp/file/aside.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Of "20261121T075901.123456789Z". */
static const char time_shape[] = "00000000T000000.000000000Z";

/* The last part of a path. */
static const char *base_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

/* Where a name's extension begins, or its end. */
static size_t stem_size(const char *name)
{
    const char *dot = strrchr(name, '.');
    return dot && dot != name ? (size_t)(dot - name) : strlen(name);
}

bool ct_aside_name(const char *path, struct timespec now, pid_t process, char out[PATH_MAX])
{
    struct tm utc;
    const char *base = base_of(path);
    size_t stem = (size_t)(base - path) + stem_size(base);
    if (!gmtime_r(&now.tv_sec, &utc))
        return false;
    int size = snprintf(out, PATH_MAX, "%.*s-%04d%02d%02dT%02d%02d%02d.%09ldZ-%ld%s", (int)stem,
                        path, utc.tm_year + 1900, utc.tm_mon + 1, utc.tm_mday, utc.tm_hour,
                        utc.tm_min, utc.tm_sec, now.tv_nsec, (long)process, path + stem);
    return size > 0 && size < PATH_MAX;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* The rest of a text behind a time of that shape; NULL: there is none. */
static const char *skip_time(const char *text)
{
    for (const char *shape = time_shape; *shape; shape++, text++) {
        if (*shape == '0' ? !is_digit(*text) : *text != *shape)
            return NULL;
    }
    return text;
}

static bool is_aside(const char *name, const char *base)
{
    size_t stem = stem_size(base);
    if (strncmp(name, base, stem) != 0 || name[stem] != '-')
        return false;
    const char *rest = skip_time(name + stem + 1);
    if (!rest || *rest++ != '-' || !is_digit(*rest))
        return false;
    rest += strspn(rest, "0123456789");
    return strcmp(rest, base + stem) == 0;
}

struct names {
    char **items;
    size_t count;
};

/* False: memory is out. */
static bool add_name(struct names *names, const char *name)
{
    char **grown = realloc(names->items, (names->count + 1) * sizeof *grown);
    if (!grown)
        return false;
    names->items = grown;
    names->items[names->count] = strdup(name);
    return names->items[names->count] && ++names->count > 0;
}

static void collect(DIR *folder, const char *base, struct names *names)
{
    const struct dirent *entry;
    while ((entry = readdir(folder)) != NULL) {
        if (is_aside(entry->d_name, base) && !add_name(names, entry->d_name))
            return;
    }
}

static int compare(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static DIR *open_folder(const char *path)
{
    char folder[PATH_MAX];
    size_t size = (size_t)(base_of(path) - path);
    if (size >= sizeof folder)
        return NULL;
    memcpy(folder, path, size);
    folder[size] = '\0';
    return opendir(size > 0 ? folder : ".");
}

unsigned ct_aside_prune(const char *path, uint32_t kept)
{
    struct names names = {NULL, 0};
    unsigned deleted = 0;
    DIR *folder = open_folder(path);
    if (!folder)
        return 0;
    collect(folder, base_of(path), &names);
    if (names.count > 0)
        qsort(names.items, names.count, sizeof *names.items, compare);
    for (size_t i = 0; i < names.count; i++) {
        if (i + kept < names.count) /* another process may have been faster */
            deleted += unlinkat(dirfd(folder), names.items[i], 0) == 0;
        free(names.items[i]);
    }
    free(names.items);
    closedir(folder);
    return deleted;
}
