/* SPDX-License-Identifier: Apache-2.0 */
#include "sdk/resource/detect.h"
#include "sdk/resource/executable.h"
#include "sdk/resource/instance_id.h"

#define UNKNOWN "unknown_service"

void ct_detect_service(struct ct_attribute_list *list)
{
    char path[CT_EXECUTABLE_PATH_MAX];
    cotel_str exe = ct_executable_name(ct_executable_path(path));
    char name[sizeof UNKNOWN ":" + CT_EXECUTABLE_PATH_MAX] = UNKNOWN;
    if (exe.size != 0) {
        memcpy(name, UNKNOWN ":", sizeof UNKNOWN);
        memcpy(name + sizeof UNKNOWN, exe.data, exe.size);
        name[sizeof UNKNOWN + exe.size] = '\0';
    }
    ct_attribute_list_add(list, cotel_attribute_string("service.name", name));

    char id[CT_INSTANCE_ID_SIZE];
    ct_instance_id_generate(id);
    ct_attribute_list_add(list, cotel_attribute_string("service.instance.id", id));
}
