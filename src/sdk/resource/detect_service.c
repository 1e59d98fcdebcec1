/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "sdk/resource/detect.h"
#include "sdk/resource/executable.h"
#include "sdk/resource/instance_id.h"

#define UNKNOWN "unknown_service"

const char *ct_environment_service_name(void)
{
    const char *name = getenv("OTEL_SERVICE_NAME");
    return name && *name ? name : NULL;
}

void ct_detect_service(struct ct_findings *findings)
{
    const char *name = ct_environment_service_name();
    struct ct_found_entity service = CT_ENTITY("service", 1);
    if (name)
        ct_attribute_list_add(&service.id, cotel_attribute_string("service.name", name));
    ct_findings_add(findings, &service);

    char id[CT_INSTANCE_ID_SIZE];
    ct_instance_id_generate(id);
    struct ct_found_entity instance = CT_ENTITY("service.instance", 1);
    ct_attribute_list_add(&instance.id, cotel_attribute_string("service.instance.id", id));
    ct_findings_add(findings, &instance);
}

/* Of no entity: it is a name that many services have. */
void ct_detect_default_name(struct ct_findings *findings)
{
    char path[CT_EXECUTABLE_PATH_MAX];
    cotel_str exe = ct_executable_name(ct_executable_path(path));
    char name[sizeof UNKNOWN ":" + CT_EXECUTABLE_PATH_MAX] = UNKNOWN;
    if (exe.size != 0) {
        memcpy(name, UNKNOWN ":", sizeof UNKNOWN);
        memcpy(name + sizeof UNKNOWN, exe.data, exe.size);
        name[sizeof UNKNOWN + exe.size] = '\0';
    }
    ct_attribute_list_add(&findings->loose, cotel_attribute_string("service.name", name));
    findings->loose_have_schema = true;
}
