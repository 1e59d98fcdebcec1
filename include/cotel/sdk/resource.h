/* SPDX-License-Identifier: Apache-2.0 */
/** @file resource.h
 *  Who reports: the service, the process, the host.
 *
 *  A resource is immutable and counted; it keeps its OTLP bytes, encoded once.
 *
 *  Implements: resource/sdk.md of the specification.
 */
#ifndef COTEL_SDK_RESOURCE_H
#define COTEL_SDK_RESOURCE_H

#include <cotel/attribute.h>
#include <cotel/status.h>
#include <cotel/visibility.h>

COTEL_BEGIN_DECLS

typedef struct cotel_resource cotel_resource;

/** A resource of these attributes; of equal keys the last one is kept. Nothing is added.
 *  @param schema_url NULL: none.
 *  @param out        gets a new reference, yours to unref; untouched on failure.
 *  @return OK, INVALID_ARGUMENT (an empty key, out is NULL), OUT_OF_MEMORY.
 *  Any thread; never blocks. Since 0.1. */
COTEL_API cotel_status cotel_resource_create(const cotel_attribute *attributes, size_t count,
                                             const char *schema_url,
                                             cotel_resource **out) COTEL_MUST_CHECK;

/** A resource with the attributes of both; where both have a key, `updating` wins. The schema url
 *  is the one that is set; of two that differ, the result has none and diagnostics says so.
 *  @return OK, INVALID_ARGUMENT, OUT_OF_MEMORY. Any thread; never blocks. Since 0.1. */
COTEL_API cotel_status cotel_resource_merge(const cotel_resource *old,
                                            const cotel_resource *updating,
                                            cotel_resource **out) COTEL_MUST_CHECK;

/** What cotel_resource_detect() looks up. */
#define COTEL_DETECT_SERVICE 0x01u /**< service.name, service.instance.id (random) */
#define COTEL_DETECT_SDK 0x02u     /**< telemetry.sdk.{name,language,version} */
#define COTEL_DETECT_PROCESS 0x04u /**< process.pid, .executable.name/.path, .owner */
#define COTEL_DETECT_HOST 0x08u    /**< host.name, .arch, .id, os.type, .version, .description */
#define COTEL_DETECT_ENVIRONMENT 0x10u /**< OTEL_RESOURCE_ATTRIBUTES, OTEL_SERVICE_NAME */
#define COTEL_DETECT_COMMAND 0x20u     /**< process.command_args; may hold secrets, so not in ALL */
#define COTEL_DETECT_ALL 0x1fu

/** What can be found out about this process, by COTEL_DETECT_* bits; later ones win over earlier
 *  ones, so the environment over all. service.name defaults to `unknown_service:` and the name of
 *  the executable.
 *  @return OK, INVALID_ARGUMENT, OUT_OF_MEMORY. Reads files under /proc and /etc, nothing else.
 *  Any thread. Since 0.1. */
COTEL_API cotel_status cotel_resource_detect(uint32_t what, cotel_resource **out) COTEL_MUST_CHECK;

/** One attribute by key, as a value that is borrowed as long as the resource.
 *  @return false when there is none. Any thread; never blocks. Since 0.1. */
COTEL_API bool cotel_resource_get(const cotel_resource *resource, cotel_str key, cotel_value *out);

/** The attributes, in an order of cotel's own; borrowed. Any thread. Since 0.1. */
COTEL_API const cotel_attribute *cotel_resource_attributes(const cotel_resource *resource,
                                                           size_t *count);

/** The schema url; empty when there is none. Borrowed. Since 0.1. */
COTEL_API cotel_str cotel_resource_schema_url(const cotel_resource *resource);

/** The resource as an encoded opentelemetry.proto.resource.v1.Resource message; borrowed.
 *  Any thread. Since 0.1. */
COTEL_API cotel_str cotel_resource_encoded(const cotel_resource *resource);

/** One reference more; returns its argument. Takes NULL. Any thread. Since 0.1. */
COTEL_API cotel_resource *cotel_resource_ref(cotel_resource *resource);

/** One reference less; the last one frees it. Takes NULL. Any thread. Since 0.1. */
COTEL_API void cotel_resource_unref(cotel_resource *resource);

COTEL_END_DECLS

#endif
