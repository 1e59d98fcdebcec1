/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <pwd.h>
#include <stdio.h>
#include <unistd.h>

#include "sdk/resource/detect.h"
#include "sdk/resource/executable.h"
#include "sdk/resource/process_start.h"

/* Longer lines of /etc/passwd are passed over. */
#define PASSWD_LINE_MAX 1024

static bool next_entry(FILE *passwd, struct passwd *entry, char line[PASSWD_LINE_MAX])
{
    struct passwd *found = NULL;
    int error;
    do
        error = fgetpwent_r(passwd, entry, line, PASSWD_LINE_MAX, &found);
    while (error == ERANGE);
    return error == 0 && found;
}

/* From the file alone: getpwuid() may ask a directory server over the network. */
static void add_owner(struct ct_attribute_list *list)
{
    FILE *passwd = fopen("/etc/passwd", "re");
    if (!passwd)
        return;
    uid_t self = geteuid();
    struct passwd entry;
    char line[PASSWD_LINE_MAX];
    while (next_entry(passwd, &entry, line)) {
        if (entry.pw_uid != self)
            continue;
        ct_attribute_list_add(list, cotel_attribute_string("process.owner", entry.pw_name));
        break;
    }
    (void)fclose(passwd);
}

/* Of no entity: the one of the conventions, process.executable, is identified by a hash of the
 * file. */
static void add_executable(struct ct_attribute_list *list)
{
    char buffer[CT_EXECUTABLE_PATH_MAX];
    cotel_str path = ct_executable_path(buffer);
    if (path.size == 0)
        return;
    cotel_value name = cotel_value_string(ct_executable_name(path));
    ct_attribute_list_add(list, cotel_attribute_of("process.executable.name", name));
    ct_attribute_list_add(list,
                          cotel_attribute_of("process.executable.path", cotel_value_string(path)));
}

void ct_detect_process(struct ct_findings *findings)
{
    struct ct_found_entity process = CT_ENTITY("process", 2);
    char start[CT_PROCESS_START_SIZE];
    ct_attribute_list_add(&process.id, cotel_attribute_int("process.pid", getpid()));
    if (ct_process_start(start))
        ct_attribute_list_add(&process.id, cotel_attribute_string("process.creation.time", start));
    add_owner(&process.description);
    ct_findings_add(findings, &process);

    add_executable(&findings->loose);
    findings->loose_have_schema = true;
}
