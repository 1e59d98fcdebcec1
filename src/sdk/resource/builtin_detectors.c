/* SPDX-License-Identifier: Apache-2.0 */
#include "sdk/resource/detect.h"

static const char *name_of(const cotel_resource_detector *self)
{
    return ((const struct ct_builtin_detector *)self)->name;
}

static cotel_status detect(cotel_resource_detector *self, cotel_resource **out)
{
    struct ct_findings findings = {.entities = NULL};
    ((const struct ct_builtin_detector *)self)->find(&findings);
    cotel_status status = ct_findings_build(&findings, out);
    ct_findings_fini(&findings);
    return status;
}

static const cotel_resource_detector_ops ops = {sizeof ops, name_of, detect, NULL};

#define BUILTIN(name, bit, find)    \
    {                               \
        {&ops}, (name), (bit), find \
    }

/* An entity of an earlier one keeps its place: so that of the environment comes first. An attribute
 * without an entity takes one away: so the default name comes even before that. */
struct ct_builtin_detector ct_builtins_before[] = {
    BUILTIN(NULL, COTEL_DETECT_SERVICE, ct_detect_default_name),
    BUILTIN("environment_entities", COTEL_DETECT_ENVIRONMENT, ct_detect_environment_entities),
    BUILTIN("service", COTEL_DETECT_SERVICE, ct_detect_service),
    BUILTIN("telemetry_sdk", COTEL_DETECT_SDK, ct_detect_sdk),
    BUILTIN("process", COTEL_DETECT_PROCESS, ct_detect_process),
    BUILTIN("host", COTEL_DETECT_HOST, ct_detect_host),
    BUILTIN("container", COTEL_DETECT_CONTAINER, ct_detect_container),
    BUILTIN("command", COTEL_DETECT_COMMAND, ct_detect_command),
};
const size_t ct_builtins_before_count = sizeof ct_builtins_before / sizeof *ct_builtins_before;

struct ct_builtin_detector ct_builtins_behind[] = {
    BUILTIN("environment", COTEL_DETECT_ENVIRONMENT, ct_detect_environment),
};
const size_t ct_builtins_behind_count = sizeof ct_builtins_behind / sizeof *ct_builtins_behind;

static cotel_resource_detector *find(struct ct_builtin_detector *builtins, size_t count,
                                     const char *name)
{
    for (size_t i = 0; i < count; i++) {
        if (builtins[i].name && strcmp(builtins[i].name, name) == 0)
            return &builtins[i].base;
    }
    return NULL;
}

cotel_resource_detector *cotel_resource_detector_builtin(const char *name)
{
    if (!name)
        return NULL;
    cotel_resource_detector *found = find(ct_builtins_before, ct_builtins_before_count, name);
    return found ? found : find(ct_builtins_behind, ct_builtins_behind_count, name);
}
