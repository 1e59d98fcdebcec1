/* SPDX-License-Identifier: Apache-2.0 */
#include <cotel/version.h>

#include "sdk/resource/detect.h"

void ct_detect_sdk(struct ct_findings *findings)
{
    struct ct_found_entity sdk = CT_ENTITY("telemetry.sdk", 2);
    ct_attribute_list_add(&sdk.id, cotel_attribute_string("telemetry.sdk.name", "cotel"));
    ct_attribute_list_add(&sdk.id, cotel_attribute_string("telemetry.sdk.language", "c"));
    ct_attribute_list_add(&sdk.description,
                          cotel_attribute_string("telemetry.sdk.version", COTEL_VERSION));
    ct_findings_add(findings, &sdk);
}
