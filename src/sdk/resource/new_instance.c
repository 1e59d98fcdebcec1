/* SPDX-License-Identifier: Apache-2.0 */
#include <unistd.h>

#include "base/fork.h"
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

cotel_resource *ct_resource_of_child(cotel_resource *resource)
{
    static cotel_resource *parents, *childs; /* the pair before; references, since pointers count */
    static uint32_t epoch;
    if (parents == resource && epoch == ct_fork_epoch())
        return cotel_resource_ref(childs);
    cotel_resource *renewed = ct_resource_with_new_instance(resource);
    if (renewed == NULL)
        return NULL;
    /* Those of an earlier process are left behind, as all that it had in use. */
    if (epoch == ct_fork_epoch()) {
        cotel_resource_unref(parents);
        cotel_resource_unref(childs);
    }
    parents = cotel_resource_ref(resource);
    childs = cotel_resource_ref(renewed);
    epoch = ct_fork_epoch();
    return renewed;
}
