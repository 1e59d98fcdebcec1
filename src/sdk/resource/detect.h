/* SPDX-License-Identifier: Apache-2.0 */
/* The built-in detectors: each adds what it can find out, by the names of the semantic conventions,
 * and leaves out what it cannot. */
#ifndef COTEL_SRC_SDK_RESOURCE_DETECT_H
#define COTEL_SRC_SDK_RESOURCE_DETECT_H

#include "sdk/resource/findings.h"

#include <cotel/sdk/resource_detector.h>

void ct_detect_service(struct ct_findings *findings);
void ct_detect_sdk(struct ct_findings *findings);
void ct_detect_process(struct ct_findings *findings);
void ct_detect_host(struct ct_findings *findings);
void ct_detect_container(struct ct_findings *findings);
void ct_detect_command(struct ct_findings *findings);
void ct_detect_environment(struct ct_findings *findings);
void ct_detect_environment_entities(struct ct_findings *findings);

/* What a service is called when nobody has named it. */
void ct_detect_default_name(struct ct_findings *findings);

/* NULL when OTEL_SERVICE_NAME is not set; empty is not set. */
const char *ct_environment_service_name(void);

/* A detector of this folder, which has no destroy. */
struct ct_builtin_detector {
    cotel_resource_detector base;
    const char *name;
    uint32_t bit; /* of COTEL_DETECT_* */
    void (*find)(struct ct_findings *findings);
};

/* Those that come before and behind detectors of the program's own, each in the order in which
 * their resources are merged. */
extern struct ct_builtin_detector ct_builtins_before[], ct_builtins_behind[];
extern const size_t ct_builtins_before_count, ct_builtins_behind_count;

#endif
