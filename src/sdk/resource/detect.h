/* SPDX-License-Identifier: Apache-2.0 */
/* The detectors: each adds what it can find out, by the names of the semantic conventions, and
 * leaves out what it cannot. */
#ifndef COTEL_SRC_SDK_RESOURCE_DETECT_H
#define COTEL_SRC_SDK_RESOURCE_DETECT_H

#include "sdk/resource/attribute_list.h"

/* Of the semantic conventions whose names the detectors use. */
#define CT_SCHEMA_URL "https://opentelemetry.io/schemas/1.44.0"

void ct_detect_service(struct ct_attribute_list *list);
void ct_detect_sdk(struct ct_attribute_list *list);
void ct_detect_process(struct ct_attribute_list *list);
void ct_detect_host(struct ct_attribute_list *list);
void ct_detect_command(struct ct_attribute_list *list);
void ct_detect_environment(struct ct_attribute_list *list);

#endif
