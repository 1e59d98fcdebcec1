/* SPDX-License-Identifier: Apache-2.0 */
#include <cotel/version.h>

#include "sdk/resource/detect.h"

void ct_detect_sdk(struct ct_attribute_list *list)
{
    ct_attribute_list_add(list, cotel_attribute_string("telemetry.sdk.name", "cotel"));
    ct_attribute_list_add(list, cotel_attribute_string("telemetry.sdk.language", "c"));
    ct_attribute_list_add(list, cotel_attribute_string("telemetry.sdk.version", COTEL_VERSION));
}
