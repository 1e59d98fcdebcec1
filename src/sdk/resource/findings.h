/* SPDX-License-Identifier: Apache-2.0 */
/* What a detector has found out, while it is being collected. Failure sticks: after one allocation
 * that failed the findings come to nothing, and who makes a resource of them is told then. */
#ifndef COTEL_SRC_SDK_RESOURCE_FINDINGS_H
#define COTEL_SRC_SDK_RESOURCE_FINDINGS_H

#include "sdk/resource/attribute_list.h"

#include <cotel/sdk/resource.h>

/* Of the semantic conventions whose names the detectors use. */
#define CT_SCHEMA_URL "https://opentelemetry.io/schemas/1.44.0"

struct ct_found_entity {
    cotel_str type, schema_url;
    size_t id_keys; /* as many as it takes: with fewer, all that was found is nobody's */
    struct ct_attribute_list id, description;
};

/* One of the conventions, such as CT_ENTITY("host", 1). */
#define CT_ENTITY(name, keys)                                                          \
    ((struct ct_found_entity){.type = {name, sizeof(name) - 1},                        \
                              .schema_url = {CT_SCHEMA_URL, sizeof CT_SCHEMA_URL - 1}, \
                              .id_keys = (keys)})

/* All zeros: nothing. */
struct ct_findings {
    struct ct_attribute_list loose; /* of no entity */
    bool loose_have_schema;         /* their names are those of the conventions too */
    struct ct_found_entity *entities;
    size_t count, capacity;
    bool failed;
};

void ct_findings_fini(struct ct_findings *findings);

/* Takes over what has been collected in `entity`; its texts must live as long as the findings. */
void ct_findings_add(struct ct_findings *findings, struct ct_found_entity *entity);

/* Forgets one, and keeps the order of the others. */
void ct_findings_remove(struct ct_findings *findings, size_t index);

cotel_status ct_findings_build(const struct ct_findings *findings, cotel_resource **out);

#endif
