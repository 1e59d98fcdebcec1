/* SPDX-License-Identifier: Apache-2.0 */
/* Making resources inside the SDK. */
#ifndef COTEL_SRC_SDK_RESOURCE_RESOURCE_H
#define COTEL_SRC_SDK_RESOURCE_RESOURCE_H

#include <cotel/sdk/resource.h>

/* As cotel_resource_create(), but attributes with empty keys are left out. */
cotel_status ct_resource_build(const cotel_attribute *attributes, size_t count,
                               cotel_str schema_url, cotel_resource **out);

/* The resource as a forked child has to report it: with a service.instance.id of its own and its
 * own process.pid, each if there is one. A new reference; to the same resource when there is
 * nothing to change, or no memory. */
cotel_resource *ct_resource_with_new_instance(cotel_resource *resource);

#endif
