/* SPDX-License-Identifier: Apache-2.0 */
#include "sdk/resource/container_id.h"

#include <stdio.h>

#include "sdk/resource/read_file.h"
#include "sdk/resource/take.h"
#include "wire/str.h"

#define CGROUP_MAX_SIZE (64u << 10)
#define MOUNTINFO_MAX_SIZE (1u << 20)
#define PATH_SIZE 256

/* What nearly all runtimes call a container by: a SHA-256, or as many random bits. */
#define LONG_ID_DIGITS 64

/* ECS on Fargate: the id of the task, a dash, a number. */
#define TASK_ID_DIGITS 32

/* ---- pieces of a path ----------------------------------------------------------------------- */

static size_t span(cotel_str text, const char *digits)
{
    size_t size = 0;
    while (size < text.size && text.data[size] && strchr(digits, text.data[size]))
        size++;
    return size;
}

static bool is_id(cotel_str text)
{
    size_t digits = span(text, "0123456789abcdef");
    if (digits == LONG_ID_DIGITS)
        return text.size == LONG_ID_DIGITS;
    if (digits != TASK_ID_DIGITS || text.size < digits + 2 || text.data[digits] != '-')
        return false;
    cotel_str number = cotel_str_n(text.data + digits + 1, text.size - digits - 1);
    return span(number, "0123456789") == number.size && text.size < CT_CONTAINER_ID_SIZE;
}

static cotel_str drop(cotel_str text, size_t size)
{
    return cotel_str_n(text.data + size, text.size - size);
}

static bool ends_with(cotel_str text, const char *end)
{
    size_t size = strlen(end);
    return text.size >= size && memcmp(text.data + text.size - size, end, size) == 0;
}

/* The prefix up to the last of the separators: "docker-", "libpod-", "slice:cri-containerd:". */
static size_t prefix_size(cotel_str segment)
{
    size_t size = segment.size;
    while (size > 0 && segment.data[size - 1] != '-' && segment.data[size - 1] != ':')
        size--;
    return size;
}

/* One segment of a group's path: an id alone, or as systemd's scopes are called. */
static cotel_str id_of_segment(cotel_str segment)
{
    if (ends_with(segment, ".scope"))
        segment.size -= strlen(".scope");
    if (is_id(segment))
        return segment;
    cotel_str prefix = cotel_str_n(segment.data, prefix_size(segment));
    cotel_str id = drop(segment, prefix.size);
    /* The runtime's monitor, which has the id in its name too, is outside of the container. */
    bool is_inside = !ends_with(prefix, "conmon-");
    return is_inside && is_id(id) ? id : cotel_str_n(NULL, 0);
}

/* The innermost one: below it may be groups that the container has made itself. */
static cotel_str id_of_path(cotel_str path)
{
    cotel_str found = cotel_str_n(NULL, 0);
    while (path.size != 0) {
        cotel_str id = id_of_segment(ct_take_until(&path, '/'));
        found = id.size != 0 ? id : found;
    }
    return found;
}

/* ---- /proc/self/cgroup ---------------------------------------------------------------------- */

/* Lines of `number:controllers:path`. */
cotel_str ct_container_id_of_cgroup(cotel_str text)
{
    while (text.size != 0) {
        cotel_str line = ct_take_until(&text, '\n');
        (void)ct_take_until(&line, ':');
        (void)ct_take_until(&line, ':');
        cotel_str id = id_of_path(line);
        if (id.size != 0)
            return id;
    }
    return cotel_str_n(NULL, 0);
}

/* ---- /proc/self/mountinfo ------------------------------------------------------------------- */

/* proc(5), as far as it matters: what is mounted, and where. */
struct mount {
    cotel_str root, point;
    bool is_cgroup;
};

#define FIELDS_BEFORE_ROOT 3

static struct mount parse_mount(cotel_str line)
{
    struct mount mount = {.is_cgroup = false};
    for (int i = 0; i < FIELDS_BEFORE_ROOT; i++)
        (void)ct_take_until(&line, ' ');
    mount.root = ct_take_until(&line, ' ');
    mount.point = ct_take_until(&line, ' ');
    /* A field of its own, "-", stands before the type of the file system. */
    while (line.size != 0 && !ct_str_equal(ct_take_until(&line, ' '), cotel_str_of("-")))
        ;
    cotel_str type = ct_take_until(&line, ' ');
    mount.is_cgroup =
        ct_str_equal(type, cotel_str_of("cgroup2")) || ct_str_equal(type, cotel_str_of("cgroup"));
    return mount;
}

static bool is_at(const struct mount *mount, const char *point)
{
    return ct_str_equal(mount->point, cotel_str_of(point));
}

static bool contains(cotel_str text, const char *part)
{
    return text.size != 0 && memmem(text.data, text.size, part, strlen(part)) != NULL;
}

/* In a pod these files are those of its sandbox, which is another container, whose id is no answer;
 * the kubelet's own file over /etc/hosts gives it away. */
static bool is_of_a_pod(cotel_str text)
{
    while (text.size != 0) {
        struct mount mount = parse_mount(ct_take_until(&text, '\n'));
        if (is_at(&mount, "/etc/hosts") && ends_with(mount.root, "/etc-hosts"))
            return true;
    }
    return false;
}

/* A file in a folder that is called after the container. */
static cotel_str id_of_file(cotel_str root)
{
    cotel_str found = cotel_str_n(NULL, 0);
    if (contains(root, "/sandboxes/"))
        return found;
    while (root.size != 0) {
        cotel_str segment = ct_take_until(&root, '/');
        if (segment.size == LONG_ID_DIGITS && is_id(segment))
            found = segment;
    }
    return found;
}

static cotel_str id_of_mount(const struct mount *mount, bool is_pod)
{
    if (mount->is_cgroup)
        return id_of_path(mount->root);
    bool is_the_runtimes = is_at(mount, "/etc/hostname") || is_at(mount, "/etc/hosts") ||
                           is_at(mount, "/etc/resolv.conf");
    return is_the_runtimes && !is_pod ? id_of_file(mount->root) : cotel_str_n(NULL, 0);
}

cotel_str ct_container_id_of_mountinfo(cotel_str text)
{
    bool is_pod = is_of_a_pod(text);
    while (text.size != 0) {
        struct mount mount = parse_mount(ct_take_until(&text, '\n'));
        cotel_str id = id_of_mount(&mount, is_pod);
        if (id.size != 0)
            return id;
    }
    return cotel_str_n(NULL, 0);
}

/* ---- both ----------------------------------------------------------------------------------- */

static bool find(const char *folder, const char *file, size_t max_size, cotel_str (*of)(cotel_str),
                 char out[CT_CONTAINER_ID_SIZE])
{
    char path[PATH_SIZE];
    struct ct_buffer text = CT_BUFFER_INIT;
    cotel_str id = cotel_str_n(NULL, 0);
    if ((size_t)snprintf(path, sizeof path, "%s/%s", folder, file) < sizeof path &&
        ct_read_file(path, max_size, &text))
        id = of(cotel_str_n((const char *)text.data, text.size));
    if (id.size != 0) {
        memcpy(out, id.data, id.size);
        out[id.size] = '\0';
    }
    ct_buffer_fini(&text);
    return id.size != 0;
}

bool ct_container_id(const char *folder, char out[CT_CONTAINER_ID_SIZE])
{
    return find(folder, "cgroup", CGROUP_MAX_SIZE, ct_container_id_of_cgroup, out) ||
           find(folder, "mountinfo", MOUNTINFO_MAX_SIZE, ct_container_id_of_mountinfo, out);
}
