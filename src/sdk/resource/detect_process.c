/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <pwd.h>
#include <stdio.h>
#include <unistd.h>

#include "sdk/resource/detect.h"
#include "sdk/resource/executable.h"

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

void ct_detect_process(struct ct_attribute_list *list)
{
    ct_attribute_list_add(list, cotel_attribute_int("process.pid", getpid()));
    char buffer[CT_EXECUTABLE_PATH_MAX];
    cotel_str path = ct_executable_path(buffer);
    if (path.size != 0) {
        cotel_value name = cotel_value_string(ct_executable_name(path));
        ct_attribute_list_add(list, cotel_attribute_of("process.executable.name", name));
        ct_attribute_list_add(
            list, cotel_attribute_of("process.executable.path", cotel_value_string(path)));
    }
    add_owner(list);
}
