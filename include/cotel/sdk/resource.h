/* SPDX-License-Identifier: Apache-2.0 */
/** @file resource.h
 *  Who reports: the service, the process, the host.
 *
 *  A resource is attributes, and entities: things that some of the attributes identify and
 *  describe. It is immutable and counted; it keeps its OTLP bytes, encoded once.
 *  <cotel/sdk/resource_detector.h> finds out what there is to say.
 *
 *  Implements: resource/sdk.md, resource/data-model.md and entities/data-model.md of the
 *  specification. Entities are in development there and may change.
 */
#ifndef COTEL_SDK_RESOURCE_H
#define COTEL_SDK_RESOURCE_H

#include <cotel/attribute.h>
#include <cotel/status.h>
#include <cotel/visibility.h>

COTEL_BEGIN_DECLS

typedef struct cotel_resource cotel_resource;

/** A thing that telemetry is about: a service, a host, a container. A plain value that borrows what
 *  it points to. No two entities of a resource have a type or a key in common. */
typedef struct cotel_entity {
    cotel_str type;       /**< such as "host"; never empty */
    cotel_str schema_url; /**< empty: none */
    /** What tells it from others of its type: at least one. Values count with their type. */
    const cotel_attribute *id;
    size_t id_count;
    /** What else is known of it; keys that are in `id` are left out. */
    const cotel_attribute *description;
    size_t description_count;
} cotel_entity;

/** A resource of these attributes; of equal keys the last one is kept. Nothing is added.
 *  @param schema_url NULL: none.
 *  @param out        gets a new reference, yours to unref; untouched on failure.
 *  @return OK, INVALID_ARGUMENT (an empty key, out is NULL), OUT_OF_MEMORY.
 *  Any thread; never blocks. Since 0.1. */
COTEL_API cotel_status cotel_resource_create(const cotel_attribute *attributes, size_t count,
                                             const char *schema_url,
                                             cotel_resource **out) COTEL_MUST_CHECK;

/** The same with entities: as if a resource of the attributes were merged with one of the entities,
 *  which come in the order of their priority, highest first.
 *  @return OK, INVALID_ARGUMENT (an empty key, an entity without type or id, out is NULL),
 *          OUT_OF_MEMORY. Any thread; never blocks. Since 0.1. */
COTEL_API cotel_status cotel_resource_create_with_entities(const cotel_attribute *attributes,
                                                           size_t count, const char *schema_url,
                                                           const cotel_entity *entities,
                                                           size_t entity_count,
                                                           cotel_resource **out) COTEL_MUST_CHECK;

/** A resource with what both say.
 *
 *  Attributes: where both have a key, `updating` wins. The schema url is the one that is set; of
 *  two that differ, the result has none and diagnostics says so.
 *
 *  Where there are entities, the first to come keeps its place:
 *  - an entity of `updating` with the type, schema url and id of one of `old` adds its description,
 *    which wins; with the type alone in common, it is left out;
 *  - of two entities that share a key, the later one is left out with all its attributes;
 *  - an attribute that no entity has gives way to an entity of `updating` with that key;
 *  - an attribute of `updating` that no entity has takes the entity of `old` with that key away: if
 *    it identified the entity then with all its attributes, else they stay, as nobody's;
 *  - the schema url is the one that all entities have, else none.
 *  What is left out so is told to diagnostics, as information.
 *  @return OK, INVALID_ARGUMENT, OUT_OF_MEMORY. Any thread; never blocks. Since 0.1. */
COTEL_API cotel_status cotel_resource_merge(const cotel_resource *old,
                                            const cotel_resource *updating,
                                            cotel_resource **out) COTEL_MUST_CHECK;

/** What cotel_resource_detect() looks up. */
/** service.name (OTEL_SERVICE_NAME, or a default), service.instance.id (random) */
#define COTEL_DETECT_SERVICE 0x01u
#define COTEL_DETECT_SDK 0x02u     /**< telemetry.sdk.{name,language,version} */
#define COTEL_DETECT_PROCESS 0x04u /**< process.pid, .creation.time, .executable.*, .owner */
#define COTEL_DETECT_HOST 0x08u    /**< host.name, .arch, .id, os.type, .version, .description */
/** OTEL_RESOURCE_ATTRIBUTES, OTEL_ENTITIES, OTEL_SERVICE_NAME */
#define COTEL_DETECT_ENVIRONMENT 0x10u
#define COTEL_DETECT_COMMAND 0x20u   /**< process.command_args; may hold secrets, so not in ALL */
#define COTEL_DETECT_CONTAINER 0x40u /**< container.id, when the process is in a container */
#define COTEL_DETECT_ALL 0x5fu

/** What can be found out about this process, by COTEL_DETECT_* bits; as
 *  cotel_resource_detect_with() without detectors of the program's own. The environment wins over
 *  all; service.name defaults to `unknown_service:` and the name of the executable.
 *  @return OK, INVALID_ARGUMENT, OUT_OF_MEMORY. Reads files under /proc and /etc, nothing else.
 *  Any thread. Since 0.1. */
COTEL_API cotel_status cotel_resource_detect(uint32_t what, cotel_resource **out) COTEL_MUST_CHECK;

/** One attribute by key, as a value that is borrowed as long as the resource.
 *  @return false when there is none. Any thread; never blocks. Since 0.1. */
COTEL_API bool cotel_resource_get(const cotel_resource *resource, cotel_str key, cotel_value *out);

/** The attributes, those of entities too, in an order of cotel's own; borrowed. Any thread.
 *  Since 0.1. */
COTEL_API const cotel_attribute *cotel_resource_attributes(const cotel_resource *resource,
                                                           size_t *count);

/** The attributes that belong to no entity; borrowed. Any thread. Since 0.1. */
COTEL_API const cotel_attribute *cotel_resource_loose_attributes(const cotel_resource *resource,
                                                                 size_t *count);

/** The entities, highest priority first; borrowed. Any thread. Since 0.1. */
COTEL_API const cotel_entity *cotel_resource_entities(const cotel_resource *resource,
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
