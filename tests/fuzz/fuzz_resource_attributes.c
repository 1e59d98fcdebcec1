/* SPDX-License-Identifier: Apache-2.0 */
/* Any text as OTEL_RESOURCE_ATTRIBUTES: a resource comes of it, with keys that are not empty. */
#include <cotel/sdk/resource.h>

#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = malloc(size + 1);
    MUST(text);
    if (size > 0)
        memcpy(text, data, size);
    text[size] = '\0';
    MUST(setenv("OTEL_RESOURCE_ATTRIBUTES", text, 1) == 0);
    free(text);

    cotel_resource *resource = NULL;
    MUST(cotel_resource_detect(COTEL_DETECT_ENVIRONMENT, &resource) == COTEL_STATUS_OK);
    size_t count;
    const cotel_attribute *attributes = cotel_resource_attributes(resource, &count);
    for (size_t i = 0; i < count; i++) {
        cotel_value value;
        MUST(attributes[i].key.size > 0);
        MUST(cotel_resource_get(resource, attributes[i].key, &value));
    }
    cotel_resource_unref(resource);
    return 0;
}
