/* SPDX-License-Identifier: Apache-2.0 */
/* Making resources inside the SDK. */
#ifndef COTEL_SRC_SDK_RESOURCE_RESOURCE_H
#define COTEL_SRC_SDK_RESOURCE_RESOURCE_H

#include <cotel/sdk/resource.h>

/* What a resource is made of. */
struct ct_resource_parts {
    const cotel_attribute *loose; /* which belong to no entity */
    size_t loose_count;
    const cotel_entity *entities; /* highest priority first */
    size_t entity_count;
    cotel_str schema_url;
};

struct ct_resource_parts ct_resource_parts(const cotel_resource *resource);

/* A resource of just these parts. Of loose attributes with equal keys the last one is kept; all
 * that entities have is valid and, over all of them and the loose ones, unique. */
cotel_status ct_resource_assemble(const struct ct_resource_parts *parts, cotel_resource **out);

/* As cotel_resource_create_with_entities(), but attributes with empty keys, and entities that have
 * no type or no id, are left out. */
cotel_status ct_resource_compose(const struct ct_resource_parts *parts, cotel_resource **out);

/* As cotel_resource_merge(), of parts that could be a resource's; but the entities of `updating`
 * may have keys in common. */
cotel_status ct_resource_merge_parts(const struct ct_resource_parts *old,
                                     const struct ct_resource_parts *updating,
                                     cotel_resource **out);

/* The same resource with other values: those of `changes` that it has keys for, wherever they are.
 */
cotel_status ct_resource_with_values(const cotel_resource *resource, const cotel_attribute *changes,
                                     size_t count, cotel_resource **out);

/* The resource as a forked child has to report it: with a service.instance.id of its own and its
 * own process, each if there is one. A new reference; to the same resource when there is nothing to
 * change, or no memory. */
cotel_resource *ct_resource_with_new_instance(cotel_resource *resource);

/* The same in a forked child, and the same result for all who shared the resource: the providers of
 * a process stay one instance. Under the lock of ct_sdk_forked(). */
cotel_resource *ct_resource_of_child(cotel_resource *resource);

/* The resource with another service.name, which is that of its service entity if it has entities
 * at all. */
cotel_status ct_resource_with_service_name(const cotel_resource *resource, const char *name,
                                           cotel_resource **out);

#endif
