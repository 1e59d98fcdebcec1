/* SPDX-License-Identifier: Apache-2.0 */
#include <unistd.h>

#include "sdk/resource/instance_id.h"
#include "sdk/resource/process_start.h"
#include "sdk/resource/resource.h"

#define MOST_CHANGES 3

/* Adds `attribute` to what is to be changed, if the resource has one of that key and kind. */
static size_t add_change(const cotel_resource *resource, cotel_attribute attribute,
                         cotel_attribute *changes, size_t count)
{
    cotel_value value;
    if (!cotel_resource_get(resource, attribute.key, &value) || value.type != attribute.value.type)
        return count;
    changes[count] = attribute;
    return count + 1;
}

cotel_resource *ct_resource_with_new_instance(cotel_resource *resource)
{
    char id[CT_INSTANCE_ID_SIZE], start[CT_PROCESS_START_SIZE];
    ct_instance_id_generate(id);
    cotel_attribute changes[MOST_CHANGES];
    size_t count = 0;
    count = add_change(resource, cotel_attribute_string("service.instance.id", id), changes, count);
    count = add_change(resource, cotel_attribute_int("process.pid", getpid()), changes, count);
    if (ct_process_start(start))
        count = add_change(resource, cotel_attribute_string("process.creation.time", start),
                           changes, count);
    cotel_resource *renewed = NULL;
    if (count == 0 ||
        ct_resource_with_values(resource, changes, count, &renewed) != COTEL_STATUS_OK)
        return cotel_resource_ref(resource);
    return renewed;
}
