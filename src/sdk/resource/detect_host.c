/* SPDX-License-Identifier: Apache-2.0 */
#include <sys/utsname.h>

#include "sdk/resource/detect.h"
#include "sdk/resource/os_release.h"
#include "sdk/resource/read_file.h"

#define MACHINE_ID_MAX_SIZE 256
#define OS_RELEASE_MAX_SIZE (64u << 10)

/* What the conventions call the machines that the kernel names; another keeps its name. */
static const struct {
    const char *machine;
    const char *arch;
} architectures[] = {
    {"x86_64", "amd64"}, {"aarch64", "arm64"}, {"i386", "x86"},      {"i486", "x86"},
    {"i586", "x86"},     {"i686", "x86"},      {"armv6l", "arm32"},  {"armv7l", "arm32"},
    {"armv8l", "arm32"}, {"ppc", "ppc32"},     {"ppc64le", "ppc64"},
};

static const char *architecture_of(const char *machine)
{
    for (size_t i = 0; i < sizeof architectures / sizeof *architectures; i++) {
        if (strcmp(architectures[i].machine, machine) == 0)
            return architectures[i].arch;
    }
    return machine;
}

static void add_text(struct ct_attribute_list *list, const char *key, cotel_str text)
{
    if (text.size != 0)
        ct_attribute_list_add(list, cotel_attribute_of(key, cotel_value_string(text)));
}

static bool add_first_line(struct ct_attribute_list *list, const char *key, const char *path)
{
    struct ct_buffer file = CT_BUFFER_INIT;
    size_t before = list->count;
    if (ct_read_file(path, MACHINE_ID_MAX_SIZE, &file) && file.size != 0) {
        const char *line_end = memchr(file.data, '\n', file.size);
        size_t size = line_end ? (size_t)(line_end - (const char *)file.data) : file.size;
        add_text(list, key, cotel_str_n((const char *)file.data, size));
    }
    ct_buffer_fini(&file);
    return list->count > before;
}

/* In the order of the conventions. */
static void add_machine_id(struct ct_attribute_list *list)
{
    if (!add_first_line(list, "host.id", "/etc/machine-id"))
        (void)add_first_line(list, "host.id", "/var/lib/dbus/machine-id");
}

static void add_os_description(struct ct_attribute_list *list)
{
    struct ct_buffer file = CT_BUFFER_INIT;
    if (ct_read_file("/etc/os-release", OS_RELEASE_MAX_SIZE, &file) && file.size != 0)
        add_text(list, "os.description",
                 ct_os_release_get((char *)file.data, file.size, "PRETTY_NAME"));
    ct_buffer_fini(&file);
}

void ct_detect_host(struct ct_findings *findings)
{
    struct ct_found_entity host = CT_ENTITY("host", 1), os = CT_ENTITY("os", 1);
    struct utsname system;
    if (uname(&system) == 0) {
        add_text(&host.description, "host.name", cotel_str_of(system.nodename));
        add_text(&host.description, "host.arch", cotel_str_of(architecture_of(system.machine)));
        add_text(&os.description, "os.version", cotel_str_of(system.release));
    }
    add_machine_id(&host.id);
    ct_findings_add(findings, &host);

    ct_attribute_list_add(&os.id, cotel_attribute_string("os.type", "linux"));
    add_os_description(&os.description);
    ct_findings_add(findings, &os);
}
