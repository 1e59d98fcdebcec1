/* SPDX-License-Identifier: Apache-2.0 */
#include "sdk/resource/detect.h"

#include "sdk/resource/resource.h"

/* In this order: of equal keys the last one is kept, so what the environment says wins. */
static const struct detector {
    uint32_t bit;
    void (*detect)(struct ct_attribute_list *list);
} detectors[] = {
    {COTEL_DETECT_SERVICE, ct_detect_service}, {COTEL_DETECT_SDK, ct_detect_sdk},
    {COTEL_DETECT_PROCESS, ct_detect_process}, {COTEL_DETECT_HOST, ct_detect_host},
    {COTEL_DETECT_COMMAND, ct_detect_command}, {COTEL_DETECT_ENVIRONMENT, ct_detect_environment},
};

cotel_status cotel_resource_detect(uint32_t what, cotel_resource **out)
{
    if (!out || (what & ~(COTEL_DETECT_ALL | COTEL_DETECT_COMMAND)))
        return COTEL_STATUS_INVALID_ARGUMENT;
    struct ct_attribute_list list = {.items = NULL};
    for (size_t i = 0; i < sizeof detectors / sizeof *detectors; i++) {
        if (what & detectors[i].bit)
            detectors[i].detect(&list);
    }
    /* The names in the environment are somebody else's choice. */
    bool is_ours = what & ~COTEL_DETECT_ENVIRONMENT;
    cotel_status status = COTEL_STATUS_OUT_OF_MEMORY;
    if (!list.failed)
        status = ct_resource_build(list.items, list.count,
                                   cotel_str_of(is_ours ? CT_SCHEMA_URL : NULL), out);
    ct_attribute_list_fini(&list);
    return status;
}
