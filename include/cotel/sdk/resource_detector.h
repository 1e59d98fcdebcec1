/* SPDX-License-Identifier: Apache-2.0 */
/** @file resource_detector.h
 *  Finding out who reports, with detectors of the program's own too.
 *
 *      struct rack { cotel_resource_detector base; ... };
 *      ...
 *      cotel_resource_detector *mine[] = {&rack.base};
 *      cotel_resource_detect_with(COTEL_DETECT_ALL, mine, 1, &options.provider.resource);
 *
 *  A detector is asked while the program starts: it should be quick, and must not wait for the
 *  network. The built-in ones read files under /proc and /etc, and the environment.
 *
 *  Implements: resource/sdk.md "Detecting resource information from the environment" and "Resource
 *  detector name"; entities/entity-propagation.md.
 */
#ifndef COTEL_SDK_RESOURCE_DETECTOR_H
#define COTEL_SDK_RESOURCE_DETECTOR_H

#include <cotel/sdk/resource.h>

COTEL_BEGIN_DECLS

/** Implementers put this struct first into their own. */
typedef struct cotel_resource_detector {
    const struct cotel_resource_detector_ops *ops;
} cotel_resource_detector;

/** What a detector does. */
typedef struct cotel_resource_detector_ops {
    size_t size; /**< sizeof of this struct */
    /** Its name in configuration: unique, lower case letters, digits and `_`, after the root of the
     *  names that it detects, such as "gcp". As long-lived as the detector. NULL: it has none. */
    const char *(*name)(const cotel_resource_detector *self);
    /** Sets *out, which comes as NULL, to a new reference that passes to the caller; with a schema
     *  url if it names attributes by a schema. Leaving it NULL: there is nothing to tell, which is
     *  no failure. Any other status than OK is a failure: what *out has is then not used. On the
     *  thread that detects, one call at a time unless several threads detect. */
    cotel_status (*detect)(cotel_resource_detector *self, cotel_resource **out);
    /** Frees it; NULL: nothing to free. Called once, by its owner. */
    void (*destroy)(cotel_resource_detector *self);
} cotel_resource_detector_ops;

/** What can be found out about this process. Merged, as cotel_resource_merge() does, in this order:
 *  the default of service.name, OTEL_ENTITIES, the built-in detectors of the COTEL_DETECT_* bits,
 *  the `detectors` one by one, OTEL_RESOURCE_ATTRIBUTES. So an attribute of a later detector wins,
 *  and an entity of an earlier one.
 *
 *  A detector that fails is told to diagnostics, as are two of one name, and adds nothing; the
 *  others still count. Detectors whose schema urls differ leave a resource without one.
 *  @param detectors borrowed for the call: they stay the caller's.
 *  @return OK, INVALID_ARGUMENT (an unknown bit, detectors without `detect`, out is NULL),
 *          OUT_OF_MEMORY. Blocks as long as the detectors do. Any thread. Since 0.1. */
COTEL_API cotel_status cotel_resource_detect_with(uint32_t what,
                                                  cotel_resource_detector *const *detectors,
                                                  size_t count,
                                                  cotel_resource **out) COTEL_MUST_CHECK;

/** A built-in detector by name, for an order of one's own (with `what` 0 above):
 *  - "service": service.name if OTEL_SERVICE_NAME has it, service.instance.id (random),
 *  - "host": host.*, os.*,
 *  - "process": process.*,
 *  - "container": container.id,
 *  - "telemetry_sdk": telemetry.sdk.*,
 *  - "command": process.command_args, which may hold secrets,
 *  - "environment": OTEL_RESOURCE_ATTRIBUTES, OTEL_SERVICE_NAME,
 *  - "environment_entities": OTEL_ENTITIES, where OTEL_SERVICE_NAME names the service.
 *  Static: destroying it does nothing.
 *  @return NULL when there is none of that name. Any thread; never blocks. Since 0.1. */
COTEL_API cotel_resource_detector *cotel_resource_detector_builtin(const char *name);

/** Destroys a detector. Takes NULL. Since 0.1. */
COTEL_API void cotel_resource_detector_destroy(cotel_resource_detector *detector);

COTEL_END_DECLS

#endif
