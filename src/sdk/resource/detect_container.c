/* SPDX-License-Identifier: Apache-2.0 */
#include "sdk/resource/container_id.h"
#include "sdk/resource/detect.h"

void ct_detect_container(struct ct_findings *findings)
{
    struct ct_found_entity container = CT_ENTITY("container", 1);
    char id[CT_CONTAINER_ID_SIZE];
    if (!ct_container_id("/proc/self", id))
        return;
    ct_attribute_list_add(&container.id, cotel_attribute_string("container.id", id));
    ct_findings_add(findings, &container);
}
