/* SPDX-License-Identifier: Apache-2.0 */
/* Asks detectors, one by one, and merges what they say. */
#include "sdk/resource/detect.h"

#include <cotel/sdk/diagnostics.h>

#include "base/sized.h"
#include "sdk/resource/resource.h"

#define KNOWN_BITS (COTEL_DETECT_ALL | COTEL_DETECT_COMMAND)

#define COMPONENT "resource"

static bool can_detect(const cotel_resource_detector *detector)
{
    return detector && CT_HAS_OP(detector->ops, detect);
}

static const char *name_of(const cotel_resource_detector *detector)
{
    const char *name = CT_HAS_OP(detector->ops, name) ? detector->ops->name(detector) : NULL;
    return name ? name : "";
}

/* ---- one detector --------------------------------------------------------------------------- */

/* Replaces *sum, and takes `found` over; it may be NULL. */
static cotel_status add(cotel_resource **sum, cotel_resource *found)
{
    cotel_resource *merged = NULL;
    if (!found)
        return COTEL_STATUS_OK;
    cotel_status status = cotel_resource_merge(*sum, found, &merged);
    cotel_resource_unref(found);
    if (status != COTEL_STATUS_OK)
        return status;
    cotel_resource_unref(*sum);
    *sum = merged;
    return status;
}

/* *found gets NULL when there is nothing to tell, or the detector fails. */
static cotel_status ask(cotel_resource_detector *detector, cotel_resource **found)
{
    *found = NULL;
    cotel_status status = detector->ops->detect(detector, found);
    if (status == COTEL_STATUS_OK)
        return status;
    *found = NULL;
    cotel_diagnostics_report(COTEL_LOG_WARNING, COMPONENT, "the detector \"%s\" has failed: %s",
                             name_of(detector), cotel_status_text(status));
    return status;
}

/* ---- all of them ---------------------------------------------------------------------------- */

/* These fail for want of memory only. */
static cotel_status ask_builtins(struct ct_builtin_detector *builtins, size_t count, uint32_t what,
                                 cotel_resource **sum)
{
    cotel_status status = COTEL_STATUS_OK;
    for (size_t i = 0; i < count && status == COTEL_STATUS_OK; i++) {
        cotel_resource *found = NULL;
        if (what & builtins[i].bit)
            status = ask(&builtins[i].base, &found);
        if (status == COTEL_STATUS_OK)
            status = add(sum, found);
    }
    return status;
}

static bool is_known(const cotel_resource_detector *detector, uint32_t what,
                     cotel_resource_detector *const *detectors, size_t before)
{
    const char *name = name_of(detector);
    const struct ct_builtin_detector *builtin =
        (const struct ct_builtin_detector *)cotel_resource_detector_builtin(name);
    if (builtin && (what & builtin->bit))
        return true;
    for (size_t i = 0; *name && i < before; i++) {
        if (strcmp(name_of(detectors[i]), name) == 0)
            return true;
    }
    return false;
}

static cotel_status ask_own(uint32_t what, cotel_resource_detector *const *detectors, size_t count,
                            cotel_resource **sum)
{
    cotel_status status = COTEL_STATUS_OK;
    for (size_t i = 0; i < count && status == COTEL_STATUS_OK; i++) {
        if (is_known(detectors[i], what, detectors, i))
            cotel_diagnostics_report(COTEL_LOG_WARNING, COMPONENT,
                                     "there are two detectors named \"%s\"", name_of(detectors[i]));
        cotel_resource *found;
        (void)ask(detectors[i], &found);
        status = add(sum, found);
    }
    return status;
}

static cotel_status ask_all(uint32_t what, cotel_resource_detector *const *detectors, size_t count,
                            cotel_resource **sum)
{
    cotel_status status = ask_builtins(ct_builtins_before, ct_builtins_before_count, what, sum);
    if (status == COTEL_STATUS_OK)
        status = ask_own(what, detectors, count, sum);
    if (status == COTEL_STATUS_OK)
        status = ask_builtins(ct_builtins_behind, ct_builtins_behind_count, what, sum);
    return status;
}

cotel_status cotel_resource_detect_with(uint32_t what, cotel_resource_detector *const *detectors,
                                        size_t count, cotel_resource **out)
{
    if (!out || (what & ~(uint32_t)KNOWN_BITS))
        return COTEL_STATUS_INVALID_ARGUMENT;
    for (size_t i = 0; i < count; i++) {
        if (!detectors || !can_detect(detectors[i]))
            return COTEL_STATUS_INVALID_ARGUMENT;
    }
    cotel_resource *sum = NULL;
    cotel_status status = cotel_resource_create(NULL, 0, NULL, &sum);
    if (status == COTEL_STATUS_OK)
        status = ask_all(what, detectors, count, &sum);
    if (status == COTEL_STATUS_OK)
        *out = sum;
    else
        cotel_resource_unref(sum);
    return status;
}

cotel_status cotel_resource_detect(uint32_t what, cotel_resource **out)
{
    return cotel_resource_detect_with(what, NULL, 0, out);
}

void cotel_resource_detector_destroy(cotel_resource_detector *detector)
{
    if (detector && CT_HAS_OP(detector->ops, destroy))
        detector->ops->destroy(detector);
}
